//! Measures: entered as carried out, extended within the law, ended by a paper and by nothing else.

use gongxin_law::Grant;
use gongxin_review_domain::{
    ArrestDecision, CaseFile, Changed, ClockChange, ClockRule, Custody, DetentionExtension, Event,
    MeasureKind, Refusal, Stage,
};

use crate::world::*;

fn grant(case: &CaseFile, extension: &str, days: Option<u16>) -> DetentionExtension {
    DetentionExtension {
        suspect: the_suspect(case).id,
        extension: extension.into(),
        days,
        ground: "流窜作案".into(),
        approver: officer(LEADER),
    }
}

fn extend(case: CaseFile, extension: &str, now: &str) -> Result<Changed, Refusal> {
    let grant = grant(&case, extension, None);
    case.extend_detention(grant, at(now), &law())
}

fn custody(case: &CaseFile) -> &Custody {
    stage(case).custody().unwrap()
}

fn overdue(case: CaseFile, rule: ClockRule, now: &str) -> Result<Changed, Refusal> {
    let suspect = the_suspect(&case).id;
    case.custody_overdue(suspect, rule.code(), at(now))
}

#[test]
fn a_received_case_begins_at_revision_one_with_free_suspects() {
    let changed = CaseFile::receive(filed(2));

    assert_eq!(changed.events.len(), 1);
    assert_eq!(changed.events[0].revision.0, 1);
    assert_eq!(changed.events[0].event.name(), "case.received");
    assert!(changed.case.suspects().iter().all(|suspect| suspect.stage == Stage::Free));
    assert_ne!(changed.case.suspects()[0].id, changed.case.suspects()[1].id);
    assert!(changed.clocks.is_empty());
}

#[test]
fn a_detention_inside_the_spring_festival_does_not_move() {
    let changed = enter(received(), MeasureKind::Detention, "2026-02-13T10:20");

    let clock = &custody(&changed.case).clock;
    assert_eq!(clock.rule, ClockRule::ArrestRequest);
    assert_eq!(clock.due_at, end_of("2026-02-16"));
    assert_eq!(clock.warn_at, at("2026-02-15T00:00"));
    assert_eq!(clock.subject, the_suspect(&changed.case).id.0);
    assert!(!clock.explained_zh.is_empty());
    assert_eq!(changed.clocks, [ClockChange::Start(clock.clone())]);
    assert_eq!(changed.case.revision().0, 2);
}

#[test]
fn a_detention_goes_from_three_to_seven_to_thirty_days_from_its_start() {
    let case = detained("2026-02-13T10:20");

    let seven = extend(case, "special", "2026-02-16T09:00").unwrap();
    assert_eq!(custody(&seven.case).clock.due_at, end_of("2026-02-20"));
    assert!(
        matches!(&seven.clocks[..], [ClockChange::Move(to)] if to.due_at == end_of("2026-02-20"))
    );

    let thirty = extend(seven.case, "thirty_days", "2026-02-20T23:59:59").unwrap();
    let clock = &custody(&thirty.case).clock;
    assert_eq!(clock.due_at, end_of("2026-03-15"));
    assert_eq!(clock.grants, [Grant::full("special"), Grant::full("thirty_days")]);
    let Event::DetentionExtended { before, after, .. } = &thirty.events[0].event else { panic!() };
    assert_eq!((before.due_at, after.due_at), (end_of("2026-02-20"), end_of("2026-03-15")));
}

/// The leader grants one to four days (CPL 91): nobody is held a day longer than was granted.
#[test]
fn a_leader_may_grant_fewer_days_than_the_law_allows_and_never_more() {
    let case = detained("2026-02-13T10:20");
    let now = at("2026-02-14T09:00");
    for (extension, days, end) in [
        ("special", Some(1), "2026-02-17"),
        ("special", Some(4), "2026-02-20"),
        ("special", None, "2026-02-20"),
        ("thirty_days", Some(20), "2026-03-05"),
    ] {
        let grant = grant(&case, extension, days);
        let changed = case.clone().extend_detention(grant, now, &law()).unwrap();
        assert_eq!(custody(&changed.case).clock.due_at, end_of(end), "{extension} {days:?}");
    }
    for (extension, days) in [("special", 0), ("special", 5), ("thirty_days", 31)] {
        let grant = grant(&case, extension, Some(days));
        let refused = case.clone().extend_detention(grant, now, &law());
        assert_refused(refused, "DETENTION_EXTENSION_REFUSED");
    }
}

