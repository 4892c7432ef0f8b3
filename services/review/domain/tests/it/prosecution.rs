//! After the arrest: conclusion, transfer, return for supplementary investigation, prosecution,
//! judgment.

use gongxin_review_domain::{
    CaseFile, ClockChange, ClockRule, CourtVerdict, Event, ExitId, MeasureKind, Opinion,
    ProsecutionDecision, Refusal, ReviewItem, Stage, Submission,
};

use crate::world::*;

const TRANSFER: ReviewItem = ReviewItem::ProsecutionTransfer;
const REPORT: ReviewItem = ReviewItem::SupplementaryReport;
const TASKS: [&str; 2] = ["补充价格认定", "核实赃物去向"];

fn returned() -> ProsecutionDecision {
    ProsecutionDecision::Returned(TASKS.map(str::to_owned).to_vec())
}

fn wants(case: &CaseFile, item: ReviewItem, findings: &[&str]) -> Submission {
    let findings = findings.iter().map(|text| (*text).to_owned()).collect();
    Submission { item, findings, ..submission(case) }
}

/// An arrested suspect's case with the procuratorate since 2 March 2026.
fn transferred() -> (CaseFile, ExitId) {
    let case = concluded(arrested("2026-01-05T10:20"), "2026-03-01T10:00");
    let (changed, exit) = handed_over(case, TRANSFER, &[], "2026-03-02T10:00");
    (changed.case, exit)
}

/// A suspect at liberty, likewise.
fn transferred_at_liberty() -> (CaseFile, ExitId) {
    let case = concluded(received(), "2026-03-01T10:00");
    let (changed, exit) = handed_over(case, TRANSFER, &[], "2026-03-02T10:00");
    (changed.case, exit)
}

#[test]
fn req_run_14_a_transfer_before_the_conclusion_names_the_missing_step() {
    let case = arrested("2026-01-05T10:20");
    let refusal = case.clone().submit(wants(&case, TRANSFER, &[])).unwrap_err();
    assert!(matches!(&refusal, Refusal::NotConcluded(step) if step.code() == "examination"));
    let now = at("2026-03-01T10:00");
    let examined = case.conclude_examination(signed(officer(HANDLER), now), now).unwrap().case;
    let refusal = examined.clone().submit(wants(&examined, TRANSFER, &[])).unwrap_err();
    assert!(matches!(&refusal, Refusal::NotConcluded(step) if step.code() == "report"));

    let fault = gongxin_kernel::Fault::from(refusal);
    assert_eq!(fault.reason.code, "INVESTIGATION_NOT_CONCLUDED");
    assert_eq!(fault.violations[0].field, "item");
    assert_eq!(fault.violations[0].description, "缺少经批准的侦查终结报告书（report）");
    let concluded = examined.conclude_investigation(signed(officer(LEADER), now)).unwrap().case;
    concluded.clone().submit(wants(&concluded, TRANSFER, &[])).unwrap();
}

#[test]
fn req_run_14_the_steps_of_the_conclusion_are_taken_once_and_in_their_order() {
    let now = at("2026-03-01T10:00");
    let paper = |number: &str| signed(officer(number), now);
    let case = received();
    assert_refused(case.clone().conclude_investigation(paper(LEADER)), "INVESTIGATION_STAGE");
    let future = signed(officer(HANDLER), at("2026-03-01T10:01"));
    assert_refused(case.clone().conclude_examination(future, now), "MEASURE_TIME_IMPOSSIBLE");
    let case = case.conclude_examination(paper(HANDLER), now).unwrap().case;
    assert_refused(case.clone().conclude_examination(paper(HANDLER), now), "INVESTIGATION_STAGE");
    // Whoever examined does not approve.
    assert_refused(case.clone().conclude_investigation(paper(HANDLER)), "SEPARATION_OF_DUTIES");
    let case = case.conclude_investigation(paper(LEADER)).unwrap().case;
    assert_refused(case.conclude_investigation(paper(LEADER)), "INVESTIGATION_STAGE");
}

#[test]
fn custody_follows_the_period_of_the_examination() {
    let case = concluded(arrested("2026-01-05T10:20"), "2026-03-01T10:00");
    let before = the_suspect(&case).stage.clock().unwrap().clone();
    let (changed, _) = handed_over(case, TRANSFER, &[], "2026-03-02T10:00");
    let Stage::Transferred(Some(custody)) = stage(&changed.case) else { panic!("not held") };
    assert_eq!(custody.clock.rule, ClockRule::ExaminationHeld);
    assert_eq!(custody.clock.due_at, end_of("2026-04-02"));
    let expected = [
        ClockChange::Meet {
            rule: before.rule,
            subject: before.subject,
            at: at("2026-03-02T10:00"),
        },
        ClockChange::Start(custody.clock.clone()),
    ];
    assert_eq!(changed.clocks, expected);
}

