//! Bad input: each is refused with status, reason and field, and changes nothing.

use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::review::v1::{
    EnterMeasureRequest, ListCasesRequest, Opinion, SubmitRequestRequest,
};
use gongxin_testkit::officer;
use tonic::Code;

use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_measure_that_cannot_be_so_is_refused_by_its_field() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let before = office.events().await;
    let good = Office::detention(&case, "2026-01-05T00:30:00Z");
    let bad = |change: fn(&mut EnterMeasureRequest)| {
        let mut message = EnterMeasureRequest { request_id: fresh(), ..good.clone() };
        change(&mut message);
        message
    };
    let invalid = Code::InvalidArgument;
    let cases = [
        (bad(|m| m.request_id = "7".into()), invalid, "REQUEST_ID_INVALID", vec!["request_id"]),
        (bad(|m| m.case_id = "7".into()), invalid, "ID_INVALID", vec!["case_id"]),
        (bad(|m| m.suspect_id.clear()), invalid, "ID_INVALID", vec!["suspect_id"]),
        (bad(|m| m.kind = 0), invalid, "REVIEW_VALUE_INVALID", vec!["kind"]),
        (bad(|m| m.kind = 99), invalid, "REVIEW_VALUE_INVALID", vec!["kind"]),
        (bad(|m| m.started_at = None), invalid, "REVIEW_VALUE_INVALID", vec!["started_at"]),
        (
            bad(|m| m.started_at = Some(proto_time("2026-01-05T01:00:00.000001Z"))),
            invalid,
            "MEASURE_TIME_IMPOSSIBLE",
            vec!["started_at"],
        ),
        (
            bad(|m| m.started_at = Some(proto_time("1990-01-05T01:00:00Z"))),
            invalid,
            "MEASURE_PERIOD_UNKNOWN",
            vec!["started_at"],
        ),
        (
            bad(|m| m.document_number = " ".into()),
            invalid,
            "REVIEW_TEXT_INVALID",
            vec!["document_number"],
        ),
        (
            bad(|m| m.document_number = "号".repeat(201)),
            invalid,
            "REVIEW_TEXT_INVALID",
            vec!["document_number"],
        ),
        (
            bad(|m| m.document_number = "1\n2".into()),
            invalid,
            "REVIEW_TEXT_INVALID",
            vec!["document_number"],
        ),
        (bad(|m| m.case_id = new_uuid().to_string()), Code::NotFound, "CASE_NOT_FOUND", vec![]),
        (
            bad(|m| m.suspect_id = new_uuid().to_string()),
            Code::NotFound,
            "SUSPECT_NOT_FOUND",
            vec![],
        ),
    ];
    for (message, code, reason, fields) in cases {
        let refused = office.review().enter_measure(office.call(&handler(), message)).await;
        assert_refused(refused, code, reason, &fields);
    }
    assert_eq!(office.events().await, before);
    office.review().enter_measure(office.call(&handler(), good)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_cannot_be_so_is_refused_by_its_field() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let before = office.events().await;
    let bad = |change: fn(&mut SubmitRequestRequest)| {
        let mut message = Office::submission(&case);
        change(&mut message);
        message
    };
    let cases = [
        (bad(|m| m.item = 9), "REVIEW_VALUE_INVALID", "item"),
        (bad(|m| m.parts.push(99)), "REVIEW_VALUE_INVALID", "parts"),
        (bad(|m| m.ground.clear()), "REVIEW_TEXT_INVALID", "ground"),
        (bad(|m| m.ground = "由".repeat(4001)), "REVIEW_TEXT_INVALID", "ground"),
        (bad(|m| m.ground.push('\u{0}')), "REVIEW_TEXT_INVALID", "ground"),
    ];
    for (message, reason, field) in cases {
        let refused = office.review().submit_request(office.call(&handler(), message)).await;
        assert_refused(refused, Code::InvalidArgument, reason, &[field]);
    }

    let request = office.submit(&case).await;
    let mut opinion = Office::opinion(&case, &request, Opinion::Pass);
    opinion.opinion = 7;
    let refused = office.review().give_opinion(office.call(&reviewer(), opinion)).await;
    assert_refused(refused, Code::InvalidArgument, "REVIEW_VALUE_INVALID", &["opinion"]);
    let mut correction = Office::correction(&case, &request);
    for defect in ["", "缺\u{0}"] {
        correction.request_id = fresh();
        correction.defects = vec![defect.to_owned()];
        let call = office.call(&reviewer(), correction.clone());
        let refused = office.review().return_for_correction(call).await;
        assert_refused(refused, Code::InvalidArgument, "CORRECTION_ITEMS_INVALID", &["defects"]);
    }
    assert_eq!(office.events().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_id_stands_for_one_content() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let message = Office::detention(&case, "2026-01-05T00:30:00Z");
    let first = office.review().enter_measure(office.call(&handler(), message.clone())).await;
    let before = office.events().await;
    let again = office.review().enter_measure(office.call(&handler(), message.clone())).await;
    assert_eq!(first.unwrap().into_inner(), again.unwrap().into_inner());

    let other = EnterMeasureRequest { document_number: "2".into(), ..message };
    let refused = office.review().enter_measure(office.call(&handler(), other)).await;
    assert_refused(refused, Code::AlreadyExists, "REQUEST_ID_REUSED", &["request_id"]);
    assert_eq!(office.events().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_power_the_unit_or_the_bureau_nothing_is_changed() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let before = office.events().await;
    let denied = Code::PermissionDenied;

    for staff in [reviewer(), leader(), officer("619008", &[Post::Administrator])] {
        let message = Office::detention(&case, NOW);
        let refused = office.review().enter_measure(office.call(&staff, message)).await;
        assert_refused(refused, denied, "POWER_MISSING", &[]);
    }
    for staff in [handler(), leader()] {
        let message = Office::opinion(&case, &new_uuid().to_string(), Opinion::Pass);
        let refused = office.review().give_opinion(office.call(&staff, message)).await;
        assert_refused(refused, denied, "POWER_MISSING", &[]);
    }
    let message = Office::detention(&case, NOW);
    let refused = office.review().enter_measure(office.call(&outsider(), message)).await;
    assert_refused(refused, denied, "NOT_YOUR_UNIT", &[]);
    let message = Office::submission(&case);
    let refused = office.review().submit_request(office.call(&outsider(), message)).await;
    assert_refused(refused, denied, "NOT_YOUR_UNIT", &[]);

    let mut foreign = handler();
    foreign.bureau = "619922".parse().unwrap();
    let message = Office::detention(&case, NOW);
    let refused = office.review().enter_measure(office.call(&foreign, message)).await;
    assert_refused(refused, denied, "WRONG_BUREAU", &[]);
    let anonymous = office.review().list_cases(ListCasesRequest::default()).await;
    assert_refused(anonymous, Code::Unauthenticated, "NOT_SIGNED_IN", &[]);
    assert_eq!(office.events().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_another_bureau_is_not_there() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let mut admin = office.deployment.world().admin().await;
    sqlx::query("update review.cases set bureau = '619922'").execute(&mut admin).await.unwrap();

    let refused = office.get(&case.case_id).await;
    assert_refused(refused, Code::NotFound, "CASE_NOT_FOUND", &[]);
    let message = Office::detention(&case, NOW);
    let refused = office.review().enter_measure(office.call(&handler(), message)).await;
    assert_refused(refused, Code::NotFound, "CASE_NOT_FOUND", &[]);
}
