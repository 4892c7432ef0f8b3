//! SQL, one file per table. A case is loaded whole and saved with the revision it was loaded at.

pub(crate) mod ballots;
pub(crate) mod cases;
mod columns;
mod corrections;
pub(crate) mod deliberations;
pub(crate) mod envelopes;
pub(crate) mod exits;
pub(crate) mod major;
pub(crate) mod open_sendings;
pub(crate) mod outgoing_papers;
mod review_requests;
mod suspects;
pub(crate) mod violation_notices;
pub(crate) mod way;

use gongxin_eventing::{OrFault as _, Tx, reasons};
use gongxin_kernel::{Fault, Revision};
use gongxin_review_domain::reasons::CASE_NOT_FOUND;
use gongxin_review_domain::{CaseFile, CaseId, Snapshot};
use uuid::Uuid;

pub(crate) use cases::{Line, page};

/// The case with everything in it.
///
/// # Errors
/// `CASE_NOT_FOUND` also when it belongs to another bureau: row-level security hides it.
pub(crate) async fn load(tx: &mut Tx, id: CaseId) -> Result<CaseFile, Fault> {
    let conn = tx.conn();
    let Some(head) = cases::find(conn, id).await? else {
        return Err(Fault::new(&CASE_NOT_FOUND));
    };
    let suspects = suspects::of(conn, id).await?;
    let exits = exits::of(conn, id).await?;
    let corrections = corrections::of(conn, id).await?;
    let requests = review_requests::of(conn, id, corrections, &exits).await?;
    let snapshot = Snapshot { suspects, requests, exits, ..head };
    snapshot.try_into().map_err(broken)
}

/// Writes the rows of a new case.
pub(crate) async fn insert(tx: &mut Tx, case: &CaseFile) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    let snapshot = Snapshot::from(case.clone());
    cases::insert(tx.conn(), &bureau, &snapshot).await?;
    suspects::save(tx.conn(), &bureau, &snapshot).await
}

/// Writes the rows of a case that was loaded at revision `loaded`.
///
/// # Errors
/// `DATABASE_CONFLICT` when the case has changed since.
pub(crate) async fn save(tx: &mut Tx, case: &CaseFile, loaded: Revision) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    let snapshot = Snapshot::from(case.clone());
    cases::update(tx.conn(), &snapshot, loaded).await?;
    suspects::save(tx.conn(), &bureau, &snapshot).await?;
    review_requests::save(tx.conn(), &bureau, case, &snapshot).await?;
    corrections::save(tx.conn(), &bureau, &snapshot).await?;
    exits::save(tx.conn(), &bureau, &snapshot).await
}

/// A row that the program cannot have written.
pub(crate) fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(cause)
}

/// The value that a stored code stands for.
fn known<T>(code: &str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| broken(format!("unknown code {code:?} in the database")))
}

/// A number of the domain as the database keeps it.
fn stored(value: u32) -> Result<i32, Fault> {
    i32::try_from(value).map_err(broken)
}

/// A place in a list, or a count, as the database keeps it.
fn number(value: usize) -> Result<i32, Fault> {
    i32::try_from(value).map_err(broken)
}

/// Every id in the rows of the transaction's bureau that some event tells of.
pub(crate) async fn ids(tx: &mut Tx) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select id from cases union all
             select id from violation_notices union all
             select id from open_sendings",
    )
    .fetch_all(tx.conn())
    .await
    .or_fault()
}
