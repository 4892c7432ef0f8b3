//! Officers and units as they were named when something happened.

use gongxin_kernel::{Staff, UnitCode};

/// A police unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its code.
    pub code: UnitCode,
    /// Its name at that time.
    pub name: String,
}

/// An officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// Police number (警号).
    pub police_number: String,
    /// Name at that time.
    pub name: String,
    /// Unit at that time.
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
