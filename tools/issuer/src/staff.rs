//! The demo staff: who may be picked, from a file.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use gongxin_kernel::{BureauCode, Post, Staff, UnitCode};
use serde::Deserialize;

/// Why the staff file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The file cannot be read.
    #[error("the staff file cannot be read")]
    Io(#[from] io::Error),
    /// The file is not an array of staff.
    #[error("the staff file is not an array of staff")]
    Malformed(#[from] serde_json::Error),
    /// Two officers have one police number.
    #[error("police number {0} stands twice in the staff file")]
    Twice(String),
}

/// Reads the staff of a JSON file, see [`parse_staff`].
pub fn read_staff(path: &Path) -> Result<Vec<Staff>, StaffError> {
    parse_staff(&std::fs::read_to_string(path)?)
}

/// Reads an array of `{police_number, name, unit, unit_name, bureau, posts}`.
pub fn parse_staff(json: &str) -> Result<Vec<Staff>, StaffError> {
    let rows: Vec<Row> = serde_json::from_str(json)?;
    let mut seen = BTreeSet::new();
    for row in &rows {
        if !seen.insert(&row.police_number) {
            return Err(StaffError::Twice(row.police_number.clone()));
        }
    }
    Ok(rows.into_iter().map(Staff::from).collect())
}

/// The staff of each unit, in the order of unit codes and police numbers.
pub(crate) fn by_unit<'a>(
    staff: impl Iterator<Item = &'a Staff>,
) -> BTreeMap<&'a UnitCode, Vec<&'a Staff>> {
    let mut units: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for officer in staff {
        units.entry(&officer.unit).or_default().push(officer);
    }
    units
}

#[derive(Deserialize)]
struct Row {
    police_number: String,
    name: String,
    unit: UnitCode,
    unit_name: String,
    bureau: BureauCode,
    posts: BTreeSet<Post>,
}

impl From<Row> for Staff {
    fn from(row: Row) -> Self {
        let Row { police_number, name, unit, unit_name, bureau, posts } = row;
        Self { police_number, name, unit, unit_name, bureau, posts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn officer(number: &str, post: &str) -> String {
        format!(
            r#"{{"police_number":"{number}","name":"李明","unit":"619921010000",
            "unit_name":"城关派出所","bureau":"619921","posts":["{post}"]}}"#
        )
    }

    #[test]
    fn an_array_of_staff_is_read() {
        let staff = parse_staff(&format!("[{}]", officer("100021", "report_officer"))).unwrap();
        assert_eq!(staff[0].police_number, "100021");
        assert_eq!(staff[0].posts, BTreeSet::from([Post::ReportOfficer]));
    }

    #[test]
    fn a_police_number_that_stands_twice_and_an_unknown_post_are_refused() {
        let one = officer("100021", "report_officer");
        let twice = parse_staff(&format!("[{one},{one}]"));
        assert!(matches!(twice, Err(StaffError::Twice(number)) if number == "100021"));
        let unknown = parse_staff(&format!("[{}]", officer("100021", "sheriff")));
        assert!(matches!(unknown, Err(StaffError::Malformed(_))));
    }
}