#[test]
fn who_handled_the_case_does_not_grant_a_longer_detention() {
    let case = detained("2026-02-13T10:20");
    for handler in [REGISTRAR, HANDLER] {
        let approver = officer(handler);
        let grant = DetentionExtension { approver, ..grant(&case, "special", None) };
        let own = case.clone().extend_detention(grant, at("2026-02-14T09:00"), &law());
        assert_refused(own, "SEPARATION_OF_DUTIES");
    }
}

#[test]
fn an_extension_past_the_caps_or_after_the_end_is_refused() {
    let case = detained("2026-02-13T10:20");
    let refused = "DETENTION_EXTENSION_REFUSED";
    assert_refused(extend(case.clone(), "no_such", "2026-02-14T09:00"), refused);
    assert_refused(extend(case.clone(), "special", "2026-02-17T00:00"), "DETENTION_ENDED");
    let thirty = extend(case, "thirty_days", "2026-02-14T09:00").unwrap().case;
    assert_refused(extend(thirty.clone(), "special", "2026-02-14T10:00"), refused);
    assert_refused(extend(thirty, "thirty_days", "2026-02-14T10:00"), refused);
    assert_refused(extend(received(), "special", "2026-02-14T10:00"), "SUSPECT_NOT_DETAINED");
}

#[test]
fn a_detention_cannot_be_extended_once_the_request_is_out() {
    let (case, _) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    assert_refused(extend(case, "special", "2026-02-15T11:00"), "SUSPECT_NOT_DETAINED");
}

#[test]
fn bail_runs_twelve_months_holds_nobody_and_is_lifted_by_its_paper() {
    let changed = enter(received(), MeasureKind::Bail, "2026-02-13T10:20");

    let Stage::Bail(bail) = stage(&changed.case) else { panic!() };
    assert_eq!(bail.clock.due_at, end_of("2027-02-13"));
    assert!(stage(&changed.case).custody().is_none());
    let clock = bail.clock.clone();
    let now = at("2026-06-14T09:00");
    let lifted = act(&changed.case, "明公（刑）解保字〔2026〕1号", now);
    let lifted = changed.case.record_release(lifted, now, &law()).unwrap();
    assert_eq!(named(&lifted), ["suspect.bail_lifted"]);
    let met = ClockChange::Meet { rule: clock.rule, subject: clock.subject, at: now };
    assert_eq!(lifted.clocks, [met]);
    let again = act(&lifted.case, "另一号", now);
    assert_refused(lifted.case.record_release(again, now, &law()), "SUSPECT_NOT_IN_CUSTODY");
}

#[test]
fn a_measure_is_refused_over_another_in_the_future_without_paper_or_for_nobody() {
    let now = at("2026-02-13T10:20");
    let case = received();
    let enter =
        |case: &CaseFile, act| case.clone().enter_measure(MeasureKind::Detention, act, now, &law());
    let held = detained("2026-02-13T10:20");
    assert_refused(enter(&held, act(&held, "拘", now)), "MEASURE_IN_FORCE");
    assert_refused(
        enter(&case, act(&case, "拘", at("2026-02-13T10:21"))),
        "MEASURE_TIME_IMPOSSIBLE",
    );
    assert_refused(enter(&case, act(&case, " ", now)), "REVIEW_TEXT_INVALID");
    assert_refused(
        enter(&case, act(&case, "拘", at("1990-01-01T00:00"))),
        "MEASURE_PERIOD_UNKNOWN",
    );
    assert_refused(enter(&case, act(&received(), "拘", now)), "SUSPECT_NOT_FOUND");
}

#[test]
fn a_measure_is_entered_late_but_counts_from_the_act_and_waits_for_no_review() {
    let (case, _) = submitted(received());
    let late = act(&case, "拘", at("2026-02-13T10:20"));
    let now = at("2026-02-20T09:00");
    let case = case.enter_measure(MeasureKind::Detention, late, now, &law()).unwrap().case;
    assert_eq!(custody(&case).clock.due_at, end_of("2026-02-16"));
}

