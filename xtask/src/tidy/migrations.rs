//! A migration's number is its own: two files with one number would run in nobody's order.

use std::collections::BTreeMap;

use super::{Text, assert_found, assert_none, sample, tree};

#[test]
fn every_migration_has_a_number_of_its_own() {
    assert_none(&clashes(&tree()));
}

#[test]
fn a_number_used_twice_or_missing_is_found() {
    let texts = [
        sample("services/intake/migrations/0001_case.sql", ""),
        sample("services/intake/migrations/0002_party.sql", ""),
        sample("services/intake/migrations/2_report.sql", ""),
        sample("services/review/migrations/0001_request.sql", ""),
        sample("services/review/migrations/opinion.sql", ""),
    ];

    assert_found(
        &clashes(&texts),
        &["services/intake/migrations/2_report.sql", "services/review/migrations/opinion.sql"],
    );
}

fn clashes(texts: &[Text]) -> Vec<String> {
    let mut taken = BTreeMap::new();
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| text.folders().last() == Some("migrations")) {
        let Some(name) = text.file_name().strip_suffix(".sql") else { continue };
        let Some(number) = name.split('_').next().and_then(|number| number.parse::<u64>().ok())
        else {
            found.push(format!("{}: has no number", text.path));
            continue;
        };
        let folder = text.path.strip_suffix(text.file_name()).expect("a path ends with its name");
        if let Some(other) = taken.insert((folder, number), name) {
            found.push(format!("{}: has the number of {other}", text.path));
        }
    }
    found
}