#[test]
fn a_bail_of_ours_ends_with_the_transfer() {
    let case = enter(received(), MeasureKind::Bail, "2026-01-05T10:20").case;
    let case = concluded(case, "2026-03-01T10:00");
    let (changed, exit) = handed_over(case, TRANSFER, &[], "2026-03-02T10:00");
    assert_eq!(stage(&changed.case), &Stage::Transferred(None));
    let [ClockChange::Cancel { rule: ClockRule::Bail, .. }, ClockChange::Start(period)] =
        &changed.clocks[..]
    else {
        panic!("{:?}", changed.clocks)
    };
    assert_eq!((period.rule, period.subject), (ClockRule::Examination, exit.0));
}

#[test]
fn req_run_6_a_return_is_itemised_timed_and_answered_item_by_item() {
    let (case, exit) = transferred();
    let changed = prosecution(case, exit, returned(), "2026-03-20T10:00");
    let case = changed.case;
    let Stage::Supplementing(Some(custody)) = stage(&case) else { panic!("not held") };
    assert_eq!(custody.clock.rule, ClockRule::SupplementaryHeld);
    assert_eq!(custody.clock.due_at, end_of("2026-04-20"));
    let back = case.open_return(the_suspect(&case).id).unwrap().stage.returned().unwrap();
    assert_eq!((&back.tasks[..], &back.clock), (&TASKS.map(str::to_owned)[..], &custody.clock));

    for findings in [&[][..], &["一"], &["一", " "], &["一", "二", "三"]] {
        let refused = case.clone().submit(wants(&case, REPORT, findings));
        assert_refused(refused, "CORRECTION_ITEMS_INVALID");
    }
    assert_refused(case.clone().submit(wants(&case, TRANSFER, &[])), "SUSPECT_NOT_REQUESTABLE");
    let (again, _) = handed_over(case, REPORT, &["已认定", "已核实"], "2026-04-10T10:00");
    let Stage::Transferred(Some(custody)) = stage(&again.case) else { panic!("not held") };
    // The examination begins anew (REV-67).
    assert_eq!(custody.clock.due_at, end_of("2026-05-10"));
    assert!(again.case.open_return(the_suspect(&again.case).id).is_none());
}

#[test]
fn req_run_6_the_procuratorate_returns_a_case_twice_at_most() {
    let (mut case, mut exit) = transferred();
    for day in ["2026-03-20", "2026-04-20"] {
        case = prosecution(case, exit, returned(), &format!("{day}T10:00")).case;
        let sent = format!("{day}T11:00");
        let (changed, next) = handed_over(case, REPORT, &["一", "二"], &sent);
        (case, exit) = (changed.case, next);
    }
    let third = at("2026-05-10T10:00");
    let refused = case.clone().prosecution_decided(exit, returned(), "明检3号", third, &law());
    assert_refused(refused, "SUPPLEMENTARY_RETURNS_EXHAUSTED");
    prosecution(case, exit, ProsecutionDecision::Prosecuted, "2026-05-10T10:00");
}

#[test]
fn at_liberty_the_supplementary_investigation_is_a_clock_of_the_exit_and_tells_its_lateness() {
    let (case, exit) = transferred_at_liberty();
    let changed = prosecution(case, exit, returned(), "2026-03-20T10:00");
    let Some(ClockChange::Start(period)) = changed.clocks.last() else { panic!("no clock") };
    assert_eq!((period.rule, period.subject), (ClockRule::Supplementary, exit.0));
    assert_eq!(stage(&changed.case), &Stage::Supplementing(None));

    let case = changed.case;
    let in_time = case.clone().supplementary_overdue(exit, period.due_at);
    assert_refused(in_time, "REVIEW_CLOCK_NOT_ENDED");
    let late = case.clone().supplementary_overdue(exit, at("2026-05-01T10:00")).unwrap();
    assert_eq!(late.events[0].event.name(), "exit.supplementary_overdue");
    let again = late.case.clone().supplementary_overdue(exit, at("2026-05-02T10:00")).unwrap();
    assert!(again.is_nothing());
    let (reported, _) = handed_over(late.case, REPORT, &["一", "二"], "2026-05-03T10:00");
    assert_eq!(reported.events.len(), 1, "marked once");
    // Without the runner the delivery itself tells.
    let (reported, _) = handed_over(case, REPORT, &["一", "二"], "2026-05-03T10:00");
    assert_eq!(reported.events[0].event.name(), "exit.supplementary_overdue");
    assert_refused(
        reported.case.supplementary_overdue(exit, at("2026-05-04T10:00")),
        "REVIEW_CLOCK_NOT_ENDED",
    );
}

