//! The filing review: its end over the holidays, more time, the decision.

use gongxin_kernel::{Post, Revision};
use gongxin_law::{Approver, LawError};
use jiff::civil::date;

use super::{at, decided, decision, end_of, extension, of_nature, register, theft, under_review};
use crate::{
    DecideFiling, Event, ExtendReview, ExtensionProblem, FieldError, Law, Nature, NewReport,
    Outcome, Problem, Receiver, Refusal, Report, Stage,
};

const LEADER: &[Post] = &[Post::BureauLeader];

fn due_after(extensions: &[&str]) -> jiff::Timestamp {
    let report = extensions.iter().fold(under_review(), |report, name| {
        let extend = extension(name, LEADER, "2026-02-13T10:00");
        report.extend(extend, Law::builtin()).unwrap().into_parts().0
    });
    report.filing_review().unwrap().period.due_at
}

#[test]
fn each_nature_starts_in_its_own_stage() {
    for (nature, stage) in [
        (Nature::Criminal, "filing_review"),
        (Nature::Administrative, "administrative"),
        (Nature::NotPolice, "not_police"),
        (Nature::Repeat, "linked"),
    ] {
        let changed = register(of_nature(nature)).unwrap();
        assert_eq!(changed.report().state().stage.code(), stage);
        assert_eq!(changed.report().state().revision, Revision::FIRST);
        assert!(matches!(changed.events(), [Event::Registered { .. }]));
        assert_eq!(changed.report().case_number().is_some(), nature.opens_case());
        let reviewed = changed.report().filing_review().is_some();
        assert_eq!(reviewed, nature == Nature::Criminal);
    }
}

/// Else a report could be linked away from every review: to one that had no review either.
#[test]
fn only_a_report_with_a_case_can_be_repeated() {
    let repeat = |nature: Option<Nature>| {
        let repeated = nature.map(|nature| crate::Repeated { number: "1".to_owned(), nature });
        let registration = crate::Registration { repeated, ..super::registration(Nature::Repeat) };
        Report::register(of_nature(Nature::Repeat), registration, Law::builtin())
    };
    assert!(repeat(Some(Nature::Criminal)).is_ok());
    assert!(repeat(Some(Nature::Administrative)).is_ok());
    for nature in [None, Some(Nature::NotPolice), Some(Nature::Repeat)] {
        let Err(Refusal::Invalid(errors)) = repeat(nature) else { panic!("{nature:?}") };
        assert_eq!(errors[0].field, "repeat_of");
    }
}

#[test]
fn three_days_that_end_in_the_spring_festival_move_behind_it() {
    // 12 February and three days is the 15th, the first day off; offices open on the 24th.
    let report = under_review();
    let period = &report.filing_review().unwrap().period;

    assert_eq!(period.rule, "intake.filing_review.criminal");
    assert_eq!(period.started_at, at("2026-02-12T09:30"));
    assert_eq!(period.due_at, end_of(date(2026, 2, 24)));
    assert!(!period.assumed);
    assert!(period.explained_zh.iter().any(|line| line.contains("春节")));
}

#[test]
fn a_report_entered_late_is_counted_from_the_telling() {
    let early = NewReport { told_at: at("2026-02-02T23:59"), occurred_at: None, ..theft() };
    let report = register(early).unwrap().into_parts().0;

    assert_eq!(report.filing_review().unwrap().period.due_at, end_of(date(2026, 2, 5)));
}

#[test]
fn extensions_are_counted_from_the_start() {
    assert_eq!(due_after(&["needs_checking"]), end_of(date(2026, 2, 24)));
    // 30 days from 12 February is Saturday 14 March.
    assert_eq!(due_after(&["major"]), end_of(date(2026, 3, 16)));
    assert_eq!(due_after(&["needs_checking", "major"]), end_of(date(2026, 3, 16)));
}

#[test]
fn who_registered_a_report_grants_it_no_more_time() {
    for name in ["needs_checking", "major"] {
        let extend = ExtendReview {
            approver: super::officer("990001"),
            ..extension(name, LEADER, "2026-02-13T10:00")
        };
        let refused = under_review().extend(extend, Law::builtin());
        assert_eq!(refused.unwrap_err(), Refusal::OwnMatter, "{name}");
    }
}

