//! What holds for every rule, every start and every lawful extension.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a panic is the failure")]

use gongxin_law::{
    Amount, Calendar, Due, Facts, Grant, Law, LawError, Pause, PauseGround, Rule, Rulebook, Start,
    Unit, legal_day,
};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

fn due(
    rule: &Rule,
    start: impl Into<Start>,
    extensions: &[Grant],
    pauses: &[Pause],
) -> Result<Due, LawError> {
    let facts =
        Facts { extensions: extensions.to_vec(), pauses: pauses.to_vec(), ..Facts::default() };
    Law::builtin().due(rule, start, &facts)
}

fn any_period() -> impl Strategy<Value = &'static Rule> {
    let rules: Vec<&Rule> =
        Rulebook::builtin().iter().filter(|r| r.count.unit().is_some() && !r.backward).collect();
    proptest::sample::select(rules)
}

fn custody_period() -> impl Strategy<Value = &'static Rule> {
    any_period().prop_filter("custody in days or longer", |rule| {
        rule.custody && rule.count.unit() != Some(Unit::Hour)
    })
}

/// Any second from 2015 to the end of 2027.
fn any_start() -> impl Strategy<Value = Timestamp> {
    (1_420_041_600_i64..1_830_268_800).prop_map(|second| Timestamp::from_second(second).unwrap())
}

/// The extensions of a rule from the first on; each is granted after the ones before it.
fn chain(rule: &Rule, length: usize) -> Vec<Grant> {
    rule.extensions.iter().take(length).map(|e| Grant::full(e.name.clone())).collect()
}

/// The longest the statute allows, in days, with months at their longest.
fn statutory_days(rule: &Rule, extensions: usize) -> i64 {
    let mut number = i64::from(rule.period);
    let mut days = i64::from(rule.plus_days);
    for extension in &rule.extensions[..extensions] {
        match extension.amount {
            Amount::Total(total) => (number, days) = (i64::from(total), 0),
            Amount::Plus(more) => number += i64::from(more),
            Amount::PlusDays(more) => days += i64::from(more),
        }
    }
    days + if rule.count.unit() == Some(Unit::Month) { 31 * number } else { number }
}

proptest! {
    #[test]
    fn a_period_never_ends_before_it_starts(rule in any_period(), start in any_start()) {
        let due = due(rule, start, &[], &[]).unwrap();

        prop_assert!(start < due.at);
        prop_assert!(start <= due.warn_at && due.warn_at <= due.at);
        prop_assert_eq!(due.last_day.is_some(), !rule.count.unit().is_some_and(Unit::is_short));
        prop_assert_eq!(due.render_zh().len(), due.render_en().len());
    }

    #[test]
    fn an_extension_never_shortens(rule in any_period(), start in any_start()) {
        let ends: Vec<Timestamp> = (0..=rule.extensions.len())
            .map(|n| due(rule, start, &chain(rule, n), &[]).unwrap().at)
            .collect();

        prop_assert!(ends.is_sorted(), "{:?}", ends);
    }

    #[test]
    fn a_later_start_never_ends_earlier(
        rule in any_period(),
        start in any_start(),
        later in 0_i64..3_000_000,
    ) {
        let end = |at| due(rule, at, &[], &[]).unwrap().at;

        prop_assert!(end(start) <= end(start + later.seconds()));
    }

    #[test]
    fn custody_never_ends_later_than_the_statutory_sum(
        rule in custody_period(),
        start in any_start(),
        extensions in 0_usize..4,
        pause_after in 0_i64..40,
        paused in 0_i64..40,
    ) {
        let extensions = extensions.min(rule.extensions.len());
        let first = legal_day(start) + pause_after.days();
        let ground = PauseGround::PsychiatricIdentification;
        let pauses = [Pause { from: first, to: first + paused.days(), ground }];
        let pauses: &[Pause] = if rule.pauses.is_empty() { &[] } else { &pauses };
        let paused = if rule.pauses.is_empty() { 0 } else { paused };

        let due = due(rule, start, &chain(rule, extensions), pauses).unwrap();

        let held = i64::from((due.last_day.unwrap() - legal_day(start)).get_days());
        prop_assert!(held <= statutory_days(rule, extensions) + paused, "{} days", held);
        prop_assert!(!due.assumed);
    }

    #[test]
    fn a_moved_end_is_a_working_day_and_no_working_day_was_passed_over(
        rule in any_period(),
        start in any_start(),
    ) {
        let calendar = Calendar::builtin();
        let moves = rule.count.unit() == Some(Unit::Day)
            && !(rule.custody || rule.measure || rule.count.is_strict());
        prop_assume!(moves);

        let last = due(rule, start, &[], &[]).unwrap().last_day.unwrap();

        let counted = legal_day(start) + i64::from(rule.period).days();
        prop_assert!(calendar.is_working(last));
        let passed = counted.series(1.day()).take_while(|day| *day < last);
        prop_assert!(passed.into_iter().all(|day| !calendar.is_working(day)));
    }
}

#[test]
fn the_range_of_starts_is_the_one_it_claims() {
    let day = |second| legal_day(Timestamp::from_second(second).unwrap());
    assert_eq!(day(1_420_041_600), date(2015, 1, 1));
    assert_eq!(day(1_830_268_799), date(2027, 12, 31));
}