#[test]
fn whoever_is_released_during_a_supplementary_investigation_is_investigated_further() {
    let (case, exit) = transferred();
    let case = prosecution(case, exit, returned(), "2026-03-20T10:00").case;
    let release = act(&case, "释", at("2026-04-01T09:00"));
    let changed = case.record_release(release, at("2026-04-01T09:00"), &law()).unwrap();
    let [ClockChange::Meet { rule: ClockRule::SupplementaryHeld, .. }, ClockChange::Start(period)] =
        &changed.clocks[..]
    else {
        panic!("{:?}", changed.clocks)
    };
    assert_eq!((period.rule, period.subject), (ClockRule::Supplementary, exit.0));
    assert_eq!(period.started_at, at("2026-03-20T10:00"));
    let (reported, _) = handed_over(changed.case, REPORT, &["一", "二"], "2026-04-10T10:00");
    assert_eq!(stage(&reported.case), &Stage::Transferred(None));
}

#[test]
fn who_is_not_prosecuted_is_released_by_a_paper_due_at_once() {
    let (case, exit) = transferred();
    let changed = prosecution(case, exit, ProsecutionDecision::NotProsecuted, "2026-03-20T10:00");
    let Stage::ReleaseDue(custody) = stage(&changed.case) else { panic!("not due") };
    assert_eq!(custody.clock.rule, ClockRule::ReleaseExecution);
    let (case, exit) = transferred_at_liberty();
    let changed = prosecution(case, exit, ProsecutionDecision::NotProsecuted, "2026-03-20T10:00");
    assert!(matches!(stage(&changed.case), Stage::NotProsecuted(_)));
}

#[test]
fn a_judgment_belongs_to_a_prosecution_and_is_recorded_once() {
    let (case, exit) = transferred();
    let now = at("2026-04-20T10:00");
    let convict = |case: CaseFile| case.judged(exit, CourtVerdict::Convicted, "判1号", now);
    assert_refused(convict(case.clone()), "EXIT_NOT_PROSECUTED");
    let case = prosecution(case, exit, ProsecutionDecision::Prosecuted, "2026-03-20T10:00").case;
    assert!(matches!(stage(&case), Stage::Prosecuted(_)));
    let judged = convict(case).unwrap();
    assert!(matches!(&judged.events[0].event, Event::Judged { .. }));
    assert!(convict(judged.case.clone()).unwrap().is_nothing());
    let other = judged.case.judged(exit, CourtVerdict::Acquitted, "判1号", now);
    assert_refused(other, "EXIT_ALREADY_RECORDED");
}

#[test]
fn an_answer_of_another_matter_is_refused() {
    let (case, exit) = transferred();
    let now = at("2026-03-20T10:00");
    let approved = gongxin_review_domain::ArrestDecision::Approved;
    let arrest = case.clone().exit_answered(exit, approved, "检", now, &law());
    assert_refused(arrest, "ANSWER_OF_OTHER_MATTER");
    let arrest_exit = case.exits()[0].id;
    let decided =
        case.prosecution_decided(arrest_exit, ProsecutionDecision::Prosecuted, "检", now, &law());
    assert_refused(decided, "ANSWER_OF_OTHER_MATTER");
}

#[test]
fn the_same_decision_again_is_nothing_and_another_is_refused() {
    let (case, exit) = transferred();
    let case = prosecution(case, exit, returned(), "2026-03-20T10:00").case;
    let now = at("2026-03-21T10:00");
    let decide =
        |decision| case.clone().prosecution_decided(exit, decision, "明检〔2026〕1号", now, &law());
    assert!(decide(returned()).unwrap().is_nothing());
    let fewer = ProsecutionDecision::Returned(vec![TASKS[0].into()]);
    for other in [fewer, ProsecutionDecision::Prosecuted, ProsecutionDecision::NotProsecuted] {
        assert_refused(decide(other), "EXIT_ALREADY_RECORDED");
    }
}

#[test]
fn a_late_report_on_somebody_detained_meanwhile_says_that_it_is_late() {
    let (case, exit) = transferred();
    let case = prosecution(case, exit, returned(), "2026-03-20T10:00").case;
    let release = act(&case, "释", at("2026-04-01T09:00"));
    let case = case.record_release(release, at("2026-04-01T09:00"), &law()).unwrap().case;
    let request = wants(&case, REPORT, &["一", "二"]);
    let id = request.request;
    let case = case.submit(request).unwrap().case;
    let opinion = case.give_opinion(id, Opinion::Pass, "同意".into(), officer(REVIEWER));
    let (verdict, report) = approval();
    let case =
        opinion.unwrap().case.decide(id, verdict, String::new(), officer(LEADER)).unwrap().case;
    // Detained again on new grounds, in time by that clock; the month of the return is over.
    let case = enter(case, MeasureKind::Detention, "2026-04-25T10:00").case;
    let delivered =
        case.exit_delivered(report, COURT_SIDE, at("2026-04-26T10:00"), &law()).unwrap();
    let names: Vec<_> = delivered.events.iter().map(|one| one.event.name()).collect();
    assert_eq!(names, ["exit.supplementary_overdue", "exit.delivered"]);
}
