//! Periods worked out by hand: the counting rules, the adopted readings, the holidays of 2026.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a panic is the failure")]

use gongxin_law::{
    Due, Facts, Grant, Law, LawError, NeverMoved, Pause, PauseGround, Rule, Rulebook, Start, Step,
    first_instant, last_instant,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};

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

fn at(text: &str) -> Timestamp {
    format!("{text}+08").parse().unwrap()
}

fn rule(id: &str) -> &'static Rule {
    Rulebook::builtin().rule(id, date(2026, 1, 1)).unwrap()
}

fn plain(id: &str, start: impl Into<Start>) -> Due {
    due(rule(id), start, &[], &[]).unwrap()
}

fn extended(id: &str, start: Date, grants: &[Grant]) -> Result<Due, LawError> {
    due(rule(id), start, grants, &[])
}

fn last(id: &str, start: impl Into<Start>) -> Date {
    plain(id, start).last_day.unwrap()
}

fn last_extended(id: &str, start: Date, grants: &[Grant]) -> Date {
    extended(id, start, grants).unwrap().last_day.unwrap()
}

fn names(names: &[&str]) -> Vec<Grant> {
    names.iter().copied().map(Grant::full).collect()
}

const ARREST_REQUEST: &str = "review.detention.arrest_request";
const CUSTODY: &str = "review.arrest.investigation_custody";
const FILING: &str = "intake.filing_review.criminal";
const ECONOMIC: &str = "intake.filing_review.economic";

#[test]
fn detention_inside_the_spring_festival_ends_on_its_day() {
    let plain = plain(ARREST_REQUEST, at("2026-02-13T10:20"));

    assert_eq!(plain.last_day, Some(date(2026, 2, 16)));
    assert_eq!(plain.at, at("2026-02-16T23:59:59.999999"));
    assert!(!plain.is_late(plain.at));
    assert!(plain.is_late(at("2026-02-17T00:00")));
    assert!(!plain.assumed);
    assert_eq!(plain.warn_at, at("2026-02-15T00:00"));
}

#[test]
fn detention_goes_from_three_to_seven_to_thirty_days() {
    let start = date(2026, 2, 13);
    let check = |grants: &[Grant], end| {
        assert_eq!(last_extended(ARREST_REQUEST, start, grants), end, "{grants:?}");
    };
    check(&[], date(2026, 2, 16));
    check(&[Grant::of("special", 1)], date(2026, 2, 17));
    check(&names(&["special"]), date(2026, 2, 20));
    check(&names(&["thirty_days"]), date(2026, 3, 15));
    check(&names(&["special", "thirty_days"]), date(2026, 3, 15));
    check(&[Grant::of("thirty_days", 20)], date(2026, 3, 5));

    let decided = last("review.arrest.decision_detained", date(2026, 3, 15));
    assert_eq!((decided - start).get_days(), 37);
}

#[test]
fn filing_review_goes_from_three_to_seven_to_thirty_days_and_off_the_holidays() {
    let start = date(2026, 2, 13);
    let check = |grants: &[&str], end| {
        assert_eq!(last_extended(FILING, start, &names(grants)), end, "{grants:?}");
    };
    check(&[], date(2026, 2, 24));
    check(&["needs_checking"], date(2026, 2, 24));
    check(&["major"], date(2026, 3, 16));
    check(&["needs_checking", "major"], date(2026, 3, 16));
    assert_eq!(last("intake.filing_review.criminal_clue", start), date(2026, 2, 24));
    assert_eq!(last("intake.filing_review.local_ceiling", start), date(2026, 3, 16));
}

#[test]
fn hours_tied_to_liberty_run_from_the_minute_and_others_after_the_hour() {
    let check = |id: &str, start: &str, end: &str| {
        let hours = plain(id, at(start));
        assert_eq!((hours.at, hours.last_day), (at(end), None), "{id} from {start}");
    };
    check("review.detention.family_notice", "2026-02-13T10:20", "2026-02-14T10:20");
    check("review.detention.interrogation", "2026-02-13T10:20:59.9", "2026-02-14T10:20");
    check("review.detention.custody_place", "2026-02-16T00:00", "2026-02-17T00:00");
    check("review.summons.duration", "2026-02-13T20:05", "2026-02-14T08:05");
    check("intake.report.transfer", "2026-02-13T10:20", "2026-02-14T11:00");
    check("intake.report.transfer", "2026-02-13T10:00", "2026-02-14T11:00");
    check("intake.report.urgent_register", "2026-02-14T23:59", "2026-02-16T00:00");
}

