//! A missing recording from the early warning to the end, while the clock jumps by days.

use gongxin_kernel::new_uuid;
use gongxin_proto::supervision::v1::{Determination, FindingKind, FindingStage};
use gongxin_testkit::{reason, until};
use jiff::SignedDuration;

use crate::house::{House, head, keeper, supervisor, unit};
use crate::recordings::interrogation;

const WAY: [&str; 9] = [
    "finding.opened",
    "finding.alarmed",
    "finding.determined",
    "finding.supervised",
    "finding.reminded",
    "finding.rectified",
    "finding.confirmed",
    "finding.clue_sent",
    "finding.closed",
];

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_8_a_missing_recording_goes_from_warning_to_confirmed_while_the_clock_jumps() {
    let house = House::open().await;
    let (case, suspect) = (house.case().await, new_uuid());
    let id = house.detain(case, suspect, house.now()).await;
    until(Some("running".to_owned()), async || {
        house.deadline(&id, "supervision.interrogation_recording").await
    })
    .await;

    // Before half the time there is nothing; then an early warning, which nobody can determine.
    assert_eq!(reason(&house.get(&id).await.unwrap_err()), "FINDING_NOT_FOUND");
    house.pass(13);
    let warned = house.until_stage(&id, FindingStage::Warned).await;
    assert_eq!(warned.kind(), FindingKind::RecordingMissing);
    assert_eq!(
        (warned.case_number.as_str(), warned.unit),
        ("A6199210100002026010001", Some(unit()))
    );
    let early = house.determine(&supervisor(), &id, Determination::Violation).await.unwrap_err();
    assert_eq!(reason(&early), "FINDING_STAGE");

    // Five days at once: an alarm, and one only.
    house.pass(5 * 24);
    house.until_stage(&id, FindingStage::Alarmed).await;
    house.determine(&supervisor(), &id, Determination::Violation).await.unwrap();
    house.supervise(&supervisor(), &id, 72).await.unwrap();
    house.until_stage(&id, FindingStage::Supervised).await;

    // Nine days at once: the unit is reminded, once, and does what it was told.
    house.pass(9 * 24);
    until(Some("finding.reminded".to_owned()), async || house.subjects(&id).await.pop()).await;
    let late = interrogation(case, suspect, house.now() - SignedDuration::from_hours(1));
    let call = house.deployment.call(&keeper(), late);
    house.api.clone().register_recording(call).await.unwrap();
    house.rectify(&head(), &id).await.unwrap();
    house.pass(30 * 24);
    house.confirm(&supervisor(), &id).await.unwrap();
    house.until_stage(&id, FindingStage::Confirmed).await;
    house.send_clue(&supervisor(), &id).await.unwrap();
    house.close(&supervisor(), &id).await.unwrap();
    house.until_stage(&id, FindingStage::Closed).await;
    assert_eq!(house.subjects(&id).await, WAY);
    assert_eq!(house.count("findings", case).await, 1);

    gongxin_testkit::conforms(&house.deployment, "supervision", &house.url).await;
}
