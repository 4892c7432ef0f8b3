//! Serving the notice of non-filing and the time for reconsideration.

use jiff::civil::date;

use super::{at, decided, decision, end_of, of_nature, register, theft, under_review};
use crate::{Event, FieldError, Law, Nature, NewReport, Outcome, Problem, Refusal, Report};

const DECIDED: &str = "2026-02-13T10:00";

fn not_filed() -> Report {
    decided(Outcome::NotFiled, DECIDED)
}

fn served(served_at: &str, recorded_at: &str) -> Result<crate::Changed, Refusal> {
    not_filed().notice_served(at(served_at), at(recorded_at), Law::builtin())
}

#[test]
fn non_filing_owes_a_notice_within_three_days_moved_off_the_holidays() {
    let report = not_filed();
    assert_eq!(report.notice().unwrap().deadline.period.due_at, end_of(date(2026, 2, 24)));
}

#[test]
fn no_notice_is_owed_where_nobody_is_known() {
    let anonymous = register(NewReport { reporter: None, ..theft() }).unwrap().into_parts().0;
    let decide = decision(Outcome::NotFiled, DECIDED);
    let changed = anonymous.decide(decide, Law::builtin()).unwrap();

    assert!(matches!(changed.events(), [Event::NotFiled { notice: None, .. }]));
    let report = changed.into_parts().0;
    assert_eq!(report.notice_overdue(at("2026-05-01T00:00")), Err(Refusal::NoticeNotOwed));
}

#[test]
fn service_starts_seven_days_for_reconsideration() {
    let changed = served("2026-02-13T15:00", "2026-02-13T16:00").unwrap();

    let [Event::NoticeServed { reconsideration, served_at, .. }] = changed.events() else {
        panic!("one service");
    };
    assert_eq!(*served_at, at("2026-02-13T15:00"));
    assert_eq!(reconsideration.due_at, end_of(date(2026, 2, 24)));

    let later = served("2026-02-24T15:00", "2026-02-24T16:00").unwrap();
    let service = later.report().notice().unwrap().served.clone().unwrap();
    assert_eq!(service.reconsideration.period.due_at, end_of(date(2026, 3, 3)));
}

#[test]
fn service_is_neither_before_the_decision_nor_in_the_future() {
    let check = |served_at: &str, problem: Option<Problem>| {
        let result = served(served_at, "2026-02-13T16:00");
        let error = |problem| FieldError { field: "served_at", problem };
        let expected = problem.map(|problem| Refusal::Invalid(vec![error(problem)]));
        assert_eq!(result.err(), expected, "{served_at}");
    };
    check("2026-02-13T09:59", Some(Problem::BeforeDecision));
    check(DECIDED, None);
    check("2026-02-13T16:00", None);
    check("2026-02-13T16:01", Some(Problem::InFuture));
}

#[test]
fn a_notice_is_served_once_and_only_where_one_is_owed() {
    let once = served("2026-02-13T15:00", "2026-02-13T16:00").unwrap().into_parts().0;
    for report in [
        once,
        under_review(),
        decided(Outcome::Filed, DECIDED),
        register(of_nature(Nature::Administrative)).unwrap().into_parts().0,
    ] {
        let again =
            report.notice_served(at("2026-02-13T15:00"), at("2026-02-13T17:00"), Law::builtin());
        assert_eq!(again.unwrap_err(), Refusal::NoticeNotOwed);
    }
}

#[test]
fn a_notice_not_served_in_time_is_noted_once() {
    let early = not_filed().notice_overdue(at("2026-02-24T23:59")).unwrap();
    assert!(early.is_nothing());
    let changed = early.into_parts().0.notice_overdue(at("2026-02-25T00:00")).unwrap();
    assert!(matches!(changed.events(), [Event::NoticeOverdue { .. }]));
    let report = changed.into_parts().0;
    assert!(report.clone().notice_overdue(at("2026-02-26T00:00")).unwrap().is_nothing());

    let late = report.notice_served(at("2026-02-26T09:00"), at("2026-02-26T10:00"), Law::builtin());
    assert!(matches!(late.unwrap().events(), [Event::NoticeServed { .. }]));
}

#[test]
fn late_service_notes_the_overrun_and_late_recording_does_not() {
    let late = served("2026-02-25T09:00", "2026-02-25T10:00").unwrap();
    assert!(matches!(late.events(), [Event::NoticeOverdue { .. }, Event::NoticeServed { .. }]));

    let recorded_late = served("2026-02-24T09:00", "2026-02-25T10:00").unwrap();
    assert!(matches!(recorded_late.events(), [Event::NoticeServed { .. }]));
    let report = recorded_late.into_parts().0;
    assert!(report.notice_overdue(at("2026-02-26T00:00")).unwrap().is_nothing());
}

#[test]
fn the_time_for_reconsideration_ends_once() {
    let report = served("2026-02-24T15:00", "2026-02-24T16:00").unwrap().into_parts().0;
    let early = report.reconsideration_ended(at("2026-03-03T23:59")).unwrap();
    assert!(early.is_nothing());
    let ended = early.into_parts().0.reconsideration_ended(at("2026-03-04T00:00")).unwrap();
    assert!(matches!(ended.events(), [Event::ReconsiderationEnded { .. }]));
    let again = ended.into_parts().0.reconsideration_ended(at("2026-03-05T00:00")).unwrap();
    assert!(again.is_nothing());

    let unserved = not_filed().reconsideration_ended(at("2026-03-05T00:00"));
    assert_eq!(unserved.unwrap_err(), Refusal::NoticeNotOwed);
}
