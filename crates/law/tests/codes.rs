//! Counting codes and repeated extensions that the grammar of rules has and no builtin row uses.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a panic is the failure")]

use gongxin_law::{Due, Facts, Grant, Law, LawError, Pause, Rule, Rulebook, Start};
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

/// A year, and one more at most twice.
const YEARS: &str = r#"
    [[rule]]
    id = "test.years"
    fact = "X-01"
    procedure = "house"
    title = { zh = "甲", en = "a" }
    starts = { zh = "乙", en = "b" }
    period = 1
    count = "Y"
    warn_before = "30d"
    consequence = { zh = "丙", en = "c" }
    documents = []
    source = [{ instrument = "丁", article = "第1条" }]
    from = "2013-01-01"
    confidence = "V"

    [[rule.extension]]
    name = "again"
    amount = { plus = 1 }
    cap = 3
    times = 2
    approver = "county_head"
    ground = { zh = "戊", en = "e" }
"#;

fn last(start: Date, extensions: usize) -> Result<Date, LawError> {
    let book = Rulebook::parse(&[("a", YEARS)]).unwrap();
    let rule = book.rule("test.years", start).unwrap();
    let grants = vec![Grant::full("again"); extensions];
    due(rule, start, &grants, &[]).map(|due| due.last_day.unwrap())
}

#[test]
fn a_year_ends_on_the_same_day_moved_off_the_holidays() {
    assert_eq!(last(date(2025, 3, 3), 0), Ok(date(2026, 3, 3)));
    assert_eq!(last(date(2025, 2, 16), 0), Ok(date(2026, 2, 24)));
    // The last day of February leads to the last day of February.
    assert_eq!(last(date(2024, 2, 29), 0), Ok(date(2025, 2, 28)));
    assert_eq!(last(date(2015, 2, 28), 0), Ok(date(2016, 2, 29)));
}

#[test]
fn an_extension_may_be_granted_as_often_as_the_rule_says() {
    assert_eq!(last(date(2023, 3, 3), 2), Ok(date(2026, 3, 3)));
    assert_eq!(last(date(2023, 3, 3), 3), Err(LawError::ExtensionRepeated("again".to_owned())));
}
