//! What officers make of a finding: determined, supervised, rectified, confirmed, closed.

use gongxin_kernel::Post;
use gongxin_proto::supervision::v1::{Determination, FindingClueSent, FindingStage};
use gongxin_testkit::{officer, reason, until};
use jiff::SignedDuration;
use prost::Message as _;

use crate::house::{House, head, supervisor};

const RULE: &str = "supervision.rectification";

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_8_a_violation_is_rectified_in_time_confirmed_and_closed() {
    let house = House::open().await;
    let id = house.overdue_review().await;
    house.determine(&supervisor(), &id, Determination::Violation).await.unwrap();
    house.supervise(&supervisor(), &id, 72).await.unwrap();
    let finding = house.until_stage(&id, FindingStage::Supervised).await;
    let by = house.now() + SignedDuration::from_hours(72);
    assert_eq!(finding.rectify_by.unwrap().seconds, by.as_second());
    house.rectify(&head(), &id).await.unwrap();
    assert_eq!(house.deadline(&id, RULE).await.as_deref(), Some("met"));
    house.confirm(&supervisor(), &id).await.unwrap();
    house.close(&supervisor(), &id).await.unwrap();

    let finding = house.until_stage(&id, FindingStage::Closed).await;
    assert_eq!(finding.determination(), Determination::Violation);
    assert_eq!(finding.revision, 6);
    let officers: Vec<_> = finding
        .steps
        .iter()
        .map(|step| step.officer.as_ref().map_or("", |officer| officer.police_number.as_str()))
        .collect();
    assert_eq!(officers, ["", "619301", "619301", "619302", "619301", "619301"]);
    let subjects = [
        "finding.opened",
        "finding.determined",
        "finding.supervised",
        "finding.rectified",
        "finding.confirmed",
        "finding.closed",
    ];
    assert_eq!(house.subjects(&id).await, subjects);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lawful_matter_is_closed_with_its_reason_alone() {
    let house = House::open().await;
    let id = house.overdue_review().await;
    assert_eq!(reason(&house.close(&supervisor(), &id).await.unwrap_err()), "FINDING_STAGE");
    house.determine(&supervisor(), &id, Determination::Lawful).await.unwrap();
    let refused = house.supervise(&supervisor(), &id, 1).await.unwrap_err();
    assert_eq!(reason(&refused), "FINDING_STAGE");
    let refused = house.send_clue(&supervisor(), &id).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_A_VIOLATION");
    house.close(&supervisor(), &id).await.unwrap();
    let steps = house.until_stage(&id, FindingStage::Closed).await.steps;
    assert_eq!(steps.last().unwrap().text, "整改到位，予以办结。");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_does_not_rectify_is_reminded_and_may_still_do_it() {
    let house = House::open().await;
    let id = house.overdue_review().await;
    house.determine(&supervisor(), &id, Determination::Blemish).await.unwrap();
    house.supervise(&supervisor(), &id, 24).await.unwrap();
    house.pass(25);
    until(Some("finding.reminded".to_owned()), async || house.subjects(&id).await.pop()).await;
    house.rectify(&head(), &id).await.unwrap();
    assert_eq!(house.deadline(&id, RULE).await.as_deref(), Some("met_late"));

    // What was done is not enough: the unit gets another date.
    house.supervise(&supervisor(), &id, 24).await.unwrap();
    house.until_stage(&id, FindingStage::Supervised).await;
    house.rectify(&head(), &id).await.unwrap();
    house.confirm(&supervisor(), &id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_7_a_clue_is_sent_by_an_officer_once_and_names_no_person_concerned() {
    let house = House::open().await;
    let id = house.overdue_review().await;
    let refused = house.send_clue(&supervisor(), &id).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_A_VIOLATION");
    house.determine(&supervisor(), &id, Determination::Violation).await.unwrap();
    house.send_clue(&supervisor(), &id).await.unwrap();
    let refused = house.send_clue(&supervisor(), &id).await.unwrap_err();
    assert_eq!(reason(&refused), "CLUE_ALREADY_SENT");
    assert!(house.get(&id).await.unwrap().clue_sent);

    let data: Vec<u8> = sqlx::query_scalar(
        "select data from supervision.events where subject = 'finding.clue_sent'",
    )
    .fetch_one(&mut house.world().admin().await)
    .await
    .unwrap();
    let sent = FindingClueSent::decode(&*data).unwrap();
    let matter = sent.matter.unwrap();
    assert_eq!(matter.unit.unwrap().code, "619921010000");
    assert_eq!(sent.proposed_clause, "第十二条第一项");
    assert_eq!(sent.sent_by.unwrap().police_number, "619301");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_judges_the_own_unit_and_nobody_rectifies_for_another() {
    let house = House::open().await;
    let id = house.overdue_review().await;
    let insider = officer("619304", &[Post::SupervisionOfficer]);
    let refused = house.determine(&insider, &id, Determination::Lawful).await.unwrap_err();
    assert_eq!(reason(&refused), "FINDING_OF_OWN_UNIT");
    let refused = house.determine(&head(), &id, Determination::Lawful).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
    house.determine(&supervisor(), &id, Determination::Blemish).await.unwrap();
    house.supervise(&supervisor(), &id, 24).await.unwrap();
    let mut stranger = head();
    stranger.unit = "619921020000".parse().unwrap();
    let refused = house.rectify(&stranger, &id).await.unwrap_err();
    assert_eq!(reason(&refused), "FINDING_OF_OTHER_UNIT");
    house.rectify(&head(), &id).await.unwrap();
    let refused = house.confirm(&insider, &id).await.unwrap_err();
    assert_eq!(reason(&refused), "FINDING_OF_OWN_UNIT");
}
