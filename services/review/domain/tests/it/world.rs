//! What the tests share: an invented case of 明川县, its officers, and short ways through it.

use std::collections::BTreeSet;

use gongxin_review_domain::{
    ArrestDecision, CarriedOut, CaseFile, CaseId, Changed, DossierPart, ExitId, Filed, Law,
    MeasureKind, NewSuspect, Officer, Opinion, ProsecutionDecision, Refusal, ReviewItem,
    ReviewRequestId, Signed, Stage, Submission, Suspect, SuspectId, Unit, Verdict,
};
use jiff::Timestamp;

pub(crate) const REGISTRAR: &str = "619001";
pub(crate) const HANDLER: &str = "619002";
pub(crate) const REVIEWER: &str = "619003";
pub(crate) const LEADER: &str = "619004";
pub(crate) const OTHER: &str = "619005";
pub(crate) const COURT_SIDE: &str = "procuratorate:619921";

/// An instant of Asia/Shanghai.
pub(crate) fn at(text: &str) -> Timestamp {
    format!("{text}+08").parse().unwrap()
}

/// The last instant of a day in Asia/Shanghai.
pub(crate) fn end_of(day: &str) -> Timestamp {
    at(&format!("{day}T23:59:59.999999"))
}

pub(crate) fn law() -> Law<'static> {
    Law::builtin()
}

pub(crate) fn unit() -> Unit {
    Unit { code: "619921010000".parse().unwrap(), name: "明川县公安局刑侦大队".into() }
}

pub(crate) fn officer(number: &str) -> Officer {
    Officer { police_number: number.into(), name: format!("民警{number}"), unit: unit() }
}

pub(crate) fn filed(suspects: usize) -> Filed {
    let suspects = (1..=suspects)
        .map(|number| NewSuspect { id: SuspectId::fresh(), name: format!("张某{number}") })
        .collect();
    Filed {
        id: CaseId::fresh(),
        number: "A6199210100002026020001".into(),
        charge: "盗窃".into(),
        unit: unit(),
        registered_by: officer(REGISTRAR),
        suspects,
    }
}

pub(crate) fn received() -> CaseFile {
    CaseFile::receive(filed(1)).case
}

pub(crate) fn the_suspect(case: &CaseFile) -> &Suspect {
    &case.suspects()[0]
}

pub(crate) fn stage(case: &CaseFile) -> &Stage {
    &the_suspect(case).stage
}

pub(crate) fn act(case: &CaseFile, number: &str, done_at: Timestamp) -> CarriedOut {
    CarriedOut {
        suspect: the_suspect(case).id,
        document_number: number.into(),
        done_at,
        officer: officer(HANDLER),
    }
}

pub(crate) fn enter(case: CaseFile, kind: MeasureKind, start: &str) -> Changed {
    let act = act(&case, "明公（刑）拘字〔2026〕1号", at(start));
    case.enter_measure(kind, act, at(start), &law()).unwrap()
}

pub(crate) fn detained(start: &str) -> CaseFile {
    enter(received(), MeasureKind::Detention, start).case
}

pub(crate) fn submission(case: &CaseFile) -> Submission {
    Submission {
        request: ReviewRequestId::fresh(),
        suspect: the_suspect(case).id,
        item: ReviewItem::ArrestRequest,
        parts: DossierPart::ALL.iter().copied().collect::<BTreeSet<_>>(),
        ground: "有证据证明有犯罪事实".into(),
        findings: Vec::new(),
        officer: officer(HANDLER),
    }
}

pub(crate) fn submitted(case: CaseFile) -> (CaseFile, ReviewRequestId) {
    let submission = submission(&case);
    let id = submission.request;
    (case.submit(submission).unwrap().case, id)
}

pub(crate) fn reviewed(case: CaseFile, opinion: Opinion) -> (CaseFile, ReviewRequestId) {
    let (case, id) = submitted(case);
    let changed = case.give_opinion(id, opinion, "审核意见".into(), officer(REVIEWER)).unwrap();
    (changed.case, id)
}

pub(crate) fn approval() -> (Verdict, ExitId) {
    let exit = ExitId::fresh();
    (Verdict::Approve { exit, document_number: "明公（刑）提捕字〔2026〕1号".into() }, exit)
}

pub(crate) fn approved(case: CaseFile) -> (CaseFile, ExitId) {
    let (case, id) = reviewed(case, Opinion::Pass);
    let (verdict, exit) = approval();
    (case.decide(id, verdict, String::new(), officer(LEADER)).unwrap().case, exit)
}

pub(crate) fn delivered(case: CaseFile, received_at: &str) -> (CaseFile, ExitId) {
    let (case, exit) = approved(case);
    let changed = case.exit_delivered(exit, COURT_SIDE, at(received_at), &law()).unwrap();
    (changed.case, exit)
}

pub(crate) fn answered(
    case: CaseFile,
    exit: ExitId,
    decision: ArrestDecision,
    received_at: &str,
) -> Changed {
    case.exit_answered(exit, decision, "明检捕〔2026〕1号", at(received_at), &law()).unwrap()
}

#[track_caller]
pub(crate) fn assert_refused(result: Result<Changed, Refusal>, code: &str) {
    let refusal = result.unwrap_err();
    assert_eq!(refusal.reason().code, code);
}

pub(crate) fn signed(officer: Officer, at: Timestamp) -> Signed {
    Signed { document_number: "明公（刑）侦终字〔2026〕1号".into(), at, officer }
}

/// The investigation of the case, concluded.
pub(crate) fn concluded(case: CaseFile, on: &str) -> CaseFile {
    let case = case.conclude_examination(signed(officer(HANDLER), at(on)), at(on)).unwrap().case;
    case.conclude_investigation(signed(officer(LEADER), at(on))).unwrap().case
}

pub(crate) fn arrested(detained_on: &str) -> CaseFile {
    let (case, exit) = delivered(detained(detained_on), "2026-01-07T10:00");
    let case = answered(case, exit, ArrestDecision::Approved, "2026-01-12T10:00").case;
    let act = act(&case, "捕", at("2026-01-12T12:00"));
    case.record_arrest(act, at("2026-01-12T12:00"), &law()).unwrap().case
}

/// The suspect's case with the procuratorate, by this item.
pub(crate) fn handed_over(
    case: CaseFile,
    item: ReviewItem,
    findings: &[&str],
    received_at: &str,
) -> (Changed, ExitId) {
    let findings = findings.iter().map(|text| (*text).to_owned()).collect();
    let submission = Submission { item, findings, ..submission(&case) };
    let id = submission.request;
    let case = case.submit(submission).unwrap().case;
    let case = case.give_opinion(id, Opinion::Pass, "同意".into(), officer(REVIEWER)).unwrap().case;
    let (verdict, exit) = approval();
    let case = case.decide(id, verdict, String::new(), officer(LEADER)).unwrap().case;
    (case.exit_delivered(exit, COURT_SIDE, at(received_at), &law()).unwrap(), exit)
}

pub(crate) fn prosecution(
    case: CaseFile,
    exit: ExitId,
    decision: ProsecutionDecision,
    received_at: &str,
) -> Changed {
    case.prosecution_decided(exit, decision, "明检〔2026〕1号", at(received_at), &law()).unwrap()
}
