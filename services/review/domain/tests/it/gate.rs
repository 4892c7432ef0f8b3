//! The one exit: receipts and answers once, custody under a clock at every step.

use gongxin_review_domain::{
    ArrestDecision, CaseFile, Changed, ClockChange, ClockRule, ExitId, ExitStage, MeasureKind,
    Opinion, Period, Refusal, Stage,
};

use crate::world::*;

fn clock(case: &CaseFile) -> Period {
    stage(case).clock().unwrap().clone()
}

fn deliver(case: CaseFile, exit: ExitId, received_at: &str) -> Result<Changed, Refusal> {
    case.exit_delivered(exit, COURT_SIDE, at(received_at), &law())
}

fn met(clock: &Period, done_at: &str) -> ClockChange {
    ClockChange::Meet { rule: clock.rule, subject: clock.subject, at: at(done_at) }
}

#[test]
fn delivery_meets_the_request_clock_and_starts_the_decision_clock() {
    let (case, exit) = approved(detained("2026-02-13T10:20"));
    let before = clock(&case);
    let changed = deliver(case, exit, "2026-02-15T10:00").unwrap();

    assert!(matches!(stage(&changed.case), Stage::ArrestRequested(_)));
    let after = clock(&changed.case);
    assert_eq!(after.rule, ClockRule::DecisionDetained);
    assert_eq!(after.due_at, end_of("2026-02-22"));
    assert_eq!(changed.clocks, [met(&before, "2026-02-15T10:00"), ClockChange::Start(after)]);
    assert_eq!(changed.events[0].event.name(), "exit.delivered");
}

#[test]
fn the_same_receipt_again_is_nothing_and_another_is_refused() {
    let (case, exit) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let again = deliver(case.clone(), exit, "2026-02-15T10:00").unwrap();
    assert!(again.is_nothing());
    assert_eq!(again.case, case);
    assert_refused(deliver(case.clone(), exit, "2026-02-15T10:01"), "EXIT_ALREADY_RECORDED");

    let case = answered(case, exit, ArrestDecision::Approved, "2026-02-20T10:00").case;
    assert!(deliver(case.clone(), exit, "2026-02-15T10:00").unwrap().is_nothing());
    assert_refused(deliver(case, ExitId::fresh(), "2026-02-15T10:00"), "EXIT_NOT_FOUND");
}

#[test]
fn at_liberty_the_exit_has_the_decision_clock_and_the_suspect_stays_free() {
    let (case, exit) = approved(received());
    let changed = deliver(case, exit, "2026-03-02T10:00").unwrap();

    assert_eq!(stage(&changed.case), &Stage::Free);
    let [ClockChange::Start(decision)] = &changed.clocks[..] else { panic!() };
    assert_eq!(decision.rule, ClockRule::DecisionAtLiberty);
    assert_eq!((decision.subject, decision.due_at), (exit.0, end_of("2026-03-17")));

    let decision = decision.clone();
    let approved = answered(changed.case, exit, ArrestDecision::Approved, "2026-03-10T10:00");
    assert_eq!(stage(&approved.case), &Stage::ArrestApproved(None));
    assert_eq!(approved.clocks, [met(&decision, "2026-03-10T10:00")]);

    let arrest = act(&approved.case, "捕", at("2026-03-10T15:00"));
    let release = act(&approved.case, "释", at("2026-03-10T15:00"));
    let nobody_held = approved.case.clone().record_release(release, at("2026-03-10T16:00"), &law());
    assert_refused(nobody_held, "SUSPECT_NOT_IN_CUSTODY");
    let arrested = approved.case.record_arrest(arrest, at("2026-03-10T16:00"), &law()).unwrap();
    assert_eq!(arrested.clocks, [ClockChange::Start(clock(&arrested.case))]);
}

#[test]
fn an_answer_puts_the_custody_under_the_clock_of_what_is_due_at_once() {
    for (decision, rule) in [
        (ArrestDecision::Approved, ClockRule::ArrestExecution),
        (ArrestDecision::Refused, ClockRule::ReleaseExecution),
    ] {
        let (case, exit) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
        let before = clock(&case);
        let changed = answered(case, exit, decision, "2026-02-20T10:00");

        let after = clock(&changed.case);
        assert_eq!((after.rule, after.due_at), (rule, at("2026-02-21T10:00")));
        assert_eq!(changed.clocks, [met(&before, "2026-02-20T10:00"), ClockChange::Start(after)]);
        assert!(matches!(
            (decision, stage(&changed.case)),
            (ArrestDecision::Approved, Stage::ArrestApproved(Some(_)))
                | (ArrestDecision::Refused, Stage::ReleaseDue(_))
        ));
        assert!(matches!(changed.case.exit(exit).unwrap().stage, ExitStage::Answered(..)));
    }
}