#[test]
fn an_ended_custody_clock_is_marked_once_and_releases_nobody() {
    let case = detained("2026-02-13T10:20");
    let rule = ClockRule::ArrestRequest;
    assert_refused(overdue(case.clone(), rule, "2026-02-16T23:59:59"), "REVIEW_CLOCK_NOT_ENDED");
    assert_refused(
        overdue(case.clone(), ClockRule::DecisionDetained, "2026-03-01T00:00"),
        "REVIEW_CLOCK_NOT_ENDED",
    );

    let marked = overdue(case, rule, "2026-02-17T00:00").unwrap();
    assert!(matches!(stage(&marked.case), Stage::Detained(held) if held.overdue));
    assert_eq!(marked.events[0].event.name(), "suspect.custody_overdue");
    assert!(marked.clocks.is_empty());

    let again = overdue(marked.case.clone(), rule, "2026-02-18T00:00").unwrap();
    assert!(again.is_nothing());
    assert_eq!(again.case, marked.case);
}

#[test]
fn the_end_of_a_bail_is_no_custody_overdue() {
    let case = enter(received(), MeasureKind::Bail, "2026-02-13T10:20").case;
    assert_refused(overdue(case, ClockRule::Bail, "2028-01-01T00:00"), "REVIEW_CLOCK_NOT_ENDED");
}

#[test]
fn the_overdue_mark_stays_until_a_new_ground_of_custody() {
    let case = detained("2026-02-13T10:20");
    let case = overdue(case, ClockRule::ArrestRequest, "2026-02-17T00:00").unwrap().case;
    let (case, exit) = delivered(case, "2026-02-18T10:00");
    assert!(custody(&case).overdue);
    let case = answered(case, exit, ArrestDecision::Approved, "2026-02-19T10:00").case;
    assert!(custody(&case).overdue);

    let act = act(&case, "捕", at("2026-02-19T15:00"));
    let case = case.record_arrest(act, at("2026-02-19T16:00"), &law()).unwrap().case;
    assert!(!custody(&case).overdue);
    let marked = overdue(case, ClockRule::InvestigationCustody, "2026-04-20T00:00").unwrap();
    assert!(!marked.is_nothing());
}

fn named(changed: &Changed) -> Vec<&'static str> {
    changed.events.iter().map(|recorded| recorded.event.name()).collect()
}

/// The runner may stand still, and an act may be entered long after it was done: lateness is on
/// record all the same.
#[test]
fn an_act_after_the_end_of_custody_is_itself_the_record_that_custody_was_overdue() {
    let overdue = "suspect.custody_overdue";
    let case = detained("2026-02-13T10:20");
    let release = act(&case, "释", at("2026-02-17T00:00"));
    let released = case.clone().record_release(release, at("2026-02-20T09:00"), &law()).unwrap();
    assert_eq!(named(&released), [overdue, "suspect.released"]);

    let (ready, exit) = approved(case);
    let sent = ready.exit_delivered(exit, COURT_SIDE, at("2026-02-17T00:00"), &law()).unwrap();
    assert_eq!(named(&sent), [overdue, "exit.delivered"]);
    assert!(custody(&sent.case).overdue);
    let sent = sent.case;
    let again = answered(sent, exit, ArrestDecision::Approved, "2026-02-27T10:00");
    assert_eq!(named(&again), ["exit.answered"], "marked once in one measure");

    let (waiting, exit) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let late = answered(waiting.clone(), exit, ArrestDecision::Refused, "2026-02-23T00:00");
    assert_eq!(named(&late), [overdue, "exit.answered"]);
    assert!(custody(&late.case).overdue);

    let case = answered(waiting, exit, ArrestDecision::Approved, "2026-02-22T10:00").case;
    let arrest = act(&case, "捕", at("2026-02-23T00:00"));
    let arrested = case.record_arrest(arrest, at("2026-02-23T09:00"), &law()).unwrap();
    assert_eq!(named(&arrested), [overdue, "suspect.arrested"]);
    assert!(!custody(&arrested.case).overdue);
}

#[test]
fn an_act_in_time_that_is_entered_late_marks_nothing() {
    let case = detained("2026-02-13T10:20");
    let release = act(&case, "释", end_of("2026-02-16"));
    let released = case.record_release(release, at("2026-02-20T09:00"), &law()).unwrap();
    assert_eq!(named(&released), ["suspect.released"]);
}

