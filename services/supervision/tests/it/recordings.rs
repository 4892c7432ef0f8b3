//! The recording of the first interrogation after a detention: warned, alarmed, met.

use gongxin_kernel::new_uuid;
use gongxin_proto::supervision::v1::{
    DeviceKind, FindingKind, FindingStage, RecordedStage, RegisterRecordingRequest,
};
use gongxin_testkit::until;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::house::{House, fresh, keeper, supervisor, timestamp};

const RULE: &str = "supervision.interrogation_recording";

/// An interrogation of `suspect` that took the half hour before `ended_at`.
pub(crate) fn interrogation(
    case: Uuid,
    suspect: Uuid,
    ended_at: Timestamp,
) -> RegisterRecordingRequest {
    RegisterRecordingRequest {
        request_id: fresh(),
        case_id: case.to_string(),
        device: DeviceKind::InterrogationSystem.into(),
        stage: RecordedStage::Interrogation.into(),
        suspect_id: suspect.to_string(),
        police_number: "619002".into(),
        digest: "ab".repeat(32),
        began_at: Some(timestamp(ended_at - SignedDuration::from_mins(30))),
        ended_at: Some(timestamp(ended_at)),
    }
}

impl House {
    pub(crate) async fn record(&self, message: RegisterRecordingRequest) {
        let call = self.deployment.call(&keeper(), message);
        self.api.clone().register_recording(call).await.unwrap();
    }

    async fn until_deadline(&self, watch: &str, state: &str) {
        until(Some(state.to_owned()), || self.deadline(watch, RULE)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_2_a_missing_recording_is_warned_of_then_alarmed() {
    let house = House::open().await;
    let (case, suspect) = (house.case().await, new_uuid());
    let watch = house.detain(case, suspect, house.now()).await;
    house.until_deadline(&watch, "running").await;
    assert_eq!(house.count("findings", case).await, 0);
    house.pass(13);
    let warned = house.until_stage(&watch, FindingStage::Warned).await;
    assert_eq!(warned.kind(), FindingKind::RecordingMissing);
    house.pass(12);
    house.until_stage(&watch, FindingStage::Alarmed).await;

    // A late recording meets the watch; the alarm is an officer's to determine.
    house.record(interrogation(case, suspect, house.now())).await;
    house.until_deadline(&watch, "met_late").await;
    house.until_stage(&watch, FindingStage::Alarmed).await;
    assert_eq!(house.subjects(&watch).await, ["finding.opened", "finding.alarmed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_in_time_ends_the_watch_and_its_warning_with_a_reason() {
    let house = House::open().await;
    let (case, suspect, other) = (house.case().await, new_uuid(), new_uuid());
    let watch = house.detain(case, suspect, house.now()).await;
    let quiet = house.detain(case, other, house.now()).await;
    house.until_deadline(&quiet, "running").await;
    house.pass(1);
    house.record(interrogation(case, other, house.now())).await;
    assert_eq!(house.deadline(&quiet, RULE).await.as_deref(), Some("met"));

    house.pass(12);
    house.until_stage(&watch, FindingStage::Warned).await;
    house.record(interrogation(case, suspect, house.now())).await;
    let closed = house.until_stage(&watch, FindingStage::Closed).await;
    assert_eq!(closed.steps.last().unwrap().text, "期限内已登记讯问录音录像，预警解除");
    assert_eq!(house.count("findings", case).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrogation_before_the_detention_or_of_another_suspect_meets_nothing() {
    let house = House::open().await;
    let (case, suspect) = (house.case().await, new_uuid());
    let watch = house.detain(case, suspect, house.now()).await;
    house.until_deadline(&watch, "running").await;
    house.record(interrogation(case, suspect, house.now())).await;
    house.record(interrogation(case, new_uuid(), house.now())).await;
    assert_eq!(house.deadline(&watch, RULE).await.as_deref(), Some("running"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detention_entered_late_is_an_alarm_at_once_and_one_recorded_before_is_none() {
    let house = House::open().await;
    let (case, suspect, other) = (house.case().await, new_uuid(), new_uuid());
    let two_days_ago = house.now() - SignedDuration::from_hours(48);
    house.record(interrogation(case, other, house.now())).await;
    let recorded = house.detain(case, other, two_days_ago).await;
    let watch = house.detain(case, suspect, two_days_ago).await;
    house.until_stage(&watch, FindingStage::Alarmed).await;
    assert_eq!(house.subjects(&watch).await, ["finding.opened"]);
    assert_eq!(house.deadline(&recorded, RULE).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_finding_waits_for_no_recording_any_more() {
    let house = House::open().await;
    let (case, suspect) = (house.case().await, new_uuid());
    let watch = house.detain(case, suspect, house.now()).await;
    house.until_deadline(&watch, "running").await;
    house.pass(25);
    house.until_stage(&watch, FindingStage::Alarmed).await;
    let lawful = gongxin_proto::supervision::v1::Determination::Lawful;
    house.determine(&supervisor(), &watch, lawful).await.unwrap();
    house.close(&supervisor(), &watch).await.unwrap();
    assert_eq!(house.deadline(&watch, RULE).await.as_deref(), Some("cancelled"));
}
