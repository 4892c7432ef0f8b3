//! `cases`: number and unit of each case, as the first event named them.

use gongxin_eventing::{OrFault as _, Tx};
use gongxin_kernel::Fault;
use gongxin_supervision_domain::reasons::TIMELINE_NOT_FOUND;
use gongxin_supervision_domain::{CaseId, Unit};

use super::columns;

/// What is known of a case.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) number: String,
    pub(crate) unit: Unit,
}

/// Keeps what an event says of a case, unless an earlier one did.
pub(crate) async fn keep(tx: &mut Tx, case: CaseId, head: &Head) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    sqlx::query(
        "insert into cases (id, bureau, number, unit_code, unit_name) values ($1, $2, $3, $4, $5)
         on conflict (id) do nothing",
    )
    .bind(case.0)
    .bind(bureau.as_str())
    .bind(&head.number)
    .bind(head.unit.code.as_str())
    .bind(&head.unit.name)
    .execute(tx.conn())
    .await
    .or_fault()?;
    Ok(())
}

/// # Errors
/// `TIMELINE_NOT_FOUND`.
pub(crate) async fn load(tx: &mut Tx, case: CaseId) -> Result<Head, Fault> {
    let row: Option<(String, String, String)> =
        sqlx::query_as("select number, unit_code, unit_name from cases where id = $1")
            .bind(case.0)
            .fetch_optional(tx.conn())
            .await
            .or_fault()?;
    let (number, code, name) = row.ok_or_else(|| Fault::new(&TIMELINE_NOT_FOUND))?;
    Ok(Head { number, unit: columns::unit(&code, name)? })
}