#[test]
fn a_summons_goes_to_twenty_four_hours_and_continued_questioning_by_steps() {
    let start = at("2026-02-13T20:05");
    let end = |id, grants: &[&str]| due(rule(id), start, &names(grants), &[]).map(|due| due.at);
    let questioning = "review.continued_questioning.duration";

    assert_eq!(end("review.summons.duration", &["complex"]), Ok(at("2026-02-14T20:05")));
    assert_eq!(end(questioning, &["to_24", "to_48"]), Ok(at("2026-02-15T20:05")));
    assert_eq!(
        end(questioning, &["to_48"]),
        Err(LawError::ExtensionTooEarly { extension: "to_48".into(), after: "to_24".into() })
    );
}

#[test]
fn a_last_day_that_is_off_moves_to_the_next_working_day() {
    assert_eq!(last("intake.non_filing.notice", date(2026, 2, 13)), date(2026, 2, 24));
    assert_eq!(last("review.arrest.reconsideration.request", date(2026, 9, 30)), date(2026, 10, 8));
    // 2026-03-07 is an ordinary Saturday, 2026-02-28 one on which offices work.
    assert_eq!(last("intake.non_filing.notice", date(2026, 3, 4)), date(2026, 3, 9));
    assert_eq!(last("intake.non_filing.notice", date(2026, 2, 25)), date(2026, 2, 28));
}

#[test]
fn months_of_custody_end_on_the_same_day_or_the_last_there_is() {
    assert_eq!(last(CUSTODY, date(2026, 1, 31)), date(2026, 3, 31));
    assert_eq!(last(CUSTODY, date(2025, 12, 31)), date(2026, 2, 28));
    assert_eq!(last(CUSTODY, date(2025, 12, 30)), date(2026, 2, 28));
    let returned = "review.prosecution.supplementary_investigation";
    assert_eq!(last(returned, date(2026, 1, 31)), date(2026, 2, 28));
}

#[test]
fn extended_custody_is_one_sum_from_the_arrest_and_seven_months_at_most() {
    let start = date(2025, 12, 30);
    let all = ["complex", "four_kinds", "ten_years"];
    let end = |count: usize| last_extended(CUSTODY, start, &names(&all[..count]));

    assert_eq!(end(1), date(2026, 3, 30));
    assert_eq!(end(2), date(2026, 5, 30));
    assert_eq!(end(3), date(2026, 7, 30));
}

#[test]
fn working_days_are_counted_one_by_one() {
    let five = plain("intake.reconsideration.excused_delay", date(2026, 2, 12));

    assert_eq!(five.last_day, Some(date(2026, 2, 26)));
    assert_eq!(five.steps.iter().filter(|s| matches!(s, Step::Skipped { .. })).count(), 9);
    // The day of the start never counts, working day or not.
    assert_eq!(last("intake.reconsideration.excused_delay", date(2026, 2, 15)), date(2026, 2, 28));
}

#[test]
fn an_economic_crime_is_reviewed_for_sixty_days_at_most_moved_once() {
    // Day 30 is 2026-02-15, the first of nine days off; the sum goes on from the start.
    let start = date(2026, 1, 16);
    let chain = ["major", "especially_major"];

    assert_eq!(last_extended(ECONOMIC, start, &names(&chain[..1])), date(2026, 2, 24));
    assert_eq!(last_extended(ECONOMIC, start, &names(&chain)), date(2026, 3, 17));
    let old = Rulebook::builtin().rule(ECONOMIC, date(2016, 3, 1)).unwrap();
    let old = due(old, date(2016, 3, 1), &names(&chain), &[]).unwrap();
    assert_eq!(old.last_day, Some(date(2016, 5, 3)));
}

#[test]
fn an_extension_beyond_the_law_is_refused() {
    let check = |id: &str, grants: &[Grant], error: LawError| {
        assert_eq!(extended(id, date(2026, 1, 16), grants), Err(error), "{grants:?}");
    };
    let past = |extension: &str, limit| LawError::ExtensionPastCap {
        extension: extension.to_owned(),
        limit,
    };
    check(ARREST_REQUEST, &[Grant::of("special", 5)], past("special", 4));
    check(ARREST_REQUEST, &[Grant::of("thirty_days", 31)], past("thirty_days", 30));
    check(ARREST_REQUEST, &names(&["thirty_days", "special"]), past("special", 7));
    check(
        ARREST_REQUEST,
        &names(&["special", "special"]),
        LawError::ExtensionRepeated("special".into()),
    );
    check(
        ARREST_REQUEST,
        &[Grant::of("special", 0)],
        LawError::ExtensionWithoutEffect("special".into()),
    );
    check(
        FILING,
        &names(&["major", "needs_checking"]),
        LawError::ExtensionWithoutEffect("needs_checking".into()),
    );
    check(
        ARREST_REQUEST,
        &names(&["complex"]),
        LawError::UnknownExtension { rule: ARREST_REQUEST.into(), extension: "complex".into() },
    );
    check(
        CUSTODY,
        &names(&["four_kinds"]),
        LawError::ExtensionTooEarly { extension: "four_kinds".into(), after: "complex".into() },
    );
    check(ECONOMIC, &[Grant::full("major"), Grant::of("especially_major", 31)], {
        past("especially_major", 30)
    });
}

