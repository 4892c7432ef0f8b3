//! Officers and units as they were named when something happened.

use crate::{Staff, UnitCode};

/// A police unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its code.
    pub code: UnitCode,
    /// Its name at that time; a later change of name does not rewrite history.
    pub name: String,
}

/// An officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// Police number (警号): who the officer is, whatever name or unit.
    pub police_number: String,
    /// Name at that time, as printed on documents.
    pub name: String,
    /// Unit at that time.
    pub unit: Unit,
}

impl Officer {
    /// Whether both are the same person.
    pub fn is(&self, other: &Self) -> bool {
        self.police_number == other.police_number
    }
}

impl From<&Staff> for Officer {
    fn from(staff: &Staff) -> Self {
        Self {
            police_number: staff.police_number.clone(),
            name: staff.name.clone(),
            unit: Unit { code: staff.unit.clone(), name: staff.unit_name.clone() },
        }
    }
}
