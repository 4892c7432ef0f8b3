//! Officers and periods as composite columns.

use gongxin_accountability_domain::{Officer, Period, PeriodRule, Unit};
use gongxin_eventing::Ts;
use gongxin_kernel::Fault;

use super::{broken, known};

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
        let unit = Unit { code: column.unit_code.parse().map_err(broken)?, name: column.unit_name };
        Ok(Self { police_number: column.police_number, name: column.name, unit })
    }
}

/// Type `legal_period`.
#[derive(Clone, Debug, sqlx::Type)]
#[sqlx(type_name = "legal_period")]
pub(super) struct PeriodColumn {
    rule: String,
    version: String,
    started_at: Ts,
    warn_at: Ts,
    due_at: Ts,
    assumed: bool,
    explained: Vec<String>,
}

impl From<&Period> for PeriodColumn {
    fn from(period: &Period) -> Self {
        Self {
            rule: period.rule.code().to_owned(),
            version: period.version.clone(),
            started_at: period.started_at.into(),
            warn_at: period.warn_at.into(),
            due_at: period.due_at.into(),
            assumed: period.assumed,
            explained: period.explained_zh.clone(),
        }
    }
}

impl TryFrom<PeriodColumn> for Period {
    type Error = Fault;

    fn try_from(column: PeriodColumn) -> Result<Self, Fault> {
        Ok(Self {
            rule: known(&column.rule, PeriodRule::of_code(&column.rule))?,
            version: column.version,
            started_at: column.started_at.0,
            warn_at: column.warn_at.0,
            due_at: column.due_at.0,
            assumed: column.assumed,
            explained_zh: column.explained,
        })
    }
}
