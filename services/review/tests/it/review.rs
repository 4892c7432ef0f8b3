//! From the filed case to the arrest, and who may do which step.

use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::intake::v1::CaseNotFiled;
use gongxin_proto::review::v1::{ExitStage, MeasureStage, Opinion, RequestStage};
use gongxin_testkit::{eventually, officer};
use tonic::Code;

use crate::intake::{filed, publish};
use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn req_run_1_a_request_goes_the_whole_way_from_filing_to_arrest() {
    let office = Office::open().await;
    let case = office.case(&["张某某", "李某某"]).await;
    assert_eq!(case.suspects.len(), 2);
    assert_eq!(case.suspects[0].stage(), MeasureStage::Free);

    office.detain(&case).await;
    let request = office.submit(&case).await;

    let message = Office::correction(&case, &request);
    let due = office.review().return_for_correction(office.call(&reviewer(), message)).await;
    assert_eq!(due.unwrap().into_inner().answer_due_at, "2026-01-06T01:00:00Z");
    let now = office.now(&case).await;
    assert_eq!(now.requests[0].stage(), RequestStage::Returned);
    assert_eq!(now.requests[0].defects, ["讯问笔录缺少签名", "证据清单未编号"]);

    let message = Office::answers(&case, &request);
    office.review().answer_correction(office.call(&handler(), message)).await.unwrap();
    office.pass(&case, &request).await;
    let exit = office.approve(&case, &request).await;
    assert_eq!(exit.document_number, "明公（刑）提捕字〔2026〕1号");

    let now = office.exit_at(&case, ExitStage::Delivered).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::ArrestRequested);
    let (_, received) = office.court.taken()[0].clone();
    assert_eq!(received.envelope.key, exit.exit_id);

    let sent = office.court.sealed(office.court.decision(true));
    let receipt = office.exchange().deliver(sent.clone()).await.unwrap().into_inner();
    office.court.check(&receipt, &sent);
    let now = office.now(&case).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::ArrestApproved);
    assert_eq!(now.exits[0].answer_number, "明检捕〔2026〕1号");

    let message = Office::arrest(&case, NOW);
    let period = office.review().record_arrest(office.call(&handler(), message)).await.unwrap();
    let period = period.into_inner().period.unwrap();
    assert_eq!(period.rule, "review.arrest.investigation_custody");
    let now = office.now(&case).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::Arrested);
    assert_eq!(now.suspects[1].stage(), MeasureStage::Free);
    assert_eq!(now.requests[0].returns, 1);
    let what: Vec<&str> = now.history.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "法制部门收案",
            "录入强制措施",
            "报送审核",
            "退回补正",
            "报送审核",
            "提出审核意见",
            "审批",
            "出口文书送达",
            "收到检察机关决定",
            "执行逮捕"
        ]
    );
    assert_eq!(now.revision, 10);
    assert_eq!(now.history[7].actor, "organ:procuratorate:619921");
    let url = format!("http://{}", office.running.address);
    gongxin_testkit::conforms(&office.deployment, "review", &url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_5_an_incomplete_dossier_is_refused_with_each_missing_part() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let before = office.events().await;

    let mut message = Office::submission(&case);
    message.parts = vec![1, 2, 4];
    let refused = office.review().submit_request(office.call(&handler(), message)).await;
    let status = refused.as_ref().unwrap_err().clone();
    assert_refused(refused, Code::InvalidArgument, "DOSSIER_INCOMPLETE", &["parts"; 4]);
    let details = tonic_details(&status);
    assert!(details.iter().all(|text| text.starts_with("缺少")), "{details:?}");
    for part in ["detention_papers", "evidence_list", "social_danger", "identity"] {
        assert!(details.iter().any(|text| text.contains(part)), "{part}: {details:?}");
    }
    assert_eq!(office.events().await, before);
}

