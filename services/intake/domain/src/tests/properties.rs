//! Whatever is asked of a report, in whatever order, its history stays whole.

use std::sync::LazyLock;

use gongxin_kernel::{Post, Revision};
use gongxin_law::Calendar;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{at, decision, extension, officer, theft, under_review};
use crate::{
    AskWhyNotFiled, Changed, Event, Law, NewReport, Outcome, Period, Refusal, Report, Snapshot,
};

#[derive(Clone, Debug)]
enum Command {
    Extend(&'static str),
    Decide(Outcome, bool),
    Overdue,
    Serve { hours_ago: i64 },
    NoticeOverdue,
    ReconsiderationEnded,
    Ask,
    Question,
    Recompute { rule: usize, last_year: bool },
}

/// The rules of the periods that a report can run.
const RULES: [&str; 5] = [
    "intake.filing_review.criminal",
    "intake.non_filing.notice",
    "intake.non_filing.reconsideration.request",
    "intake.non_filing.reconsideration.decide",
    "intake.filing_supervision.explain_non_filing",
];

/// The law as it stood before the days off of 2026 were known.
fn last_year() -> Law<'static> {
    static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::known_on(date(2025, 1, 1)));
    Law { calendar: &CALENDAR, ..Law::builtin() }
}

/// Every period that the report has, running or not.
fn periods(report: &Report) -> Vec<&Period> {
    let notice = report.notice();
    let served = notice.and_then(|notice| notice.served.as_ref());
    [
        report.filing_review(),
        notice.map(|notice| &notice.deadline),
        served.map(|served| &served.reconsideration),
        report.reconsideration().map(|asked| &asked.deadline),
        report.question().map(|question| &question.deadline),
    ]
    .into_iter()
    .flatten()
    .map(|deadline| &deadline.period)
    .collect()
}

/// No edit of a report moves a due date: an extension does, with its approver, or the law.
fn only_the_law_moves(
    before: &Report,
    after: &Report,
    events: &[Event],
) -> Result<(), TestCaseError> {
    for was in periods(before) {
        let is = periods(after).into_iter().find(|is| is.rule == was.rule).expect("kept");
        let says_so = events.iter().any(|event| match event {
            Event::FilingReviewExtended { before, after, .. } => before == was && after == is,
            Event::PeriodRecomputed { before, after, reason, .. } => {
                **before == *was && **after == *is && !reason.is_empty()
            }
            _ => false,
        });
        prop_assert!(was == is || says_so, "{was:?} became {is:?} without an event");
    }
    Ok(())
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        prop::sample::select(vec!["needs_checking", "major", "none"]).prop_map(Command::Extend),
        (prop::sample::select(Outcome::ALL), any::<bool>())
            .prop_map(|(outcome, own)| Command::Decide(outcome, own)),
        Just(Command::Overdue),
        (-5..200_i64).prop_map(|hours_ago| Command::Serve { hours_ago }),
        Just(Command::NoticeOverdue),
        Just(Command::ReconsiderationEnded),
        Just(Command::Ask),
        Just(Command::Question),
        (0..RULES.len(), any::<bool>())
            .prop_map(|(rule, last_year)| Command::Recompute { rule, last_year }),
    ]
}

fn run(report: Report, command: &Command, now: Timestamp) -> Result<Changed, Refusal> {
    let law = Law::builtin();
    match command {
        Command::Extend(name) => {
            let mut extend = extension(name, &[Post::BureauLeader], "2026-02-13T10:00");
            extend.at = now;
            report.extend(extend, law)
        }
        Command::Decide(outcome, own) => {
            let mut decide = decision(*outcome, "2026-02-13T10:00");
            decide.at = now;
            decide.decided_by = officer(if *own { "990001" } else { "990002" });
            report.decide(decide, law)
        }
        Command::Overdue => report.overdue(now),
        Command::Serve { hours_ago } => {
            report.notice_served(now - SignedDuration::from_hours(*hours_ago), now, law)
        }
        Command::NoticeOverdue => report.notice_overdue(now),
        Command::ReconsiderationEnded => report.reconsideration_ended(now),
        Command::Ask => {
            let by = officer("990001");
            report.request_reconsideration("不服".into(), now, by, now, law)
        }
        Command::Question => {
            let ask = AskWhyNotFiled {
                notice_number: "明检〔2026〕1号".into(),
                received_at: now,
                recorded_by: officer("990001"),
                at: now,
            };
            report.ask_why_not_filed(ask, law)
        }
        Command::Recompute { rule, last_year: old } => {
            let law = if *old { last_year() } else { law };
            report.recompute(RULES[*rule], "放假安排有变更", now, law)
        }
    }
}

fn count(events: &[Event], is: impl Fn(&Event) -> bool) -> usize {
    events.iter().filter(|event| is(event)).count()
}

proptest! {
    #[test]
    fn any_order_of_commands_leaves_a_whole_history(
        commands in prop::collection::vec((command(), 0..240_i64), 0..24),
        named in any::<bool>(),
    ) {
        let mut report = if named {
            under_review()
        } else {
            let anonymous = NewReport { reporter: None, ..theft() };
            super::register(anonymous).unwrap().into_parts().0
        };
        let mut now = at("2026-02-12T09:40");
        let mut history: Vec<Event> = Vec::new();
        let mut revisions = vec![Revision::FIRST];
        let mut seen = vec![(report.clone(), report.canonical())];
        for (command, hours) in commands {
            now += SignedDuration::from_hours(hours);
            let Ok(changed) = run(report.clone(), &command, now) else { continue };
            revisions.extend(changed.numbered().map(|(revision, _)| revision));
            let nothing = changed.is_nothing();
            let (after, events) = changed.into_parts();
            prop_assert_eq!(nothing, after == report);
            only_the_law_moves(&report, &after, &events)?;
            history.extend(events);
            report = after;
            let form = report.canonical();
            for (earlier, earlier_form) in &seen {
                prop_assert_eq!(*earlier == report, *earlier_form == form);
            }
            seen.push((report.clone(), form));
            let loaded = Report::try_from(Snapshot::from(report.clone()));
            prop_assert_eq!(loaded.as_ref(), Ok(&report));
        }

        let dense: Vec<_> = (1..).map(Revision).take(history.len() + 1).collect();
        prop_assert_eq!(&revisions, &dense);
        prop_assert_eq!(report.state().revision, *dense.last().unwrap());
        let decisions =
            count(&history, |e| matches!(
                e,
                Event::Filed { .. } | Event::NotFiled { .. } | Event::Transferred { .. }
            ));
        prop_assert!(decisions <= 1);
        prop_assert_eq!(decisions == 1, report.decision().is_some());
        let overdue = count(&history, |e| matches!(e, Event::FilingReviewOverdue { .. }));
        prop_assert_eq!(overdue, usize::from(report.was_overdue()));
        for once in [
            count(&history, |e| matches!(e, Event::NoticeServed { .. })),
            count(&history, |e| matches!(e, Event::NoticeOverdue { .. })),
            count(&history, |e| matches!(e, Event::ReconsiderationEnded { .. })),
        ] {
            prop_assert!(once <= 1);
        }
        if let Some(decision) = report.decision() {
            let review = report.filing_review().unwrap();
            prop_assert_eq!(review.period.is_late(decision.decided_at), report.was_overdue());
        }
    }
}
