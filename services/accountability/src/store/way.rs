//! What stands here about a case: names of tables and ids, for whoever traces its way.

use gongxin_eventing::verify::{Case, Held};
use gongxin_eventing::{OrFault as _, Tx};
use gongxin_kernel::Fault;
use uuid::Uuid;

const TABLES: [&str; 1] = ["clues"];

/// Every row about a case.
pub(crate) async fn held(tx: &mut Tx, case: &Case) -> Result<Vec<Held>, Fault> {
    let rows: Vec<(String, Uuid, bool)> =
        sqlx::query_as("select 'clues', id, true from clues where case_number = $2 or id = $1")
            .bind(case.id)
            .bind(&case.case_number)
            .fetch_all(tx.conn())
            .await
            .or_fault()?;
    let named = |(name, id, own): (String, Uuid, bool)| {
        let table = TABLES.into_iter().find(|table| *table == name)?;
        Some(Held { table, id, own })
    };
    Ok(rows.into_iter().filter_map(named).collect())
}
