//! From the arrest to the judgment, over the contracts alone.

use gongxin_kernel::new_uuid;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{DeliverRequest, ProsecutionVerdict};
use gongxin_proto::review::v1::{
    Case, ConcludeExaminationRequest, ConcludeInvestigationRequest, ExitStage, MeasureStage,
    ReviewItem, SubmitRequestRequest,
};
use tonic::Code;

use crate::office::*;

const LATER: &str = "2026-03-02T01:00:00Z";

fn examination(case: &Case) -> ConcludeExaminationRequest {
    ConcludeExaminationRequest {
        request_id: fresh(),
        case_id: case.case_id.clone(),
        document_number: "明公（刑）预审字〔2026〕1号".into(),
        concluded_at: Some(proto_time("2026-01-05T00:45:00Z")),
    }
}

fn conclusion(case: &Case) -> ConcludeInvestigationRequest {
    ConcludeInvestigationRequest {
        request_id: fresh(),
        case_id: case.case_id.clone(),
        document_number: "明公（刑）侦终字〔2026〕1号".into(),
    }
}

fn asks(case: &Case, item: ReviewItem, findings: &[&str]) -> SubmitRequestRequest {
    SubmitRequestRequest {
        item: item.into(),
        parts: (1..=10).collect(),
        findings: findings.iter().map(|text| (*text).to_owned()).collect(),
        ..Office::submission(case)
    }
}

impl Office {
    async fn conclude(&self, case: &Case) {
        let call = self.call(&handler(), examination(case));
        self.review().conclude_examination(call).await.unwrap();
        let call = self.call(&leader(), conclusion(case));
        self.review().conclude_investigation(call).await.unwrap();
    }

    /// An arrested suspect.
    async fn arrested(&self) -> Case {
        let (case, _) = self.delivered().await;
        let decision = self.court.sealed(self.court.decision(true));
        self.exchange().deliver(decision).await.unwrap();
        let arrest = Self::arrest(&case, NOW);
        self.review().record_arrest(self.call(&handler(), arrest)).await.unwrap();
        case
    }

    /// Sends for prosecution, or again, and waits until the procuratorate has it.
    async fn hand_over(&self, case: &Case, item: ReviewItem, findings: &[&str]) -> Case {
        let call = self.call(&handler(), asks(case, item, findings));
        let answer = self.review().submit_request(call).await.unwrap().into_inner();
        self.pass(case, &answer.review_request_id).await;
        let exit = self.approve(case, &answer.review_request_id).await.exit_id;
        gongxin_testkit::eventually("the delivery", async || {
            let now = self.now(case).await;
            let there = now.exits.iter().find(|one| one.exit_id == exit)?;
            (there.stage() == ExitStage::Delivered).then_some(now)
        })
        .await
    }

