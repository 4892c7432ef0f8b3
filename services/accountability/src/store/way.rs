//! What stands here about a case: names of tables and ids, for whoever traces its way.

use gongxin_eventing::verify::{Case, Held};
use gongxin_eventing::{OrFault as _, Tx};
use gongxin_kernel::Fault;
use uuid::Uuid;

/// Every row about a case.
pub(crate) async fn held(tx: &mut Tx, case: &Case) -> Result<Vec<Held>, Fault> {
    let rows: Vec<(String, Uuid, bool)> =
        sqlx::query_as("select 'clues', id, true from clues where case_number = $2 or id = $1")
            .bind(case.id)
            .bind(&case.case_number)
            .fetch_all(tx.conn())
            .await
            .or_fault()?;
    Ok(rows.into_iter().map(Held::from).collect())
}
