//! Persons as they were named when the fact happened.

use std::fmt;

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