fn identification(from: Date, to: Date) -> Pause {
    Pause { from, to, ground: PauseGround::PsychiatricIdentification }
}

#[test]
fn psychiatric_identification_stops_custody_without_its_first_day() {
    let start = date(2026, 1, 15);
    let end =
        |pauses: &[Pause]| due(rule(CUSTODY), start, &[], pauses).map(|due| due.last_day.unwrap());

    assert_eq!(end(&[]), Ok(date(2026, 3, 15)));
    assert_eq!(end(&[identification(date(2026, 2, 1), date(2026, 2, 11))]), Ok(date(2026, 3, 25)));
    assert_eq!(end(&[identification(date(2026, 2, 1), date(2026, 2, 1))]), Ok(date(2026, 3, 15)));
    // Begun on the last day it stops the period, begun the day after it does not.
    assert_eq!(end(&[identification(date(2026, 3, 15), date(2026, 3, 20))]), Ok(date(2026, 3, 20)));
    assert_eq!(end(&[identification(date(2026, 3, 16), date(2026, 3, 20))]), Ok(date(2026, 3, 15)));
    let two = [
        identification(date(2026, 3, 16), date(2026, 3, 18)),
        identification(date(2026, 2, 1), date(2026, 2, 3)),
    ];
    assert_eq!(end(&two), Ok(date(2026, 3, 19)));
}

#[test]
fn a_pause_that_cannot_be_is_refused() {
    let start = date(2026, 1, 15);
    let check = |id: &str, pauses: &[Pause], error| {
        assert_eq!(due(rule(id), start, &[], pauses), Err(error), "{pauses:?}");
    };
    let (early, from, to) = (date(2026, 1, 14), date(2026, 2, 1), date(2026, 2, 11));

    check(ARREST_REQUEST, &[identification(from, to)], {
        LawError::PauseNotAllowed(ARREST_REQUEST.into())
    });
    check(CUSTODY, &[identification(to, from)], LawError::ImpossiblePause { from: to, to: from });
    check(CUSTODY, &[identification(early, to)], LawError::ImpossiblePause { from: early, to });
    check(
        CUSTODY,
        &[identification(from, to), identification(date(2026, 2, 10), to)],
        LawError::PausesOverlap(date(2026, 2, 10)),
    );
}

#[test]
fn examination_for_prosecution_is_moved_at_liberty_and_never_for_a_person_held() {
    let id = "review.prosecution.examination";
    let held = "review.prosecution.examination.held";

    assert_eq!(last(id, date(2026, 1, 16)), date(2026, 2, 24));
    assert_eq!(last(held, date(2026, 1, 16)), date(2026, 2, 16));
    let month_and_half = names(&["complex"]);
    assert_eq!(last_extended(held, date(2026, 1, 31), &month_and_half), date(2026, 3, 15));
    assert_eq!(last_extended(id, date(2026, 1, 31), &month_and_half), date(2026, 3, 16));
}

#[test]
fn a_measure_never_outlasts_its_maximum() {
    // 2026-02-16 and 2026-10-03 are days off.
    assert_eq!(last("review.bail.duration", date(2025, 2, 16)), date(2026, 2, 16));
    assert_eq!(last("review.residence_surveillance.duration", date(2026, 4, 3)), date(2026, 10, 3));
    let bail = plain("review.bail.duration", date(2025, 2, 16));
    assert!(bail.steps.contains(&Step::NotMoved { because: NeverMoved::Measure }));
}

