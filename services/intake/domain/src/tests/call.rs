//! A call: open until settled or justified, found by the daily check, overtaken by a report.

use gongxin_law::identifiers::CallNumber;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{at, officer};
use crate::{
    Call, CallChanged, CallEvent, CallId, CallJustification, CallRefusal, FieldError, Justified,
    Law, NewCall, Problem, ReportId, Settlement, Unit,
};

const HOUR: u8 = 18;

fn content() -> NewCall {
    NewCall {
        number: CallNumber::parse("J6199212026020001").unwrap(),
        received_at: at("2026-02-12T09:30"),
        told: "农贸市场门口有人打架。".to_owned(),
        unit: Unit { code: "619921020000".parse().unwrap(), name: "涧池派出所".to_owned() },
    }
}

fn id() -> CallId {
    CallId::of(&"619921".parse().unwrap(), &content().number)
}

fn recorded() -> Call {
    let content = content();
    let check = content.check_at(HOUR, Law::builtin()).unwrap();
    let now = at("2026-02-12T09:40");
    Call::record(id(), content, check, officer("619101"), now, None).unwrap().call
}

fn report(registered_at: Timestamp) -> Settlement {
    Settlement {
        report: ReportId::fresh(),
        number: "明公接报字〔2026〕1号".to_owned(),
        registered_at,
    }
}

fn help(now: Timestamp) -> Justified {
    Justified {
        justification: CallJustification::HelpGiven,
        text: "已帮助找回走失老人。".to_owned(),
        duplicate_of: None,
        by: officer("619101"),
        at: now,
    }
}

fn events(changed: &CallChanged) -> &[CallEvent] {
    &changed.events
}

#[test]
fn the_daily_check_is_the_next_days_and_never_before_twenty_four_hours() {
    for (received, check) in [
        ("2026-02-12T00:00", "2026-02-13T18:00"),
        ("2026-02-12T09:30", "2026-02-13T18:00"),
        ("2026-02-12T17:30", "2026-02-13T18:00"),
        // The hour in which it begins is not counted.
        ("2026-02-12T18:00", "2026-02-13T19:00"),
        ("2026-02-12T23:50", "2026-02-14T00:00"),
    ] {
        let call = NewCall { received_at: at(received), ..content() };
        assert_eq!(call.check_at(HOUR, Law::builtin()), Ok(at(check)), "{received}");
    }
    let before_the_rule = NewCall { received_at: at("2015-11-01T09:00"), ..content() };
    let field = FieldError { field: "received_at", problem: Problem::NoRule };
    assert_eq!(
        before_the_rule.check_at(HOUR, Law::builtin()),
        Err(CallRefusal::Invalid(vec![field]))
    );
}

#[test]
fn the_id_follows_from_bureau_and_number() {
    let other = CallNumber::parse("J6199212026020002").unwrap();
    assert_eq!(id(), id());
    assert_ne!(id(), CallId::of(&"619921".parse().unwrap(), &other));
    assert_ne!(id(), CallId::of(&"619922".parse().unwrap(), &content().number));
}

#[test]
fn a_check_finds_an_open_call_once_and_not_before_its_time() {
    let call = recorded();
    let check = call.check_at;
    assert!(events(&call.clone().check(check)).is_empty());
    let late = check + SignedDuration::from_micros(1);
    let missed = call.check(late);
    assert_eq!(events(&missed), [CallEvent::Unregistered]);
    assert!(missed.call.is_open() && missed.call.is_overdue(late));
    assert!(events(&missed.call.check(late)).is_empty());
}

#[test]
fn a_report_settles_a_call_once_in_time_or_late() {
    let call = recorded();
    let in_time = call.clone().settle(report(call.check_at), call.check_at).unwrap();
    assert_eq!(events(&in_time), [CallEvent::Settled]);
    assert!(events(&in_time.call.clone().check(at("2026-03-01T09:00"))).is_empty());
    let refused = in_time.call.settle(report(call.check_at), call.check_at);
    assert_eq!(refused, Err(CallRefusal::Settled("明公接报字〔2026〕1号".to_owned())));

    // Nobody had looked at the clock yet: the miss is noted first.
    let now = at("2026-02-20T09:00");
    let late = call.clone().settle(report(now), now).unwrap();
    assert_eq!(events(&late), [CallEvent::Unregistered, CallEvent::Settled]);
    let revisions: Vec<u32> = late.numbered().map(|(revision, _)| revision.0).collect();
    assert_eq!((revisions, late.before().0), (vec![2, 3], 1));
    let noted = call.check(now).call.settle(report(now), now).unwrap();
    assert_eq!(events(&noted), [CallEvent::Settled]);
    assert!(noted.call.is_overdue(now));
}

#[test]
fn a_call_that_comes_after_its_report_is_settled_at_once() {
    let now = at("2026-03-01T09:00");
    let check = content().check_at(HOUR, Law::builtin()).unwrap();
    for (registered_at, expected) in [
        (at("2026-02-12T10:00"), &[CallEvent::Recorded, CallEvent::Settled][..]),
        (now, &[CallEvent::Recorded, CallEvent::Unregistered, CallEvent::Settled]),
    ] {
        let report = Some(report(registered_at));
        let changed = Call::record(id(), content(), check, officer("619101"), now, report).unwrap();
        assert_eq!(events(&changed), expected);
        assert_eq!((changed.before().0, changed.call.revision.0 as usize), (0, expected.len()));
    }
}