#[test]
fn an_extension_says_what_was_before_and_after() {
    let before = under_review().filing_review().unwrap().period.clone();
    let extend = extension("major", LEADER, "2026-02-13T10:00");

    let changed = under_review().extend(extend, Law::builtin()).unwrap();

    let [Event::FilingReviewExtended { before: old, after, extension, .. }] = changed.events()
    else {
        panic!("one extension");
    };
    assert_eq!((old, extension.as_str()), (&before, "major"));
    assert_eq!(after, &changed.report().filing_review().unwrap().period);
    assert_eq!(changed.report().state().revision, Revision(2));
}

#[test]
fn an_extension_needs_its_rank() {
    let check = |name: &str, posts: &[Post], granted: bool| {
        let extend = extension(name, posts, "2026-02-13T10:00");
        let result = under_review().extend(extend, Law::builtin());
        let rank = Refusal::ExtensionRefused(ExtensionProblem::Rank(Approver::CountyHead));
        assert_eq!(result.map(|_| ()), if granted { Ok(()) } else { Err(rank) }, "{posts:?}");
    };
    check("needs_checking", &[], true);
    check("major", &[Post::BureauLeader], true);
    check("major", &[Post::DutyLeader], true);
    check("major", &[Post::UnitHead, Post::LegalHead], false);
    check("major", &[], false);
}

#[test]
fn an_extension_the_rule_does_not_give_is_refused() {
    let refuse = |report: Report, name: &str| {
        let extend = extension(name, LEADER, "2026-02-13T10:00");
        match report.extend(extend, Law::builtin()) {
            Err(Refusal::ExtensionRefused(ExtensionProblem::Rule(error))) => error,
            other => panic!("{other:?}"),
        }
    };
    let extend = |name: &str| {
        let extend = extension(name, LEADER, "2026-02-13T10:00");
        under_review().extend(extend, Law::builtin()).unwrap().into_parts().0
    };

    assert!(matches!(refuse(under_review(), "second"), LawError::UnknownExtension { .. }));
    assert!(matches!(refuse(extend("major"), "major"), LawError::ExtensionRepeated(_)));
    let shorter = refuse(extend("major"), "needs_checking");
    assert!(matches!(shorter, LawError::ExtensionWithoutEffect(_)));
}

#[test]
fn a_clock_already_past_stays_past() {
    let last = "2026-02-24T23:59:59.999999";
    let in_time = under_review().extend(extension("major", LEADER, last), Law::builtin());
    assert!(in_time.is_ok());

    let late = extension("major", LEADER, "2026-02-25T00:00");
    let refused = under_review().extend(late, Law::builtin()).unwrap_err();
    assert_eq!(refused, Refusal::AlreadyOverdue);
    assert_eq!(refused.reason().code, "REVIEW_OVERDUE");
}

#[test]
fn a_ground_is_required_to_extend_and_to_decide() {
    let extend =
        ExtendReview { ground: " ".to_owned(), ..extension("major", LEADER, "2026-02-13T10:00") };
    let decide =
        DecideFiling { ground: String::new(), ..decision(Outcome::Filed, "2026-02-13T10:00") };

    let extended = under_review().extend(extend, Law::builtin());
    assert_eq!(extended.unwrap_err(), Refusal::GroundRequired);
    let decided = under_review().decide(decide, Law::builtin());
    assert_eq!(decided.unwrap_err(), Refusal::GroundRequired);
}

#[test]
fn who_registered_does_not_decide() {
    let mut own = decision(Outcome::Filed, "2026-02-13T10:00");
    own.decided_by = under_review().state().registered_by.clone();

    let refused = under_review().decide(own, Law::builtin()).unwrap_err();
    assert_eq!(refused, Refusal::OwnMatter);
}

#[test]
fn a_case_is_filed_in_time() {
    let changed = under_review()
        .decide(decision(Outcome::Filed, "2026-02-24T23:59:59.999999"), Law::builtin())
        .unwrap();

    let [Event::Filed { charge, was_overdue, registered_by, suspects, .. }] = changed.events()
    else {
        panic!("one filing");
    };
    assert_eq!((charge.as_str(), *was_overdue), ("盗窃罪", false));
    assert_eq!((registered_by.police_number.as_str(), suspects.len()), ("990001", 1));
    assert!(matches!(changed.report().state().stage, Stage::Filed { .. }));
}

/// A report with that charge, decided so.
fn charged(charge: &str, outcome: Outcome) -> Result<crate::Changed, Refusal> {
    let content = NewReport { charge: Some(charge.to_owned()), ..theft() };
    let report = register(content).unwrap().into_parts().0;
    report.decide(decision(outcome, "2026-02-13T10:00"), Law::builtin())
}

