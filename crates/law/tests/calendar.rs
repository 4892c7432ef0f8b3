//! The calendar files against the yearly notices.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a panic is the failure")]

use std::collections::BTreeSet;

use gongxin_law::{BadCalendar, Calendar, DayKind};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(1.day()).take_while(move |day| day.year() == year)
}

/// `01-01..01-03` names days off, `01-04` a made-up working day.
fn check(year: i16, off: &[&str], work: &[&str]) {
    let day = |text: &str| -> Date { format!("{year}-{text}").parse().unwrap() };
    let off: BTreeSet<Date> = off
        .iter()
        .flat_map(|range| {
            let (from, to) = range.split_once("..").unwrap();
            let last = day(to);
            day(from).series(1.day()).take_while(move |day| *day <= last)
        })
        .collect();
    let work: BTreeSet<Date> = work.iter().map(|text| day(text)).collect();
    let calendar = Calendar::builtin();

    for day in days_of(year) {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let works = work.contains(&day) || !(weekend || off.contains(&day));

        let why = calendar.why(day);
        assert_eq!(calendar.is_working(day), works, "{day}");
        assert_eq!(matches!(why.kind, DayKind::Holiday(_)), off.contains(&day), "{day}");
        assert_eq!(why.kind == DayKind::MadeUpWorkday, work.contains(&day), "{day}");
        assert!(!why.assumed(), "{day}");
    }
}

#[test]
fn the_tables_of_2016_2025_and_2026_hold_on_every_day() {
    check(
        2026,
        &[
            "01-01..01-03",
            "02-15..02-23",
            "04-04..04-06",
            "05-01..05-05",
            "06-19..06-21",
            "09-25..09-27",
            "10-01..10-07",
        ],
        &["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    );
    check(
        2025,
        &[
            "01-01..01-01",
            "01-28..02-04",
            "04-04..04-06",
            "05-01..05-05",
            "05-31..06-02",
            "10-01..10-08",
        ],
        &["01-26", "02-08", "04-27", "09-28", "10-11"],
    );
    check(
        2016,
        &[
            "01-01..01-03",
            "02-07..02-13",
            "04-02..04-04",
            "04-30..05-02",
            "06-09..06-11",
            "09-15..09-17",
            "10-01..10-07",
        ],
        &["02-06", "02-14", "06-12", "09-18", "10-08", "10-09"],
    );
}

#[test]
fn a_year_without_a_notice_knows_weekends_only_and_says_so() {
    let calendar = Calendar::builtin();
    for day in days_of(2027) {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);

        assert_eq!(calendar.is_working(day), !weekend, "{day}");
        assert!(calendar.why(day).assumed(), "{day}");
    }
    assert!(calendar.why(date(2027, 1, 1)).render_zh().contains("推定"));
    assert!(calendar.why(date(2027, 1, 1)).render_en().contains("assumed"));
    assert!(calendar.why(date(2026, 2, 16)).render_zh().starts_with("春节（国办发明电"));
}

fn table(version: u16, off: &str, work: &str) -> String {
    format!(
        "year = 2020\nversion = {version}\nnotice = \"甲\"\npublished = \"2019-11-21\"\nwork = [{work}]\n\
         [[off]]\n{off}\nname = {{ zh = \"春节\", en = \"Spring Festival\" }}"
    )
}

#[test]
fn a_changed_notice_replaces_the_earlier_one_in_whatever_order_they_are_read() {
    let first = table(1, "from = \"2020-01-24\"\nto = \"2020-01-30\"", "\"2020-01-19\"");
    let second = table(2, "from = \"2020-01-24\"\nto = \"2020-02-02\"", "\"2020-01-19\"");

    for files in [[first.as_str(), &second], [&second, &first]] {
        let calendar = Calendar::parse(&files).unwrap();
        assert!(!calendar.is_working(date(2020, 1, 31)));
        assert_eq!(calendar.version(), "2020.2");
    }
    assert!(Calendar::parse(&[&first]).unwrap().is_working(date(2020, 1, 31)));
    assert!(Calendar::parse(&[&first, &first]).is_err());
}

#[test]
fn a_table_that_contradicts_itself_is_refused() {
    for (off, work) in [
        ("from = \"2020-01-30\"\nto = \"2020-01-24\"", ""),
        ("from = \"2019-12-31\"\nto = \"2020-01-01\"", ""),
        ("from = \"2020-01-24\"\nto = \"2020-01-30\"", "\"2020-01-25\""),
        ("from = \"2020-01-24\"\nto = \"2020-01-30\"", "\"2020-01-20\""),
    ] {
        let refused = Calendar::parse(&[&table(1, off, work)]);
        assert!(matches!(refused, Err(BadCalendar::Year { year: 2020, .. })), "{off} {work}");
    }
}
