//! Units and officers as named when something happened.

use gongxin_kernel::{Staff, UnitCode};

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its twelve digits.
    pub code: UnitCode,
    /// Its name.
    pub name: String,
}

/// An officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// Police number.
    pub police_number: String,
    /// Name.
    pub name: String,
    /// The unit he or she served in.
    pub unit: Unit,
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
