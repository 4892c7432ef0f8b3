//! SQL of this service, one file per table.

mod columns;

pub(crate) mod cases;
pub(crate) mod findings;
pub(crate) mod recordings;
pub(crate) mod schemes;
pub(crate) mod timeline;
pub(crate) mod watches;
pub(crate) mod way;

use gongxin_eventing::reasons::INVARIANT_BROKEN;
use gongxin_eventing::{OrFault as _, Tx};
use gongxin_kernel::Fault;
use uuid::Uuid;

/// What the program cannot have written, or cannot be asked.
pub(crate) fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&INVARIANT_BROKEN).caused_by(cause)
}

/// The value that a stored code stands for.
fn known<T>(code: &str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| broken(format!("unknown code {code:?} in the database")))
}

/// Every id in the rows of the transaction's bureau that some event tells of.
pub(crate) async fn ids(tx: &mut Tx) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select id from findings union all
             select id from recordings union all
             select id from schemes",
    )
    .fetch_all(tx.conn())
    .await
    .or_fault()
}