#[test]
fn an_approved_arrest_runs_two_months_from_its_execution() {
    let (case, exit) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let case = answered(case, exit, ArrestDecision::Approved, "2026-02-20T10:00").case;
    let guard = custody(&case).clock.clone();

    let arrest = act(&case, "捕", at("2026-02-20T15:00"));
    let changed = case.record_arrest(arrest, at("2026-02-20T16:00"), &law()).unwrap();

    assert!(matches!(stage(&changed.case), Stage::Arrested(_)));
    let clock = custody(&changed.case).clock.clone();
    assert_eq!(clock.rule, ClockRule::InvestigationCustody);
    assert_eq!(clock.due_at, end_of("2026-04-20"));
    let met =
        ClockChange::Meet { rule: guard.rule, subject: guard.subject, at: at("2026-02-20T15:00") };
    assert_eq!(changed.clocks, [met, ClockChange::Start(clock)]);
}

#[test]
fn an_arrest_without_approval_or_at_an_impossible_time_is_refused() {
    let now = at("2026-02-21T09:00");
    let case = detained("2026-02-13T10:20");
    let early = act(&case, "捕", now);
    assert_refused(case.clone().record_arrest(early, now, &law()), "ARREST_NOT_APPROVED");

    let (case, exit) = delivered(case, "2026-02-15T10:00");
    let case = answered(case, exit, ArrestDecision::Approved, "2026-02-20T10:00").case;
    for time in ["2026-02-21T09:01", "2026-02-13T10:19"] {
        let wrong = act(&case, "捕", at(time));
        assert_refused(case.clone().record_arrest(wrong, now, &law()), "MEASURE_TIME_IMPOSSIBLE");
    }
}

#[test]
fn a_release_paper_releases_from_every_stage_of_custody_and_closes_the_clock() {
    let start = detained("2026-02-13T10:20");
    let (requested, exit) = delivered(start.clone(), "2026-02-15T10:00");
    let answer = |decision| answered(requested.clone(), exit, decision, "2026-02-20T10:00").case;
    let approved = answer(ArrestDecision::Approved);
    let arrest = act(&approved, "捕", at("2026-02-20T15:00"));
    let arrested =
        approved.clone().record_arrest(arrest, at("2026-02-20T16:00"), &law()).unwrap().case;
    let refused = answer(ArrestDecision::Refused);

    for case in [start, requested.clone(), approved, arrested, refused] {
        let clock = custody(&case).clock.clone();
        let served = at("2026-02-21T08:00");
        let release = act(&case, "明公（刑）释字〔2026〕1号", served);
        let changed = case.record_release(release.clone(), at("2026-02-21T09:00"), &law()).unwrap();

        assert!(
            matches!(stage(&changed.case), Stage::Released(paper) if paper.served_at == served)
        );
        let met = ClockChange::Meet { rule: clock.rule, subject: clock.subject, at: served };
        assert_eq!(changed.clocks, [met]);
        assert_eq!(changed.events.last().unwrap().event.name(), "suspect.released");

        let again =
            changed.case.clone().record_release(release, at("2026-02-22T09:00"), &law()).unwrap();
        assert!(again.is_nothing());
        let other = act(&changed.case, "另一号", served);
        let other = changed.case.record_release(other, at("2026-02-22T09:00"), &law());
        assert_refused(other, "SUSPECT_NOT_IN_CUSTODY");
    }
}

#[test]
fn a_release_without_paper_or_before_the_detention_is_refused() {
    let case = detained("2026-02-13T10:20");
    let now = at("2026-02-14T09:00");
    let blank = act(&case, "", now);
    assert_refused(case.clone().record_release(blank, now, &law()), "REVIEW_TEXT_INVALID");
    for time in ["2026-02-13T10:19", "2026-02-14T09:01"] {
        let wrong = act(&case, "释", at(time));
        assert_refused(case.clone().record_release(wrong, now, &law()), "MEASURE_TIME_IMPOSSIBLE");
    }
}