#[test]
fn a_justification_closes_a_call_and_a_report_overtakes_it() {
    let now = at("2026-02-12T12:00");
    let justified = recorded().justify(help(now)).unwrap();
    assert_eq!(events(&justified), [CallEvent::Justified]);
    let again = justified.call.clone().justify(help(now));
    assert_eq!(again, Err(CallRefusal::NotOpen));
    let later = at("2026-03-01T09:00");
    assert!(events(&justified.call.clone().check(later)).is_empty());
    let settled = justified.call.settle(report(later), later).unwrap();
    assert_eq!(events(&settled), [CallEvent::Settled]);
    assert!(settled.call.justified.is_some());
    let late = recorded().justify(help(later)).unwrap();
    assert_eq!(events(&late), [CallEvent::Unregistered, CallEvent::Justified]);
}

#[test]
fn who_was_sent_does_not_justify_and_a_duplicate_names_its_report() {
    let now = at("2026-02-12T12:00");
    let mut own = help(now);
    own.by.unit = content().unit;
    assert_eq!(recorded().justify(own), Err(CallRefusal::OwnUnit));
    let bad = |field, problem| Err(CallRefusal::Invalid(vec![FieldError { field, problem }]));
    let without = Justified { justification: CallJustification::Duplicate, ..help(now) };
    assert_eq!(recorded().justify(without), bad("duplicate_of", Problem::Required));
    let with = Justified { duplicate_of: Some(ReportId::fresh()), ..help(now) };
    assert_eq!(recorded().justify(with), bad("duplicate_of", Problem::NotWanted));
    let silent = Justified { text: " ".to_owned(), ..help(now) };
    assert_eq!(recorded().justify(silent), bad("text", Problem::Required));
}

#[test]
fn another_content_differs_by_field_and_every_change_has_its_own_bytes() {
    let other = NewCall {
        received_at: at("2026-02-12T09:31"),
        told: "有人受伤。".to_owned(),
        unit: Unit { code: "619921010000".parse().unwrap(), name: "城关派出所".to_owned() },
        ..content()
    };
    let fields = vec!["received_at", "told", "unit.code"];
    assert_eq!(content().same_as(&other), Err(CallRefusal::Differs(fields)));
    // A unit that was given another name is the same unit.
    let mut renamed = content();
    renamed.unit.name = "涧池镇派出所".to_owned();
    assert_eq!(content().same_as(&renamed), Ok(()));

    let now = at("2026-02-12T12:00");
    let call = recorded();
    let justified = call.clone().justify(help(now)).unwrap().call;
    let settled = justified.clone().settle(report(now), now).unwrap().call;
    let missed = call.clone().check(at("2026-03-01T09:00")).call;
    let forms: std::collections::BTreeSet<_> =
        [&call, &justified, &settled, &missed].map(Call::canonical).into();
    assert_eq!(forms.len(), 4);
    assert!(!format!("{call:?}").contains("打架"));
}

/// What may come to a call.
#[derive(Clone, Copy, Debug)]
enum Step {
    Check,
    Report,
    Justify,
}

fn steps() -> impl Strategy<Value = Vec<(Step, i64)>> {
    let step = prop_oneof![Just(Step::Check), Just(Step::Report), Just(Step::Justify)];
    prop::collection::vec((step, 0..40_i64), 0..12)
}

proptest! {
    #[test]
    fn any_order_of_steps_writes_each_fact_once(steps in steps()) {
        let (mut call, mut now) = (recorded(), at("2026-02-12T10:00"));
        let mut seen = vec![CallEvent::Recorded];
        for (step, hours) in steps {
            now += SignedDuration::from_hours(hours);
            let before = call.clone();
            let changed = match step {
                Step::Check => Ok(call.clone().check(now)),
                Step::Report => call.clone().settle(report(now), now),
                Step::Justify => call.clone().justify(help(now)),
            };
            let Ok(changed) = changed else { continue };
            prop_assert_eq!(changed.before(), before.revision);
            prop_assert_eq!(changed.events.is_empty(), changed.call == before);
            seen.extend(&changed.events);
            call = changed.call;
        }
        prop_assert_eq!(call.revision.0 as usize, seen.len());
        for event in [CallEvent::Unregistered, CallEvent::Settled, CallEvent::Justified] {
            prop_assert!(seen.iter().filter(|it| **it == event).count() <= 1);
        }
        prop_assert_eq!(call.missed_at.is_some(), seen.contains(&CallEvent::Unregistered));
        prop_assert_eq!(call.settled.is_some(), seen.contains(&CallEvent::Settled));
        prop_assert_eq!(call.justified.is_some(), seen.contains(&CallEvent::Justified));
        // Whoever looks after the check finds an open call missed.
        let late = call.check_at + SignedDuration::from_hours(1);
        let looked = call.clone().check(late.max(now)).call;
        prop_assert_eq!(looked.missed_at.is_some(), call.is_open() || call.missed_at.is_some());
    }
}
