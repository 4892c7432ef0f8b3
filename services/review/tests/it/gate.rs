//! The one exit: what it makes, proves, and refuses to be gone round.

use gongxin_proto::review::v1::{GetReceiptRequest, SendDirectlyRequest};
use gongxin_testkit::log_key;
use gongxin_transparency::Receipt;
use tonic::Code;

use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn req_run_2_direct_sending_is_refused_recorded_and_raised_once() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let message = SendDirectlyRequest {
        request_id: fresh(),
        case_id: case.case_id.clone(),
        document: "提请批准逮捕书".into(),
    };
    // The same attempt, repeated, is one attempt.
    for _ in 0..2 {
        let call = office.call(&handler(), message.clone());
        let refused = office.review().send_directly(call).await;
        assert_refused(refused, Code::FailedPrecondition, "ONLY_EXIT", &[]);
    }
    assert_eq!(office.happened(&case, "gate.direct_sending_refused").await, 1);
    let now = office.now(&case).await;
    assert_eq!(now.history.last().unwrap().what, "拒绝绕过统一出口移送");
    assert!(now.exits.is_empty());
    assert!(office.court.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_of_an_exit_is_proof_and_one_changed_byte_is_none() {
    let office = Office::open().await;
    let (case, exit) = office.approved().await;
    let ask = GetReceiptRequest { case_id: case.case_id.clone(), exit_id: exit.exit_id.clone() };
    let answer = office.review().get_receipt(office.call(&reviewer(), ask)).await.unwrap();
    let text = answer.into_inner().receipt;

    let keys = [log_key("review").verifier()];
    let receipt = Receipt::parse(&text).unwrap();
    receipt.verify(&keys).unwrap();
    assert_eq!(receipt.view.get("document"), Some(exit.document_number.as_str()));
    assert_eq!(receipt.view.get("exit"), Some(exit.exit_id.as_str()));
    assert_eq!(receipt.view.get("case"), Some(case.case_number.as_str()));
    assert!(!text.contains("张某某"), "a receipt names nobody");

    let accepted = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).ok()?;
        Receipt::parse(&text).ok()?.verify(&keys).ok()
    };
    for place in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1;
        assert!(accepted(bytes).is_none(), "byte {place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_given_for_an_exit_of_the_case_that_is_named() {
    let office = Office::open().await;
    let (_, exit) = office.approved().await;
    let other = office.case(&["李某某"]).await;
    let ask = GetReceiptRequest { case_id: other.case_id, exit_id: exit.exit_id };
    let refused = office.review().get_receipt(office.call(&reviewer(), ask)).await;
    assert_refused(refused, Code::NotFound, "EXIT_NOT_FOUND", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_service_can_neither_delete_nor_rewrite_what_must_not_change() {
    let office = Office::open().await;
    office.approved().await;
    let world = office.deployment.world();
    for role in ["gx_review", "gx_review_worker"] {
        for sql in [
            "delete from exits",
            "truncate envelopes cascade",
            "update exits set document_number = 'x'",
            "update envelopes set sealed = ''",
            "update cases set number = 'x'",
            "update suspects set name = 'x'",
            "update review_requests set ground = 'x'",
            "update corrections set defects = '{x}'",
        ] {
            use sqlx::Connection as _;
            let mut role_itself = sqlx::PgConnection::connect(&world.url(role)).await.unwrap();
            let refused = sqlx::query(sql).execute(&mut role_itself).await.unwrap_err();
            let code = refused.as_database_error().unwrap().code().unwrap().into_owned();
            assert_eq!(code, "42501", "{role}: {sql}");
        }
    }
}

/// The columns that must move move forward only, also for whoever has the service's password.
#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_a_decision_a_signature_and_a_clock_of_custody_are_written_once() {
    use sqlx::Connection as _;
    let office = Office::open().await;
    office.delivered().await;
    let held = office.case(&["李某某"]).await;
    office.detain(&held).await;
    let world = office.deployment.world();
    for role in ["gx_review", "gx_review_worker"] {
        for sql in [
            "cases set revision = 1 where revision > 1",
            "cases set handlers = array[(registered_by).police_number], revision = 99
              where cardinality(handlers) > 1",
            "suspects set since = since + interval '1 day' where stage = 'detained'",
            "suspects set clock.due_at = (clock).due_at + interval '1 day' where clock is not null",
            "suspects set clock.started_at = (clock).due_at where clock is not null",
            "review_requests set opinion_text = 'x'",
            "review_requests set approver = reviewer",
            "review_requests set reasons = 'x'",
            "exits set received_at = received_at - interval '1 day'",
            "envelopes set receipt = 'x'",
        ] {
            let mut role_itself = sqlx::PgConnection::connect(&world.url(role)).await.unwrap();
            let sql = format!("set gongxin.bureau = '619921'; update {sql}");
            let tried = sqlx::raw_sql(sqlx::AssertSqlSafe(&*sql)).execute(&mut role_itself).await;
            let refused = tried.expect_err(&sql);
            let code = refused.as_database_error().unwrap().code().unwrap().into_owned();
            assert_eq!(code, "23001", "{role}: {sql}: {refused}");
        }
    }
}