fn tonic_details(status: &tonic::Status) -> Vec<String> {
    use tonic_types::StatusExt as _;
    let details = status.get_error_details();
    let violations = details.bad_request().unwrap().field_violations.clone();
    violations.into_iter().map(|violation| violation.description).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_4_who_had_a_hand_in_the_case_cannot_review_it_and_no_reviewer_approves() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let request = office.submit(&case).await;
    let before = office.events().await;

    let separation = "SEPARATION_OF_DUTIES";
    let handler_as_reviewer = officer("619002", &[Post::LegalReviewer]);
    for staff in [registrar_as_reviewer(), handler_as_reviewer] {
        let message = Office::opinion(&case, &request, Opinion::Pass);
        let refused = office.review().give_opinion(office.call(&staff, message)).await;
        assert_refused(refused, Code::PermissionDenied, separation, &[]);
        let message = Office::correction(&case, &request);
        let refused = office.review().return_for_correction(office.call(&staff, message)).await;
        assert_refused(refused, Code::PermissionDenied, separation, &[]);
    }
    assert_eq!(office.events().await, before);

    office.pass(&case, &request).await;
    for number in ["619003", "619002"] {
        let staff = officer(number, &[Post::BureauLeader]);
        let message = Office::decision(&case, &request, true);
        let refused = office.review().decide_request(office.call(&staff, message)).await;
        assert_refused(refused, Code::PermissionDenied, separation, &[]);
    }
    assert_eq!(office.events().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_12_a_decision_that_differs_from_the_opinion_needs_written_reasons() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let request = office.submit(&case).await;
    let message = Office::opinion(&case, &request, Opinion::Refuse);
    office.review().give_opinion(office.call(&reviewer(), message)).await.unwrap();

    let mut message = Office::decision(&case, &request, true);
    let refused = office.review().decide_request(office.call(&leader(), message.clone())).await;
    let reason = "DIFFERENCE_REASONS_REQUIRED";
    assert_refused(refused, Code::InvalidArgument, reason, &["reasons"]);
    message.reasons = "有新的证据".into();
    let exit = office.review().decide_request(office.call(&leader(), message)).await.unwrap();
    // The refused attempt has used no number.
    assert_eq!(exit.into_inner().document_number, "明公（刑）提捕字〔2026〕1号");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_leaves_nothing_and_the_unit_may_ask_again() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let mut message = Office::submission(&case);
    // Nobody is held, so no detention papers are asked for.
    message.parts.retain(|part| *part != 3);
    let request = office.review().submit_request(office.call(&handler(), message.clone())).await;
    let request = request.unwrap().into_inner().review_request_id;
    message.request_id = fresh();
    let again = office.review().submit_request(office.call(&handler(), message.clone())).await;
    assert_refused(again, Code::FailedPrecondition, "REVIEW_REQUEST_OPEN", &[]);

    let opinion = Office::opinion(&case, &request, Opinion::Refuse);
    office.review().give_opinion(office.call(&reviewer(), opinion)).await.unwrap();
    let decision = Office::decision(&case, &request, false);
    let answer = office.review().decide_request(office.call(&leader(), decision)).await.unwrap();
    assert_eq!(answer.into_inner().exit_id, "");

    message.request_id = fresh();
    office.review().submit_request(office.call(&handler(), message)).await.unwrap();
    let now = office.now(&case).await;
    assert_eq!(now.requests[0].stage(), RequestStage::Refused);
    assert_eq!(now.requests[1].stage(), RequestStage::Submitted);
    assert!(now.exits.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_6_a_correction_that_is_not_answered_in_time_is_marked_once() {
    let office = Office::with("correction_hours = 2").await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let request = office.submit(&case).await;
    let message = Office::correction(&case, &request);
    office.review().return_for_correction(office.call(&reviewer(), message)).await.unwrap();

    office.set_clock("2026-01-05T03:00:00.000001Z");
    eventually("the mark", async || {
        (office.happened(&case, "request.correction_overdue").await == 1).then_some(())
    })
    .await;
    let message = Office::answers(&case, &request);
    office.review().answer_correction(office.call(&handler(), message)).await.unwrap();
    assert_eq!(office.now(&case).await.requests[0].stage(), RequestStage::Submitted);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_facts_of_intake_mean_nothing_and_an_unreadable_case_is_set_aside() {
    let office = Office::open().await;
    let world = office.deployment.world();
    publish(world, new_uuid(), CaseNotFiled::default()).await;
    let broken = new_uuid();
    let mut event = filed(broken, &["张某某"]);
    event.unit = None;
    publish(world, broken, event).await;
    // What comes after both is taken over.
    office.case(&["李某某"]).await;

    let mut admin = world.admin().await;
    let reasons: Vec<String> = sqlx::query_scalar("select reason from review.quarantine")
        .fetch_all(&mut admin)
        .await
        .unwrap();
    assert_eq!(reasons, ["EVENT_UNREADABLE"]);
}
