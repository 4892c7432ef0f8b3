//! `watches`: where the recording of an interrogation is waited for.

use gongxin_eventing::{OrFault as _, Ts, Tx};
use gongxin_kernel::Fault;
use gongxin_supervision_domain::{CaseId, FindingId, SuspectId, Watch};
use uuid::Uuid;

use super::broken;
use crate::changes::RECORDING;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    case_id: Uuid,
    suspect_id: Uuid,
    started_at: Ts,
    due_at: Ts,
}

impl From<Row> for Watch {
    fn from(row: Row) -> Self {
        Self {
            id: FindingId(row.id),
            case: CaseId(row.case_id),
            suspect: SuspectId(row.suspect_id),
            started_at: row.started_at.0,
            due_at: row.due_at.0,
        }
    }
}

pub(crate) async fn insert(tx: &mut Tx, watch: &Watch) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    sqlx::query(
        "insert into watches (id, bureau, case_id, suspect_id, started_at, due_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(watch.id.0)
    .bind(bureau.as_str())
    .bind(watch.case.0)
    .bind(watch.suspect.0)
    .bind(Ts(watch.started_at))
    .bind(Ts(watch.due_at))
    .execute(tx.conn())
    .await
    .or_fault()?;
    Ok(())
}

/// The watch whose deadline has come.
pub(crate) async fn load(tx: &mut Tx, id: FindingId) -> Result<Watch, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, case_id, suspect_id, started_at, due_at from watches where id = $1",
    )
    .bind(id.0)
    .fetch_optional(tx.conn())
    .await
    .or_fault()?;
    row.map(Into::into).ok_or_else(|| broken("a deadline without its watch"))
}

/// The watches of a suspect that still wait, oldest first.
pub(crate) async fn open(
    tx: &mut Tx,
    case: CaseId,
    suspect: SuspectId,
) -> Result<Vec<Watch>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, case_id, suspect_id, started_at, due_at from watches w
          where case_id = $1 and suspect_id = $2 and exists (
                select from deadlines d where d.aggregate = w.id and d.rule = $3
                   and d.state in ('running', 'overdue'))
          order by id",
    )
    .bind(case.0)
    .bind(suspect.0)
    .bind(RECORDING)
    .fetch_all(tx.conn())
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(Into::into).collect())
}