/// A release paper and a new warrant would start the three days anew as often as one likes.
#[test]
fn a_second_detention_in_the_same_case_is_a_fact_of_its_own() {
    let first = enter(received(), MeasureKind::Detention, "2026-02-13T10:20");
    assert_eq!(named(&first), ["suspect.measure_entered"]);
    let release = act(&first.case, "释", at("2026-02-16T23:00"));
    let case = first.case.record_release(release, at("2026-02-16T23:00"), &law()).unwrap().case;

    let second = enter(case.clone(), MeasureKind::Detention, "2026-02-16T23:01");
    assert_eq!(named(&second), ["suspect.detained_again"]);
    let bail = enter(case, MeasureKind::Bail, "2026-02-16T23:01");
    assert_eq!(named(&bail), ["suspect.measure_entered"]);
}

#[test]
fn a_released_person_can_go_on_bail_but_not_before_the_release() {
    let case = detained("2026-02-13T10:20");
    let release = act(&case, "释", at("2026-02-14T09:00"));
    let case = case.record_release(release, at("2026-02-14T09:00"), &law()).unwrap().case;

    let now = at("2026-02-14T12:00");
    let before = act(&case, "保", at("2026-02-14T08:00"));
    let early = case.clone().enter_measure(MeasureKind::Bail, before, now, &law());
    assert_refused(early, "MEASURE_TIME_IMPOSSIBLE");
    let bail = act(&case, "保", at("2026-02-14T09:30"));
    let case = case.enter_measure(MeasureKind::Bail, bail, now, &law()).unwrap().case;
    assert!(matches!(stage(&case), Stage::Bail(_)));
}

/// Names of the events of a change, and the period that was overrun, if the first says so.
fn overrun(changed: &Changed) -> (Vec<&'static str>, Option<ClockRule>) {
    let names = changed.events.iter().map(|recorded| recorded.event.name()).collect();
    let rule = match &changed.events[0].event {
        Event::CustodyOverdue { period, .. } => Some(period.rule),
        _ => None,
    };
    (names, rule)
}

#[test]
fn an_overrun_that_the_runner_has_not_marked_is_marked_by_the_act_that_ends_the_clock() {
    let in_time = end_of("2026-02-16");
    let late = at("2026-02-17T00:00");
    let held = detained("2026-02-13T10:20");
    let release = |case: &CaseFile, served_at| {
        case.clone().record_release(act(case, "释", served_at), late, &law()).unwrap()
    };
    assert_eq!(overrun(&release(&held, in_time)), (vec!["suspect.released"], None));
    let both = vec!["suspect.custody_overdue", "suspect.released"];
    let released = release(&held, late);
    assert_eq!(overrun(&released), (both, Some(ClockRule::ArrestRequest)));
    assert_eq!(released.case.revision().0, held.revision().0 + 2);
    let marked = overdue(held.clone(), ClockRule::ArrestRequest, "2026-02-17T00:00").unwrap().case;
    assert_eq!(overrun(&release(&marked, late)).0, ["suspect.released"], "marked once");

    let (ready, exit) = approved(held);
    let deliver = |at| ready.clone().exit_delivered(exit, COURT_SIDE, at, &law()).unwrap();
    assert_eq!(overrun(&deliver(in_time)), (vec!["exit.delivered"], None));
    let delivered = deliver(late);
    let both = vec!["suspect.custody_overdue", "exit.delivered"];
    assert_eq!(overrun(&delivered), (both, Some(ClockRule::ArrestRequest)));
    assert!(custody(&delivered.case).overdue, "the next clock does not wash it off");
}

#[test]
fn an_arrest_after_the_end_of_its_clock_marks_the_overrun_first() {
    let (case, exit) = delivered(detained("2026-02-13T10:20"), "2026-02-15T10:00");
    let case = answered(case, exit, ArrestDecision::Approved, "2026-02-16T10:00").case;
    let arrest = |when| {
        let now = at("2026-02-18T10:00");
        case.clone().record_arrest(act(&case, "捕", at(when)), now, &law()).unwrap()
    };
    assert_eq!(overrun(&arrest("2026-02-17T10:00")), (vec!["suspect.arrested"], None));
    let late = arrest("2026-02-17T10:01");
    let both = vec!["suspect.custody_overdue", "suspect.arrested"];
    assert_eq!(overrun(&late), (both, Some(ClockRule::ArrestExecution)));
    assert!(!custody(&late.case).overdue, "the arrest is a new ground");
}
