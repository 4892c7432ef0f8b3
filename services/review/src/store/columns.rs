//! Periods as composite columns.

use gongxin_eventing::Ts;
use gongxin_kernel::Fault;
use gongxin_law::Grant;
use gongxin_review_domain::{ClockRule, Period};
use uuid::Uuid;

use super::{broken, known};

/// Type `legal_period`.
#[derive(Clone, Debug, sqlx::Type)]
#[sqlx(type_name = "legal_period")]
pub(super) struct PeriodColumn {
    rule: String,
    version: String,
    subject: Uuid,
    started_at: Ts,
    warn_at: Ts,
    due_at: Ts,
    assumed: bool,
    grants: Vec<String>,
    grant_amounts: Vec<Option<i32>>,
    explained: Vec<String>,
}

impl From<&Period> for PeriodColumn {
    fn from(period: &Period) -> Self {
        let grants = period.grants.iter();
        Self {
            rule: period.rule.code().to_owned(),
            version: period.version.clone(),
            subject: period.subject,
            started_at: period.started_at.into(),
            warn_at: period.warn_at.into(),
            due_at: period.due_at.into(),
            assumed: period.assumed,
            grants: grants.clone().map(|grant| grant.extension.clone()).collect(),
            grant_amounts: grants.map(|grant| grant.amount.map(i32::from)).collect(),
            explained: period.explained_zh.clone(),
        }
    }
}

impl TryFrom<PeriodColumn> for Period {
    type Error = Fault;

    fn try_from(column: PeriodColumn) -> Result<Self, Fault> {
        let grant = |(extension, amount): (String, Option<i32>)| {
            let amount = amount.map(u16::try_from).transpose().map_err(broken)?;
            Ok(Grant { extension, amount })
        };
        let grants = column.grants.into_iter().zip(column.grant_amounts).map(grant);
        Ok(Self {
            rule: known(&column.rule, ClockRule::of_code(&column.rule))?,
            version: column.version,
            subject: column.subject,
            started_at: column.started_at.0,
            warn_at: column.warn_at.0,
            due_at: column.due_at.0,
            assumed: column.assumed,
            grants: grants.collect::<Result<_, Fault>>()?,
            explained_zh: column.explained,
        })
    }
}
