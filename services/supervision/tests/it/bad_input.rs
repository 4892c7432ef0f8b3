//! Bad input: each is refused with its reason and field, and changes nothing.

use gongxin_kernel::new_uuid;
use gongxin_proto::supervision::v1::{
    Determination, DetermineFindingRequest, RecordedStage, RegisterRecordingRequest,
    SendClueRequest, SuperviseFindingRequest,
};
use gongxin_testkit::{fields, reason};
use jiff::SignedDuration;
use tonic::Status;

use crate::house::{House, fresh, keeper, supervisor, timestamp};
use crate::recordings::interrogation;

#[track_caller]
fn assert_refused<T>(answer: Result<T, Status>, why: &str, field: &str) {
    let status = answer.err().unwrap_or_else(|| panic!("{why} was not refused"));
    let named = fields(&status);
    assert_eq!((reason(&status).as_str(), named.first().map_or("", String::as_str)), (why, field));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_a_finding_that_cannot_be_so_is_refused_by_its_field() {
    let house = House::open().await;
    let id = house.overdue_review().await;
    let before = house.events().await;
    let good = DetermineFindingRequest {
        request_id: fresh(),
        finding_id: id.clone(),
        determination: Determination::Blemish.into(),
        reason: "经查属实。".into(),
    };
    let bad = |change: fn(&mut DetermineFindingRequest)| {
        let mut message = DetermineFindingRequest { request_id: fresh(), ..good.clone() };
        change(&mut message);
        message
    };
    let cases = [
        (bad(|m| m.request_id = "7".into()), "REQUEST_ID_INVALID", "request_id"),
        (bad(|m| m.finding_id = "7".into()), "ID_INVALID", "finding_id"),
        (bad(|m| m.finding_id = new_uuid().to_string()), "FINDING_NOT_FOUND", ""),
        (bad(|m| m.determination = 0), "SUPERVISION_VALUE_INVALID", "determination"),
        (bad(|m| m.determination = 99), "SUPERVISION_VALUE_INVALID", "determination"),
        (bad(|m| m.reason = " ".into()), "SUPERVISION_TEXT_INVALID", "reason"),
        (bad(|m| m.reason = "由".repeat(4001)), "SUPERVISION_TEXT_INVALID", "reason"),
        (bad(|m| m.reason = "a\u{0}b".into()), "SUPERVISION_TEXT_INVALID", "reason"),
    ];
    for (message, why, field) in cases {
        let call = house.deployment.call(&supervisor(), message);
        assert_refused(house.api.clone().determine_finding(call).await, why, field);
    }
    assert_eq!(house.events().await, before);

    let call = house.deployment.call(&supervisor(), good.clone());
    house.api.clone().determine_finding(call).await.unwrap();
    let call = house.deployment.call(&supervisor(), good.clone());
    house.api.clone().determine_finding(call).await.unwrap();
    let other = DetermineFindingRequest { reason: "另有理由。".into(), ..good };
    let call = house.deployment.call(&supervisor(), other);
    let refused = house.api.clone().determine_finding(call).await;
    assert_refused(refused, "REQUEST_ID_REUSED", "request_id");
    assert_eq!(house.events().await, before + 1);

    let clue = SendClueRequest {
        request_id: fresh(),
        finding_id: id.clone(),
        proposed_clause: "条".repeat(201),
        ground: "理由".into(),
    };
    let call = house.deployment.call(&supervisor(), clue);
    let refused = house.api.clone().send_clue(call).await;
    assert_refused(refused, "SUPERVISION_TEXT_INVALID", "proposed_clause");
    for (rectify_by, why) in [
        (None, "SUPERVISION_VALUE_INVALID"),
        (Some(timestamp(house.now())), "RECTIFY_BY_PAST"),
        (Some(prost_types::Timestamp { seconds: 0, nanos: -1 }), "SUPERVISION_VALUE_INVALID"),
    ] {
        let message = SuperviseFindingRequest {
            request_id: fresh(),
            finding_id: id.clone(),
            instruction: "限期整改。".into(),
            rectify_by,
        };
        let call = house.deployment.call(&supervisor(), message);
        assert_refused(house.api.clone().supervise_finding(call).await, why, "rectify_by");
    }
    assert_eq!(house.events().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_cannot_be_so_is_refused_by_its_field() {
    let house = House::open().await;
    let (case, suspect) = (house.case().await, new_uuid());
    let before = house.events().await;
    let good = interrogation(case, suspect, house.now());
    let late = timestamp(house.now() + SignedDuration::from_micros(1));
    let bad = |change: &dyn Fn(&mut RegisterRecordingRequest)| {
        let mut message = RegisterRecordingRequest { request_id: fresh(), ..good.clone() };
        change(&mut message);
        message
    };
    let value = "SUPERVISION_VALUE_INVALID";
    let cases = [
        (bad(&|m| m.case_id = "7".into()), "ID_INVALID", "case_id"),
        (bad(&|m| m.case_id = new_uuid().to_string()), "TIMELINE_NOT_FOUND", ""),
        (bad(&|m| m.suspect_id = "7".into()), "ID_INVALID", "suspect_id"),
        (bad(&|m| m.suspect_id.clear()), value, "suspect_id"),
        (bad(&|m| m.stage = RecordedStage::Scene.into()), value, "suspect_id"),
        (bad(&|m| m.device = 0), value, "device"),
        (bad(&|m| m.stage = 9), value, "stage"),
        (bad(&|m| m.digest.truncate(63)), value, "digest"),
        (bad(&|m| m.police_number.clear()), "SUPERVISION_TEXT_INVALID", "police_number"),
        (bad(&|m| m.began_at = None), value, "began_at"),
        (bad(&|m| m.began_at = m.ended_at), "RECORDING_TIME_IMPOSSIBLE", "began_at"),
        (bad(&|m| m.ended_at = Some(late)), "RECORDING_TIME_IMPOSSIBLE", "ended_at"),
    ];
    for (message, why, field) in cases {
        let call = house.deployment.call(&keeper(), message);
        assert_refused(house.api.clone().register_recording(call).await, why, field);
    }
    let call = house.deployment.call(&supervisor(), good);
    assert_refused(house.api.clone().register_recording(call).await, "POWER_MISSING", "");
    assert_eq!(house.events().await, before);
    assert_eq!(house.count("recordings", case).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_of_another_bureau_is_not_there() {
    let house = House::open().await;
    let id = house.overdue_review().await;
    let mut admin = house.world().admin().await;
    sqlx::query("update supervision.findings set bureau = '619922'")
        .execute(&mut admin)
        .await
        .unwrap();
    assert_refused(house.get(&id).await, "FINDING_NOT_FOUND", "");
    let refused = house.determine(&supervisor(), &id, Determination::Lawful).await;
    assert_refused(refused, "FINDING_NOT_FOUND", "");
}
