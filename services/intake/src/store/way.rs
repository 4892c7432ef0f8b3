//! What stands here about a case: names of tables and ids, for whoever traces its way.

use gongxin_eventing::verify::{Case, Held};
use gongxin_eventing::{OrFault as _, Tx};
use gongxin_kernel::Fault;
use uuid::Uuid;

/// The case with this id or one of these numbers.
pub(crate) async fn find_case(tx: &mut Tx, name: &str) -> Result<Option<Case>, Fault> {
    let found: Option<(Uuid, String, String)> = sqlx::query_as(
        "select id, number, coalesce(case_number, '') from reports
          where id::text = $1 or number = $1 or case_number = $1 limit 1",
    )
    .bind(name)
    .fetch_optional(tx.conn())
    .await
    .or_fault()?;
    Ok(found.map(|(id, report_number, case_number)| Case { id, report_number, case_number }))
}

/// Every row about a case.
pub(crate) async fn held(tx: &mut Tx, case: &Case) -> Result<Vec<Held>, Fault> {
    let rows: Vec<(String, Uuid, bool)> = sqlx::query_as(
        "select 'reports', id, true from reports where id = $1
         union all select 'calls', id, true from calls where report = $1",
    )
    .bind(case.id)
    .fetch_all(tx.conn())
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(Held::from).collect())
}
