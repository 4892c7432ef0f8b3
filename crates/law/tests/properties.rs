//! What holds for every rule, every start and every lawful extension.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a panic is the failure")]

use std::sync::LazyLock;

use gongxin_law::{
    Amount, Calendar, Due, Facts, Grant, Law, LawError, Pause, PauseGround, Rule, Rulebook, Start,
    Step, Unit, legal_day,
};
use jiff::civil::{Date, date};
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

fn stoppable_period() -> impl Strategy<Value = &'static Rule> {
    any_period().prop_filter("something stops it", |rule| !rule.pauses.is_empty())
}

/// The calendars that could be known after each notice, in order.
fn calendars() -> &'static [Calendar] {
    static ALL: LazyLock<Vec<Calendar>> = LazyLock::new(|| {
        let mut days: Vec<Date> = Calendar::builtin().published().collect();
        days.sort_unstable();
        days.dedup();
        days.into_iter().map(Calendar::known_on).collect()
    });
    &ALL
}

/// The first day of our time on which two calendars differ.
fn first_difference(left: &Calendar, right: &Calendar) -> Option<Date> {
    let mut days = date(2014, 1, 1).series(1.day()).take(366 * 16);
    days.find(|day| left.is_working(*day) != right.is_working(*day))
}

proptest! {
    #[test]
    fn a_pause_more_never_ends_a_period_earlier(
        rule in stoppable_period(),
        start in any_start(),
        begins in 0_i64..400,
        lasts in 0_i64..90,
    ) {
        let from = legal_day(start) + begins.days();
        let pause = Pause { from, to: from + lasts.days(), ground: rule.pauses[0] };

        let without = due(rule, start, &[], &[]).unwrap();
        let with = due(rule, start, &[], &[pause]).unwrap();

        prop_assert!(with.at >= without.at);
    }

    #[test]
    fn no_chain_of_extensions_passes_its_cap(
        rule in any_period(),
        start in any_start(),
        chain in proptest::collection::vec((0_usize..6, 0_u16..100), 0..8),
    ) {
        // Whatever is asked for in whatever order: what is granted stays within what the law allows.
        let mut granted: Vec<Grant> = Vec::new();
        for (place, amount) in chain {
            let Some(extension) = rule.extensions.get(place) else { continue };
            granted.push(Grant::of(extension.name.clone(), amount));
            if due(rule, start, &granted, &[]).is_err() {
                granted.pop();
            }
        }
        let cap = rule.extensions.iter().filter(|e| granted.iter().any(|g| g.extension == e.name));
        let cap = cap.filter_map(|e| match e.amount {
            Amount::Total(total) => Some(total),
            Amount::Plus(_) => e.cap,
            Amount::PlusDays(_) => None,
        });
        let most = cap.fold(rule.period, u16::max);

        let due = due(rule, start, &granted, &[]).unwrap();

        let grown: i64 = due.steps.iter().map(|step| match step {
            Step::Extended { added, unit, .. } if Some(*unit) == rule.count.unit() => *added,
            _ => 0,
        }).sum();
        prop_assert!(i64::from(rule.period) + grown <= i64::from(most), "{:?}", granted);
    }

    #[test]
    fn a_later_calendar_changes_no_date_before_what_it_changes(
        rule in any_period(),
        start in any_start(),
        notice in 1_usize..100,
    ) {
        let all = calendars();
        let notice = 1 + notice % (all.len() - 1);
        let end = |calendar: &'static Calendar| {
            let law = Law { calendar, ..Law::builtin() };
            law.due(rule, start, &Facts::default()).unwrap()
        };
        let (before, after) = (end(&all[notice - 1]), end(&all[notice]));

        let changed = first_difference(&all[notice - 1], &all[notice]).unwrap();
        if legal_day(before.at) < changed && legal_day(after.at) < changed {
            prop_assert_eq!(before.at, after.at);
        }
        prop_assert!(before.at == after.at || legal_day(before.at.max(after.at)) >= changed);
    }
}

#[test]
fn the_range_of_starts_is_the_one_it_claims() {
    let day = |second| legal_day(Timestamp::from_second(second).unwrap());
    assert_eq!(day(1_420_041_600), date(2015, 1, 1));
    assert_eq!(day(1_830_268_799), date(2027, 12, 31));
}
