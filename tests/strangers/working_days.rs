//! The calendar tables of the law against what public packages know of Chinese working days.

use std::path::Path;

use gongxin_testkit::setting;
use serde_json::{Value, json};

use crate::python::{good, python};

#[test]
fn every_day_from_2015_to_2026_is_a_working_day_or_not_as_counted_by_a_stranger() {
    if !Path::new(&setting("GONGXIN_TEST_PYTHON_PACKAGES")).join("holidays").exists() {
        println!("left out: this Python has no wheel of holidays that is new enough");
        return;
    }
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/law/calendar");

    let said = good(python("working_days.py").arg(tables));

    println!("{said}");
    let found: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let packages: Vec<&str> = found.iter().filter_map(|of| of["package"].as_str()).collect();
    assert_eq!(packages, ["chinesecalendar", "holidays"]);
    for of in &found {
        assert_eq!(of["differences"], json!([]), "{of}");
        assert_eq!(of["from"], "2015-01-01", "{of}");
        assert_eq!(of["to"], "2026-12-31", "{of}");
        // Twelve years, three of them leap years: none is left out between.
        assert_eq!(of["days"], json!(12 * 365 + 3), "{of}");
    }
}