#[test]
fn a_duty_crime_is_transferred_and_never_filed() {
    assert_eq!(charged("受贿罪", Outcome::Filed).unwrap_err(), Refusal::DutyCrime);
    assert!(charged("非国家工作人员受贿罪", Outcome::Filed).is_ok());

    let changed = charged("受贿罪", Outcome::Transferred).unwrap();
    assert!(matches!(
        changed.events(),
        [Event::Transferred { receiver: Receiver::SupervisoryCommission, was_overdue: false, .. }]
    ));
    assert_eq!(changed.report().receiver(), Some(Receiver::SupervisoryCommission));
    assert!(charged("受贿罪", Outcome::NotFiled).is_ok());
}

#[test]
fn a_transfer_names_who_receives_it_and_nothing_else_does() {
    let check = |outcome, receiver, problem: Problem| {
        let decide = DecideFiling { receiver, ..decision(outcome, "2026-02-13T10:00") };
        let refused = under_review().decide(decide, Law::builtin()).unwrap_err();
        let error = FieldError { field: "receiving_organ", problem };
        assert_eq!(refused, Refusal::Invalid(vec![error]), "{outcome:?}");
    };
    check(Outcome::Transferred, None, Problem::Required);
    check(Outcome::Filed, Some(Receiver::Court), Problem::NotWanted);
    check(Outcome::NotFiled, Some(Receiver::Court), Problem::NotWanted);
}

#[test]
fn a_late_decision_notes_the_overrun_first() {
    for outcome in Outcome::ALL {
        let late = decision(*outcome, "2026-02-25T00:00");
        let changed = under_review().decide(late, Law::builtin()).unwrap();

        let revisions: Vec<_> = changed.numbered().map(|(revision, _)| revision.0).collect();
        assert_eq!(revisions, [2, 3]);
        assert!(matches!(
            changed.events(),
            [
                Event::FilingReviewOverdue { .. },
                Event::Filed { was_overdue: true, .. }
                    | Event::NotFiled { was_overdue: true, .. }
                    | Event::Transferred { was_overdue: true, .. },
            ]
        ));
        assert!(changed.report().was_overdue());
    }
}

#[test]
fn an_overrun_is_noted_once_and_the_case_is_still_decided() {
    let early = under_review().overdue(at("2026-02-24T23:59")).unwrap();
    assert!(early.is_nothing());
    let changed = early.into_parts().0.overdue(at("2026-02-25T00:00")).unwrap();
    assert!(matches!(changed.events(), [Event::FilingReviewOverdue { .. }]));
    let report = changed.into_parts().0;
    assert!(report.clone().overdue(at("2026-02-26T00:00")).unwrap().is_nothing());

    let late = decision(Outcome::Filed, "2026-02-26T10:00");
    let decided = report.decide(late, Law::builtin()).unwrap();
    assert!(matches!(decided.events(), [Event::Filed { was_overdue: true, .. }]));
    assert!(decided.into_parts().0.overdue(at("2026-02-27T00:00")).unwrap().is_nothing());
}

#[test]
fn what_is_not_under_review_is_neither_extended_nor_decided() {
    let stages = [
        decided(Outcome::Filed, "2026-02-13T10:00"),
        decided(Outcome::NotFiled, "2026-02-13T10:00"),
        decided(Outcome::Transferred, "2026-02-13T10:00"),
        register(of_nature(Nature::Administrative)).unwrap().into_parts().0,
        register(of_nature(Nature::NotPolice)).unwrap().into_parts().0,
        register(of_nature(Nature::Repeat)).unwrap().into_parts().0,
    ];
    for report in stages {
        let extend = extension("major", LEADER, "2026-02-13T11:00");
        let extended = report.clone().extend(extend, Law::builtin());
        assert_eq!(extended.unwrap_err(), Refusal::NotUnderReview);
        for outcome in Outcome::ALL {
            let decide = decision(*outcome, "2026-02-13T11:00");
            let decided = report.clone().decide(decide, Law::builtin());
            assert_eq!(decided.unwrap_err(), Refusal::NotUnderReview);
        }
        let overdue = report.clone().overdue(at("2026-05-01T00:00"));
        if report.decision().is_some() {
            assert!(overdue.unwrap().is_nothing());
        } else {
            assert_eq!(overdue.unwrap_err(), Refusal::NotUnderReview);
        }
    }
}
