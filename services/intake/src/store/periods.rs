//! `report_periods`: the legal periods of a report.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_intake_domain::{Deadline, Period, Report, ReportId};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_law::Grant;
use jiff::Timestamp;
use serde::Deserialize;
use sqlx::PgConnection;

/// The periods of one report, by kind.
#[derive(Default)]
pub(crate) struct Periods {
    pub(crate) filing_review: Option<Deadline>,
    pub(crate) notice: Option<Deadline>,
    pub(crate) reconsideration: Option<Deadline>,
    pub(crate) reconsideration_decision: Option<Deadline>,
    pub(crate) explanation: Option<Deadline>,
}

/// A row of `report_periods` as JSON.
#[derive(Deserialize)]
struct Row {
    kind: String,
    rule: String,
    rule_version: String,
    started_at: Timestamp,
    due_at: Timestamp,
    warn_at: Timestamp,
    assumed: bool,
    extensions: Vec<String>,
    amounts: Vec<Option<u16>>,
    explained: Vec<String>,
    lapsed_at: Option<Timestamp>,
}

impl Periods {
    /// The periods out of a JSON array of their rows.
    ///
    /// # Errors
    /// What cannot be read.
    pub(crate) fn read(rows: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let rows: Vec<Row> = serde_json::from_str(rows)?;
        let mut periods = Self::default();
        for row in rows {
            let place = match row.kind.as_str() {
                "filing_review" => &mut periods.filing_review,
                "notice" => &mut periods.notice,
                "reconsideration_decision" => &mut periods.reconsideration_decision,
                "explanation" => &mut periods.explanation,
                "reconsideration" => &mut periods.reconsideration,
                _ => return Err("period kind".into()),
            };
            *place = Some(row.into_deadline());
        }
        Ok(periods)
    }
}

/// Writes every period that the report has.
pub(crate) async fn save(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: &Report,
) -> Result<(), Fault> {
    let notice = report.notice();
    let served = notice.and_then(|notice| notice.served.as_ref());
    let periods = [
        ("filing_review", report.filing_review()),
        ("notice", notice.map(|notice| &notice.deadline)),
        ("reconsideration_decision", report.reconsideration().map(|asked| &asked.deadline)),
        ("explanation", report.question().map(|question| &question.deadline)),
        ("reconsideration", served.map(|served| &served.reconsideration)),
    ];
    for (kind, deadline) in periods {
        if let Some(deadline) = deadline {
            upsert(conn, bureau, report.id(), kind, deadline).await?;
        }
    }
    Ok(())
}

async fn upsert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: ReportId,
    kind: &str,
    deadline: &Deadline,
) -> Result<(), Fault> {
    let Deadline { period, lapsed_at } = deadline;
    let extensions: Vec<&str> = period.grants.iter().map(|g| g.extension.as_str()).collect();
    let amounts: Vec<Option<i32>> =
        period.grants.iter().map(|grant| grant.amount.map(i32::from)).collect();
    sqlx::query(
        "insert into report_periods (bureau, report, kind, rule, rule_version, started_at, due_at,
                warn_at, assumed, extensions, amounts, explained, lapsed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (report, kind) do update
            set rule_version = excluded.rule_version, due_at = excluded.due_at, warn_at = excluded.warn_at, assumed = excluded.assumed,
                extensions = excluded.extensions, amounts = excluded.amounts,
                explained = excluded.explained, lapsed_at = excluded.lapsed_at",
    )
    .bind(bureau.as_str())
    .bind(report.0)
    .bind(kind)
    .bind(&period.rule)
    .bind(&period.rule_version)
    .bind(Ts(period.started_at))
    .bind(Ts(period.due_at))
    .bind(Ts(period.warn_at))
    .bind(period.assumed)
    .bind(extensions)
    .bind(amounts)
    .bind(&period.explained_zh)
    .bind(lapsed_at.map(Ts))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

impl Row {
    fn into_deadline(self) -> Deadline {
        let grants = self.extensions.into_iter().zip(self.amounts);
        let grants = grants.map(|(extension, amount)| Grant { extension, amount }).collect();
        let period = Period {
            rule: self.rule,
            rule_version: self.rule_version,
            started_at: self.started_at,
            due_at: self.due_at,
            warn_at: self.warn_at,
            assumed: self.assumed,
            grants,
            explained_zh: self.explained,
        };
        Deadline { period, lapsed_at: self.lapsed_at }
    }
}