    fn ruling(&self, verdict: ProsecutionVerdict) -> DeliverRequest {
        let decision = Document::ProsecutionDecision(self.court.prosecution(verdict));
        self.court.seal(&self.court.envelope(&new_uuid().to_string(), decision))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_14_a_transfer_without_a_concluded_investigation_names_the_missing_step() {
    let office = Office::open().await;
    let case = office.arrested().await;
    let refused = |office: &Office| {
        let call = office.call(&handler(), asks(&case, ReviewItem::ProsecutionTransfer, &[]));
        let mut review = office.review();
        async move { review.submit_request(call).await }
    };
    let before = office.events().await;
    let first = refused(&office).await;
    assert_eq!(first.as_ref().err().map(tonic::Status::code), Some(Code::FailedPrecondition));
    assert_refused(first, Code::FailedPrecondition, "INVESTIGATION_NOT_CONCLUDED", &["item"]);
    // Not by another unit, and not by whoever examined.
    let call = office.call(&outsider(), examination(&case));
    let foreign = office.review().conclude_examination(call).await;
    assert_refused(foreign, Code::PermissionDenied, "NOT_YOUR_UNIT", &[]);
    assert_eq!(office.events().await, before);

    let call = office.call(&handler(), examination(&case));
    office.review().conclude_examination(call).await.unwrap();
    let second = refused(&office).await;
    assert_refused(second, Code::FailedPrecondition, "INVESTIGATION_NOT_CONCLUDED", &["item"]);
    let call = office.call(&leader(), conclusion(&case));
    office.review().conclude_investigation(call).await.unwrap();
    let now = office.now(&case).await;
    assert_eq!(now.examination_number, "明公（刑）预审字〔2026〕1号");
    assert_eq!(now.conclusion_number, "明公（刑）侦终字〔2026〕1号");
    refused(&office).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_6_a_case_is_returned_reported_on_prosecuted_and_judged() {
    let office = Office::open().await;
    let case = office.arrested().await;
    office.conclude(&case).await;
    office.set_clock(LATER);
    let now = office.hand_over(&case, ReviewItem::ProsecutionTransfer, &[]).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::Transferred);
    assert_eq!(now.exits[1].item(), ReviewItem::ProsecutionTransfer);
    assert_eq!(now.exits[1].document_number, "明公（刑）诉字〔2026〕1号");
    let sent = office.court.taken().pop().unwrap().1.envelope.document;
    let Some(Document::ProsecutionTransfer(paper)) = sent else { panic!("{sent:?}") };
    assert_eq!(paper.conclusion_number, "明公（刑）侦终字〔2026〕1号");
    assert_eq!(paper.held_since, NOW);

    office.exchange().deliver(office.ruling(ProsecutionVerdict::Returned)).await.unwrap();
    let now = office.now(&case).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::Supplementing);
    assert_eq!(now.exits[1].tasks, ["补充价格认定", "核实赃物去向"]);
    assert_eq!(now.exits[1].report.as_ref().unwrap().due_at, "2026-04-02T15:59:59.999999Z");
    let half = asks(&case, ReviewItem::SupplementaryReport, &["已补充"]);
    let refused = office.review().submit_request(office.call(&handler(), half)).await;
    assert_refused(refused, Code::InvalidArgument, "CORRECTION_ITEMS_INVALID", &["findings"]);
    let findings = ["已补充价格认定", "已核实去向"];
    let now = office.hand_over(&case, ReviewItem::SupplementaryReport, &findings).await;
    assert_eq!(now.requests[2].findings, findings);
    let sent = office.court.taken().pop().unwrap().1.envelope.document;
    let Some(Document::SupplementaryReport(paper)) = sent else { panic!("{sent:?}") };
    assert_eq!(paper.returned_by, now.exits[1].answer_number);
    assert_eq!(paper.findings, findings);

    office.exchange().deliver(office.ruling(ProsecutionVerdict::Prosecuted)).await.unwrap();
    assert_eq!(office.now(&case).await.suspects[0].stage(), MeasureStage::Prosecuted);
    let judgment = office.court.sealed_by_court(Document::Judgment(office.court.judgment()));
    office.exchange().deliver(judgment).await.unwrap();
    let now = office.now(&case).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::Convicted);
    assert!(now.suspects[0].period.is_none());
    assert_eq!(office.happened(&case, "exit.returned_for_investigation").await, 1);
    assert_eq!(office.happened(&case, "suspect.judged").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ruling_that_is_not_believed_changes_nothing() {
    let office = Office::open().await;
    let case = office.arrested().await;
    office.conclude(&case).await;
    office.hand_over(&case, ReviewItem::ProsecutionTransfer, &[]).await;
    let before = office.events().await;
    let court = &office.court;
    let seal = |document| court.seal(&court.envelope(&new_uuid().to_string(), document));
    let returned = court.prosecution(ProsecutionVerdict::Returned);
    let with = |change: &dyn Fn(&mut gongxin_proto::exchange::v1::ProsecutionDecision)| {
        let mut decision = returned.clone();
        change(&mut decision);
        seal(Document::ProsecutionDecision(decision))
    };
    let judgment = Document::Judgment(court.judgment());
    let invalid = |field| (Code::InvalidArgument, "ENVELOPE_INVALID", vec![field]);
    let cases = [
        (with(&|d| d.verdict = 0), invalid("verdict")),
        (with(&|d| d.verdict = 9), invalid("verdict")),
        (with(&|d| d.tasks.clear()), invalid("tasks")),
        (with(&|d| d.tasks[0] = " ".into()), invalid("tasks")),
        (with(&|d| d.verdict = ProsecutionVerdict::Prosecuted.into()), invalid("tasks")),
        (with(&|d| d.document_number.clear()), invalid("document_number")),
        (with(&|d| d.decided_at = "today".into()), invalid("decided_at")),
        (with(&|d| d.reasons = "由".repeat(4001)), invalid("reasons")),
        (with(&|d| d.in_reply_to_digest.clear()), invalid("in_reply_to_digest")),
        // A judgment is the court's, and a decision is not.
        (seal(judgment.clone()), invalid("in_reply_to")),
        (
            court.sealed_by_court(Document::ProsecutionDecision(returned.clone())),
            invalid("in_reply_to"),
        ),
        (
            court.sealed_by_court(judgment),
            (Code::FailedPrecondition, "EXIT_NOT_PROSECUTED", vec![]),
        ),
        // An arrest is not what was asked.
        (
            court.sealed(gongxin_proto::exchange::v1::ArrestRequestDecision {
                in_reply_to: returned.in_reply_to.clone(),
                in_reply_to_digest: returned.in_reply_to_digest.clone(),
                ..court.decision(true)
            }),
            (Code::FailedPrecondition, "ANSWER_OF_OTHER_MATTER", vec![]),
        ),
    ];
    for (sent, (code, reason, fields)) in cases {
        assert_refused(office.exchange().deliver(sent).await, code, reason, &fields);
    }
    assert_eq!(office.events().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supplementary_investigation_at_liberty_that_is_late_says_so_once() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.conclude(&case).await;
    office.hand_over(&case, ReviewItem::ProsecutionTransfer, &[]).await;
    office.exchange().deliver(office.ruling(ProsecutionVerdict::Returned)).await.unwrap();
    assert_eq!(office.now(&case).await.suspects[0].stage(), MeasureStage::Supplementing);
    office.set_clock("2026-02-05T17:00:00Z");
    gongxin_testkit::until(1, async || office.happened(&case, "exit.supplementary_overdue").await)
        .await;
    office.hand_over(&case, ReviewItem::SupplementaryReport, &["一", "二"]).await;
    assert_eq!(office.happened(&case, "exit.supplementary_overdue").await, 1);
}