#[test]
fn a_date_that_rests_on_a_year_without_a_notice_is_assumed() {
    let known = plain(FILING, date(2026, 12, 28));
    let unknown = plain(FILING, date(2026, 12, 30));
    let custody = plain(ARREST_REQUEST, date(2026, 12, 30));

    assert_eq!((known.last_day, known.assumed), (Some(date(2026, 12, 31)), false));
    assert_eq!((unknown.last_day, unknown.assumed), (Some(date(2027, 1, 4)), true));
    assert!(unknown.render_zh().last().unwrap().contains("推定"));
    // Custody asks no calendar.
    assert_eq!((custody.last_day, custody.assumed), (Some(date(2027, 1, 2)), false));
}

#[test]
fn what_is_due_at_once_or_runs_in_hours_from_a_day_has_no_date() {
    let refused = |id: &str, start: Date| extended(id, start, &[]).unwrap_err();
    let (at_once, hours) = ("intake.filing_review.administrative", "intake.report.transfer");

    assert_eq!(refused(at_once, date(2026, 1, 5)), LawError::NoPeriod(at_once.into()));
    assert_eq!(refused(hours, date(2026, 1, 5)), LawError::StartNeedsTime(hours.into()));
    assert_eq!(refused(FILING, Date::MAX), LawError::OutOfRange);
}

#[test]
fn the_day_of_an_instant_is_that_of_asia_shanghai() {
    let before_midnight = at("2026-03-03T23:59:59");
    let after_midnight = at("2026-03-04T00:00");

    assert_eq!(last(FILING, before_midnight), date(2026, 3, 6));
    assert_eq!(last(FILING, after_midnight), date(2026, 3, 9));
    assert_eq!(first_instant(date(2026, 3, 4)), Ok(after_midnight));
    assert_eq!(last_instant(date(2026, 3, 3)), Ok(at("2026-03-03T23:59:59.999999")));
}

#[test]
fn a_warning_comes_in_time_and_never_before_the_start() {
    assert_eq!(plain(CUSTODY, date(2026, 1, 31)).warn_at, at("2026-03-17T00:00"));
    assert_eq!(
        plain("review.summons.duration", at("2026-02-13T20:05")).warn_at,
        at("2026-02-14T06:05")
    );
    let bail = plain("review.arrest.reconsideration.answer", at("2026-03-02T09:00"));
    assert_eq!(bail.warn_at, at("2026-03-08T00:00"));
}

#[test]
fn an_explanation_names_rule_start_every_day_passed_over_and_the_end() {
    let filing =
        due(rule(FILING), at("2026-02-13T10:20"), &names(&["needs_checking"]), &[]).unwrap();

    let zh = filing.render_zh().join("\n");
    let expected = "规则：刑事案件立案审查（intake.filing_review.criminal，2015-11-04起施行），\
        依据《公安部关于改革完善受案立案制度的意见》二（一）2\n\
        起点：2026-02-13 10:20\n\
        开始的日（2026-02-13）不计算在内\n\
        期间：3日\n\
        延长：4日，审批层级：未规定，事由：涉嫌犯罪线索需要查证；自起点合并计算\n\
        计算届满日：2026-02-20\n\
        跳过2026-02-20：春节（国办发明电〔2025〕7号）\n\
        跳过2026-02-21：春节（国办发明电〔2025〕7号）\n\
        跳过2026-02-22：春节（国办发明电〔2025〕7号）\n\
        跳过2026-02-23：春节（国办发明电〔2025〕7号）\n\
        届满：2026-02-24 24:00";
    assert_eq!(zh, expected);
    let en = filing.render_en();
    assert_eq!(en.len(), zh.lines().count());
    assert_eq!(en[6], "Passed over 2026-02-20: Spring Festival (国办发明电〔2025〕7号)");
    assert_eq!(en[10], "End: 2026-02-24 24:00");
}

#[test]
fn an_explanation_says_why_custody_is_not_moved_and_what_stopped_it() {
    let stopped = identification(date(2026, 2, 1), date(2026, 2, 11));
    let late = identification(date(2026, 5, 1), date(2026, 5, 2));
    let custody = due(rule(CUSTODY), date(2026, 1, 15), &[], &[stopped, late]).unwrap();

    let zh = custody.render_zh();
    let en = custody.render_en();

    assert_eq!(
        zh[5],
        "扣除：精神病鉴定，2026-02-01至2026-02-11，10日不计入，届满日顺延至2026-03-25"
    );
    assert_eq!(zh[6], "不扣除：精神病鉴定自2026-05-01开始，期间已于2026-03-25届满");
    assert_eq!(zh[7], "涉及羁押或者限制人身自由，遇节假日不顺延");
    assert_eq!(en[7], "Tied to custody or liberty: holidays do not move the end");
    assert_eq!(en[8], "End: 2026-03-25 24:00");
}
