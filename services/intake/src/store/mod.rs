//! SQL over the register, one file per table.

pub(crate) mod calls;
mod periods;
mod questions;
mod reconsiderations;
mod reports;
mod suspects;
pub(crate) mod way;
pub(crate) mod words;

use gongxin_eventing::{OrFault as _, Tx};
use gongxin_intake_domain::reasons::REPORT_NOT_FOUND;
use gongxin_intake_domain::{Changed, Repeated, Report, ReportId};
use gongxin_kernel::{Fault, Revision};
use uuid::Uuid;

pub(crate) use reports::{Line, lines, settlement};

/// The report `id` of the transaction's bureau.
///
/// # Errors
/// `REPORT_NOT_FOUND`; `REPORT_INCONSISTENT` when its rows contradict each other.
pub(crate) async fn load(tx: &mut Tx, id: ReportId) -> Result<Report, Fault> {
    let row = reports::find(tx.conn(), id).await?.ok_or_else(|| Fault::new(&REPORT_NOT_FOUND))?;
    // Nobody objects to what was not refused.
    let remedies = if row.was_refused() {
        let asked = reconsiderations::of(tx.conn(), id).await?;
        reports::Remedies { asked, question: questions::of(tx.conn(), id).await? }
    } else {
        reports::Remedies::default()
    };
    row.into_report(remedies)
}

/// The report `id` of the transaction's bureau as one that may be repeated; none if there is none.
pub(crate) async fn repeated(tx: &mut Tx, id: ReportId) -> Result<Option<Repeated>, Fault> {
    let row = reports::find(tx.conn(), id).await?;
    row.as_ref().map(reports::Row::repeated).transpose()
}

/// Writes what a transition changed: the rows of a new report, or those that may change.
pub(crate) async fn save(tx: &mut Tx, changed: &Changed) -> Result<(), Fault> {
    let report = changed.report();
    let bureau = tx.bureau()?.clone();
    let count = u32::try_from(changed.events().len()).unwrap_or(u32::MAX);
    let before = report.state().revision.0 - count;
    if before == 0 {
        reports::insert(tx.conn(), &bureau, report).await?;
        suspects::insert(tx.conn(), &bureau, report).await?;
    } else {
        // First, for the row of the report may be filed only with what overturned its non-filing.
        reconsiderations::save(tx.conn(), &bureau, report).await?;
        questions::save(tx.conn(), &bureau, report).await?;
        reports::update(tx.conn(), report, Revision(before)).await?;
    }
    periods::save(tx.conn(), &bureau, report).await
}

/// Every id in the rows of the transaction's bureau that some event tells of.
pub(crate) async fn ids(tx: &mut Tx) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select id from reports union all
             select id from calls",
    )
    .fetch_all(tx.conn())
    .await
    .or_fault()
}
