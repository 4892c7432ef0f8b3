//! Officers as composite columns, units as two columns.

use gongxin_kernel::Fault;
use gongxin_supervision_domain::{Officer, Unit};

use super::broken;

/// Type `officer`.
#[derive(Clone, Debug, sqlx::Type)]
#[sqlx(type_name = "officer")]
pub(super) struct OfficerColumn {
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
        let unit = unit(&column.unit_code, column.unit_name)?;
        Ok(Self { police_number: column.police_number, name: column.name, unit })
    }
}

pub(super) fn unit(code: &str, name: String) -> Result<Unit, Fault> {
    Ok(Unit { code: code.parse().map_err(broken)?, name })
}
