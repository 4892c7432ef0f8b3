//! Due dates against a second implementation, in Python, that was written from the rule files and
//! their description alone.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use gongxin_kernel::new_uuid;
use gongxin_testkit::setting;
use serde_json::Value;

use crate::python::{good, python};

/// How many histories both compute.
const HISTORIES: &str = "100000";

/// What both must say of a history: the date with the rule it rests on, or why there is none.
fn said(answer: &Value) -> Vec<Value> {
    match answer["error"]["reason"].as_str() {
        Some(reason) => vec![reason.into()],
        None => ["rule", "fact", "version", "due", "last_day", "assumed"]
            .map(|field| answer[field].clone())
            .to_vec(),
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_hundred_thousand_histories_end_on_the_same_days_as_counted_by_a_stranger() {
    let law = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/law");
    let (rules, calendar) = (law.join("rules"), law.join("calendar"));
    let questions = good(python("../law/histories.py").arg(&rules).args(["20261124", HISTORIES]));
    let asked = PathBuf::from(setting("GONGXIN_TEST_STATE"))
        .join(format!("histories-{}.jsonl", new_uuid().simple()));
    fs::write(&asked, &questions).unwrap();

    let theirs = good(
        python("../law/second.py").args([&rules, &calendar]).stdin(File::open(&asked).unwrap()),
    );
    let program = Path::new(&setting("GONGXIN_BIN_DIR")).join("law");
    let ours =
        good(Command::new(program).args(["due", "--json"]).stdin(File::open(&asked).unwrap()));
    fs::remove_file(&asked).unwrap();

    let (questions, ours, theirs) = (lines(&questions), lines(&ours), lines(&theirs));
    assert_eq!(questions.len().to_string(), HISTORIES);
    assert_eq!((ours.len(), theirs.len()), (questions.len(), questions.len()));
    let differences: Vec<String> = questions
        .iter()
        .zip(ours.iter().zip(&theirs))
        .filter(|(_, (ours, theirs))| said(ours) != said(theirs))
        .map(|(question, (ours, theirs))| {
            format!("{question}\n  ours   {:?}\n  theirs {:?}", said(ours), said(theirs))
        })
        .collect();
    let some = &differences[..differences.len().min(10)];
    assert!(some.is_empty(), "{} differ, e.g.\n{}", differences.len(), some.join("\n"));
    let dated = ours.iter().filter(|answer| answer["due"].is_string()).count();
    assert!(dated > questions.len() * 8 / 10, "only {dated} histories have a date");
}
