//! The procuratorate's demand for reasons and the answer to it.

use jiff::civil::date;

use super::{at, decided, end_of, officer};
use crate::{
    AskWhyNotFiled, Changed, Event, Explanation, FieldError, Law, Outcome, Problem, Refusal,
    Report, Snapshot,
};

fn ask(report: Report, received_at: &str, now: &str) -> Result<Changed, Refusal> {
    let ask = AskWhyNotFiled {
        notice_number: "明检不立案说〔2026〕1号".to_owned(),
        received_at: at(received_at),
        recorded_by: officer("990005"),
        at: at(now),
    };
    report.ask_why_not_filed(ask, Law::builtin())
}

fn not_filed() -> Report {
    decided(Outcome::NotFiled, "2026-02-13T10:00")
}

fn asked() -> Report {
    ask(not_filed(), "2026-03-02T09:00", "2026-03-02T10:00").unwrap().into_parts().0
}

fn answer(when: &str) -> Explanation {
    Explanation {
        reasons: "没有犯罪事实。".to_owned(),
        answered_by: officer("990005"),
        answered_at: at(when),
        document_number: "明公（刑）不立说字〔2026〕1号".parse().unwrap(),
    }
}

#[test]
fn a_demand_starts_seven_days_and_is_entered_once() {
    let changed = ask(not_filed(), "2026-03-02T09:00", "2026-03-02T10:00").unwrap();
    let [Event::NonFilingQuestioned { answer, .. }] = changed.events() else {
        panic!("one demand");
    };
    assert_eq!(answer.due_at, end_of(date(2026, 3, 9)));
    let twice = ask(changed.into_parts().0, "2026-03-03T09:00", "2026-03-03T10:00");
    assert_eq!(twice.unwrap_err(), Refusal::QuestionNotOpen);
    for outcome in [Outcome::Filed, Outcome::Transferred] {
        let other = decided(outcome, "2026-02-13T10:00");
        let refused = ask(other, "2026-03-03T09:00", "2026-03-03T10:00").unwrap_err();
        assert_eq!(refused, Refusal::QuestionNotOpen);
    }
    let early = ask(not_filed(), "2026-02-13T09:59", "2026-03-03T10:00").unwrap_err();
    let error = FieldError { field: "received_at", problem: Problem::BeforeDecision };
    assert_eq!(early, Refusal::Invalid(vec![error]));
}

#[test]
fn an_answer_ends_it_and_can_be_saved_and_loaded() {
    let changed = asked().explain_non_filing(answer("2026-03-09T23:59")).unwrap();
    assert!(matches!(changed.events(), [Event::NonFilingExplained { was_overdue: false, .. }]));
    let report = changed.into_parts().0;
    assert_ne!(report.canonical(), asked().canonical());
    assert_eq!(Report::try_from(Snapshot::from(report.clone())).as_ref(), Ok(&report));
    assert!(report.clone().explanation_overdue(at("2026-03-10T00:00")).unwrap().is_nothing());
    let again = report.explain_non_filing(answer("2026-03-10T00:00"));
    assert_eq!(again.unwrap_err(), Refusal::QuestionNotOpen);
    let unasked = not_filed().explain_non_filing(answer("2026-03-10T00:00"));
    assert_eq!(unasked.unwrap_err(), Refusal::QuestionNotOpen);
}

#[test]
fn silence_past_the_end_is_noted_once() {
    let early = asked().explanation_overdue(at("2026-03-09T23:59")).unwrap();
    assert!(early.is_nothing());
    let changed = early.into_parts().0.explanation_overdue(at("2026-03-10T00:00")).unwrap();
    assert!(matches!(changed.events(), [Event::ExplanationOverdue { .. }]));
    let report = changed.into_parts().0;
    assert!(report.clone().explanation_overdue(at("2026-03-11T00:00")).unwrap().is_nothing());
    let late = report.explain_non_filing(answer("2026-03-11T00:00")).unwrap();
    assert!(matches!(late.events(), [Event::NonFilingExplained { was_overdue: true, .. }]));

    let late = asked().explain_non_filing(answer("2026-03-10T00:00")).unwrap();
    assert!(matches!(
        late.events(),
        [Event::ExplanationOverdue { .. }, Event::NonFilingExplained { was_overdue: true, .. }]
    ));
}
