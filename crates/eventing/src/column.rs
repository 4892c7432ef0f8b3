//! An officer as one column: the composite type `officer` of every schema.

use gongxin_kernel::{Fault, Officer, Unit};

use crate::reasons;

/// An [`Officer`] as the database keeps it.
#[derive(Clone, Debug, sqlx::Type)]
#[sqlx(type_name = "officer")]
pub struct OfficerColumn {
    police_number: String,
    name: String,
    unit_code: String,
    unit_name: String,
}

impl From<&Officer> for OfficerColumn {
    fn from(officer: &Officer) -> Self {
        Self {
            police_number: officer.police_number.clone(),
            name: officer.name.clone(),
            unit_code: officer.unit.code.to_string(),
            unit_name: officer.unit.name.clone(),
        }
    }
}

impl TryFrom<OfficerColumn> for Officer {
    type Error = Fault;

    fn try_from(column: OfficerColumn) -> Result<Self, Fault> {
        let code = column.unit_code.parse();
        let code = code.map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
        let unit = Unit { code, name: column.unit_name };
        Ok(Self { police_number: column.police_number, name: column.name, unit })
    }
}
