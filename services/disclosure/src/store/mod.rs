//! SQL, one file per table.

mod codes;
mod columns;
pub(crate) mod matters;
pub(crate) mod names;
pub(crate) mod portal;
mod public_role;
pub(crate) mod public_side;
pub(crate) mod publications;
pub(crate) mod visits;
pub(crate) mod way;

use gongxin_disclosure_domain::reasons::ACCESS_NOT_FOUND;
use gongxin_disclosure_domain::{Access, Code, Matter, ReportId};
use gongxin_eventing::{OrFault as _, Tx};
use gongxin_kernel::Fault;
use uuid::Uuid;

pub use public_role::{PUBLIC_ROLE, prepare_public};

/// Finds a report by its receipt number and locks it, so that what is read of it now stays so.
///
/// # Errors
/// `ACCESS_NOT_FOUND`.
pub(crate) async fn lock_by_number(tx: &mut Tx, number: &str) -> Result<Access, Fault> {
    let bureau = tx.bureau()?.clone();
    let id = matters::by_number(tx.conn(), &bureau, number).await?;
    let id = id.ok_or_else(|| Fault::new(&ACCESS_NOT_FOUND))?;
    tx.lock(vec![id.0]).await?;
    access(tx, id).await
}

/// The access of a report.
///
/// # Errors
/// `ACCESS_NOT_FOUND`.
pub(crate) async fn access(tx: &mut Tx, id: ReportId) -> Result<Access, Fault> {
    let found = matters::find(tx.conn(), id).await?;
    let (matter, revision) = found.ok_or_else(|| Fault::new(&ACCESS_NOT_FOUND))?;
    let codes = codes::of(tx.conn(), id).await?;
    Ok(Access { matter, codes, revision })
}

/// The matter with this case number.
///
/// # Errors
/// `ACCESS_NOT_FOUND`.
pub(crate) async fn matter_of_case(tx: &mut Tx, case_number: &str) -> Result<Matter, Fault> {
    let bureau = tx.bureau()?.clone();
    let id = matters::by_case_number(tx.conn(), &bureau, case_number).await?;
    let id = id.ok_or_else(|| Fault::new(&ACCESS_NOT_FOUND))?;
    let found = matters::find(tx.conn(), id).await?;
    found.map(|(matter, _)| matter).ok_or_else(|| Fault::new(&ACCESS_NOT_FOUND))
}

/// Writes the code that an access got last.
pub(crate) async fn issue(tx: &mut Tx, access: &Access, code: &Code) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    matters::bump(tx.conn(), access.matter.id, access.revision).await?;
    let position = i32::try_from(access.codes.len()).map_err(columns::broken)? - 1;
    codes::insert(tx.conn(), &bureau, (access.matter.id, position), code).await
}

/// Writes that a code of an access has ended.
pub(crate) async fn revoke(tx: &mut Tx, access: &Access, code: &Code) -> Result<(), Fault> {
    let revoked = code.revoked.as_ref().ok_or_else(|| columns::broken("nothing is revoked"))?;
    matters::bump(tx.conn(), access.matter.id, access.revision).await?;
    codes::revoke(tx.conn(), code.id, revoked).await
}

/// Every id in the rows of the transaction's bureau that some event tells of.
pub(crate) async fn ids(tx: &mut Tx) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select report from matters where revision > 0 union all
             select id from visits union all
             select id from publications union all
             select id from portal_queue",
    )
    .fetch_all(tx.conn())
    .await
    .or_fault()
}
