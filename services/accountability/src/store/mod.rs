//! SQL over clues, one file per table; interference records in a file of their own.

mod acts;
mod clues;
mod columns;

pub(crate) mod interference;
pub(crate) mod way;

use gongxin_accountability_domain::reasons::CLUE_NOT_FOUND;
use gongxin_accountability_domain::{Changed, Clue, ClueId};
use gongxin_eventing::{OrFault as _, Tx};
use gongxin_kernel::Fault;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::reasons::CLUE_INCONSISTENT;

pub(crate) use clues::{Line, lines};

/// The clue `id` of the transaction's bureau.
///
/// # Errors
/// `CLUE_NOT_FOUND`; `CLUE_INCONSISTENT` when its rows contradict each other.
pub(crate) async fn load(tx: &mut Tx, id: ClueId) -> Result<Clue, Fault> {
    let opening = clues::find(tx.conn(), id).await?;
    let opening = opening.ok_or_else(|| Fault::new(&CLUE_NOT_FOUND))?;
    let acts = acts::of(tx.conn(), id).await?;
    Clue::restore(opening, acts).map_err(broken)
}

/// The clue that comes from a finding or report of the transaction's bureau.
pub(crate) async fn of_origin(tx: &mut Tx, origin: Uuid) -> Result<Option<ClueId>, Fault> {
    let bureau = tx.bureau()?.clone();
    Ok(clues::of_origin(tx.conn(), &bureau, origin).await?.map(ClueId))
}

/// Writes what a transition added.
pub(crate) async fn save(tx: &mut Tx, changed: &Changed) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    let clue = changed.clue();
    if changed.is_opened() {
        return clues::insert(tx.conn(), &bureau, clue).await;
    }
    clues::update(tx.conn(), clue, changed.before()).await?;
    for (revision, act) in changed.added() {
        acts::insert(tx.conn(), &bureau, clue.id(), revision, act).await?;
    }
    Ok(())
}

/// The clues that put an entry into the lifelong file of an officer, oldest first.
pub(crate) async fn entered(
    conn: &mut PgConnection,
    bureau: &str,
    police_number: &str,
) -> Result<Vec<Uuid>, Fault> {
    acts::entered(conn, bureau, police_number).await
}

/// Somebody wrote past the service, or a migration is wrong.
fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&CLUE_INCONSISTENT).caused_by(error)
}

/// A stored code that must be known.
fn known<T>(code: &str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| broken(format!("unknown code {code}")))
}

/// Every id in the rows of the transaction's bureau that some event tells of.
pub(crate) async fn ids(tx: &mut Tx) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar("select id from clues").fetch_all(tx.conn()).await.or_fault()
}
