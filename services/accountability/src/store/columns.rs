//! Periods as composite columns.

use gongxin_accountability_domain::{Period, PeriodRule};
use gongxin_eventing::Ts;
use gongxin_kernel::Fault;

use super::known;

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
