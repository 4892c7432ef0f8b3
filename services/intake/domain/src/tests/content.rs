//! What must be true of a new report, field by field.

use jiff::Timestamp;

use super::{at, of_nature, register, registration, theft};
use crate::{FieldError, Law, Nature, NewReport, Person, Problem, Refusal, Report, Source};

fn check(change: impl FnOnce(&mut NewReport), expected: &[(&'static str, Problem)]) {
    check_of(Nature::Criminal, change, expected);
}

fn check_of(
    nature: Nature,
    change: impl FnOnce(&mut NewReport),
    expected: &[(&'static str, Problem)],
) {
    let now: Timestamp = at("2026-02-12T09:40");
    let mut report = of_nature(nature);
    change(&mut report);
    let found = report.check(now).err().unwrap_or_default();
    let expected: Vec<_> =
        expected.iter().map(|(field, problem)| FieldError { field, problem: *problem }).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_nature_has_a_content_that_passes() {
    for nature in Nature::ALL {
        check_of(*nature, |_| {}, &[]);
    }
    check_of(Nature::Administrative, |r| r.charge = None, &[]);
}

#[test]
fn a_call_number_belongs_to_110_and_only_there() {
    check(|r| r.call_number = None, &[("call_number", Problem::Required)]);
    check(|r| r.source = Source::Letter, &[("call_number", Problem::NotWanted)]);
}

#[test]
fn the_times_follow_one_another() {
    let now = at("2026-02-12T09:40");
    let next = at("2026-02-12T09:40:00.000001");
    check(|r| r.told_at = now, &[]);
    check(|r| r.told_at = next, &[("told_at", Problem::InFuture)]);
    check(|r| r.occurred_at = Some(r.told_at), &[]);
    check(|r| r.occurred_at = Some(now), &[("occurred_at", Problem::AfterTold)]);
    check(|r| r.occurred_at = None, &[]);
}

#[test]
fn texts_have_their_lengths_in_characters() {
    let text = |count: usize| "明".repeat(count);
    check(|r| r.facts = text(4000), &[]);
    check(|r| r.facts = text(4001), &[("facts", Problem::TooLong(4000))]);
    check(|r| r.facts = " \n".to_owned(), &[("facts", Problem::Required)]);
    check(|r| r.place = String::new(), &[]);
    check(|r| r.place = text(201), &[("place", Problem::TooLong(200))]);
    check(|r| r.charge = Some(text(101)), &[("charge", Problem::TooLong(100))]);
    check(|r| r.unit.name = String::new(), &[("unit.name", Problem::Required)]);
    check(|r| r.evidence = vec![text(200); 50], &[]);
    check(|r| r.evidence = vec![text(201)], &[("evidence", Problem::TooLong(200))]);
    check(|r| r.evidence = vec![text(1); 51], &[("evidence", Problem::TooMany(50))]);
}

#[test]
fn persons_have_names() {
    let nameless = || Person { name: String::new(), id_number: None };
    check(
        |r| r.reporter.as_mut().unwrap().person = nameless(),
        &[("reporter.person.name", Problem::Required)],
    );
    check(|r| r.reporter = None, &[]);
    check(|r| r.suspects = vec![nameless(); 2], &[("suspects.name", Problem::Required)]);
    let named = Person { name: "甲".to_owned(), id_number: None };
    check(|r| r.suspects = vec![named; 51], &[("suspects", Problem::TooMany(50))]);
}

#[test]
fn control_characters_are_refused_but_facts_may_have_lines() {
    check(|r| r.place = "a\nb".to_owned(), &[("place", Problem::ControlCharacter)]);
    check(|r| r.facts = "a\r\n\tb".to_owned(), &[]);
    check(|r| r.facts = "a\u{0}b".to_owned(), &[("facts", Problem::ControlCharacter)]);
}

#[test]
fn each_nature_asks_for_its_own_fields() {
    check(|r| r.charge = None, &[("charge", Problem::Required)]);
    check(
        |r| r.repeat_of = of_nature(Nature::Repeat).repeat_of,
        &[("repeat_of", Problem::NotWanted)],
    );
    check_of(Nature::NotPolice, |r| r.told = None, &[("told", Problem::Required)]);
    check_of(Nature::Repeat, |r| r.told = None, &[("told", Problem::Required)]);
    check_of(Nature::Repeat, |r| r.repeat_of = None, &[("repeat_of", Problem::Required)]);
    check_of(
        Nature::NotPolice,
        |r| r.charge = Some("盗窃".to_owned()),
        &[("charge", Problem::NotWanted)],
    );
}

#[test]
fn all_fields_at_fault_are_named_at_once() {
    check(
        |r| {
            r.call_number = None;
            r.facts = String::new();
            r.charge = None;
        },
        &[
            ("call_number", Problem::Required),
            ("facts", Problem::Required),
            ("charge", Problem::Required),
        ],
    );
}

#[test]
fn an_invalid_report_is_not_registered() {
    let refused = register(NewReport { facts: String::new(), ..theft() }).unwrap_err();

    let error = FieldError { field: "facts", problem: Problem::Required };
    assert_eq!(refused, Refusal::Invalid(vec![error]));
    assert_eq!(refused.reason().code, "REPORT_INVALID");
    let fault = gongxin_kernel::Fault::from(refused);
    assert_eq!(fault.violations[0].field, "facts");
}

#[test]
fn a_case_number_goes_with_a_case_and_only_with_one() {
    for nature in Nature::ALL {
        let mut wrong = registration(*nature);
        wrong.case_number = match wrong.case_number {
            Some(_) => None,
            None => registration(Nature::Criminal).case_number,
        };
        let refused = Report::register(of_nature(*nature), wrong, Law::builtin());
        assert_eq!(refused.unwrap_err(), Refusal::CaseNumberMismatch, "{nature:?}");
    }
}

#[test]
fn debug_output_names_nobody() {
    let text = format!("{:?}", register(theft()).unwrap());

    for hidden in ["安宁", "不明", "电动自行车", "619921190001010028", "13800000000"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}
