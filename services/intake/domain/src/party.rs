//! Persons, units and officers as they were named when the fact happened.

use std::fmt;

use gongxin_kernel::{Staff, UnitCode};
use gongxin_law::identifiers::{Phone, ResidentId};

/// A person named in a report; `Debug` shows no name, so that no log does.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// Citizen identity number, if known.
    pub id_number: Option<ResidentId>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("id_number", &self.id_number).finish_non_exhaustive()
    }
}

/// Who told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reporter {
    /// The person.
    pub person: Person,
    /// How to reach the person, if known.
    pub phone: Option<Phone>,
    /// Asked for secrecy: shown under a pseudonym everywhere (PCR 173).
    pub secret: bool,
}

/// A police unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its code.
    pub code: UnitCode,
    /// Its name.
    pub name: String,
}

/// An officer with the unit served in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// Police number (警号), unique in the bureau.
    pub police_number: String,
    /// Name as printed on documents.
    pub name: String,
    /// The unit.
    pub unit: UnitCode,
    /// Name of that unit.
    pub unit_name: String,
}

impl From<&Staff> for Officer {
    fn from(staff: &Staff) -> Self {
        Self {
            police_number: staff.police_number.clone(),
            name: staff.name.clone(),
            unit: staff.unit.clone(),
            unit_name: staff.unit_name.clone(),
        }
    }
}