#[test]
fn the_clock_after_an_answer_never_outlasts_the_one_before() {
    let (case, exit) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let late = answered(case, exit, ArrestDecision::Approved, "2026-02-22T20:00").case;
    assert_eq!(clock(&late).due_at, end_of("2026-02-22"));
    let suspect = the_suspect(&late).id;
    let rule = ClockRule::ArrestExecution.code();
    let marked = late.custody_overdue(suspect, rule, at("2026-02-23T00:00")).unwrap();
    assert!(stage(&marked.case).custody().unwrap().overdue);
}

#[test]
fn the_same_answer_again_is_nothing_and_another_is_refused() {
    let (case, exit) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let case = answered(case, exit, ArrestDecision::Approved, "2026-02-20T10:00").case;

    let again = answered(case.clone(), exit, ArrestDecision::Approved, "2026-02-20T10:00");
    assert!(again.is_nothing());
    assert_eq!(again.case, case);
    for (decision, number) in
        [(ArrestDecision::Refused, "明检捕〔2026〕1号"), (ArrestDecision::Approved, "另一号")]
    {
        let other =
            case.clone().exit_answered(exit, decision, number, at("2026-02-20T10:00"), &law());
        assert_refused(other, "EXIT_ALREADY_RECORDED");
    }
}

#[test]
fn an_answer_before_delivery_or_without_number_is_refused() {
    let (case, exit) = approved(detained("2026-02-13T10:20"));
    let time = at("2026-02-20T10:00");
    let early = case.exit_answered(exit, ArrestDecision::Approved, "号", time, &law());
    assert_refused(early, "EXIT_NOT_DELIVERED");

    let (case, exit) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let unnumbered = case.exit_answered(exit, ArrestDecision::Approved, "", time, &law());
    assert_refused(unnumbered, "REVIEW_TEXT_INVALID");
}

#[test]
fn a_refusal_for_a_person_at_liberty_releases_nobody() {
    let (case, exit) = delivered(received(), "2026-03-02T10:00");
    let case = answered(case, exit, ArrestDecision::Refused, "2026-03-10T10:00").case;
    assert_eq!(stage(&case), &Stage::Free);
    let submission = submission(&case);
    assert!(case.submit(submission).is_ok());
}

#[test]
fn a_person_detained_while_the_request_is_out_is_guarded_from_then_on() {
    let (case, exit) = delivered(received(), "2026-03-02T10:00");
    let case = enter(case, MeasureKind::Detention, "2026-03-04T10:00").case;
    let detention = clock(&case);
    let at_liberty = case.exit(exit).unwrap().stage.clone();
    let ExitStage::Delivered(delivery) = at_liberty else { panic!() };

    let changed = answered(case, exit, ArrestDecision::Refused, "2026-03-05T10:00");
    let guard = clock(&changed.case);
    assert!(matches!(stage(&changed.case), Stage::ReleaseDue(_)));
    let time = "2026-03-05T10:00";
    assert_eq!(
        changed.clocks,
        [met(&delivery.decision, time), met(&detention, time), ClockChange::Start(guard)]
    );
}

#[test]
fn an_approved_arrest_takes_the_place_of_a_bail() {
    let (case, exit) = delivered(received(), "2026-03-02T10:00");
    let case = enter(case, MeasureKind::Bail, "2026-03-04T10:00").case;
    let bail = clock(&case);
    let changed = answered(case, exit, ArrestDecision::Approved, "2026-03-05T10:00");
    assert_eq!(stage(&changed.case), &Stage::ArrestApproved(None));
    let cancelled = ClockChange::Cancel { rule: bail.rule, subject: bail.subject };
    assert_eq!(changed.clocks.last(), Some(&cancelled));
}

#[test]
fn direct_sending_leaves_a_trace_and_nothing_else() {
    let (case, _) = reviewed(detained("2026-02-13T10:20"), Opinion::Pass);
    let changed = case.clone().refuse_direct_sending("提请批准逮捕书", unit()).unwrap();

    assert_eq!(changed.events[0].event.name(), "gate.direct_sending_refused");
    assert_eq!(changed.events[0].revision, case.revision().next());
    assert!(changed.clocks.is_empty());
    assert!(changed.case.exits().is_empty());
    assert_eq!(changed.case.suspects(), case.suspects());
    assert_refused(case.refuse_direct_sending(" ", unit()), "REVIEW_TEXT_INVALID");
}
