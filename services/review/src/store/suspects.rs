//! `suspects`: who is suspected, and the measure in force.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_review_domain::{CaseId, Snapshot, SuspectId, SuspectRow};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::PeriodColumn;
use super::number;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    stage: String,
    since: Option<Ts>,
    document_number: Option<String>,
    clock: Option<PeriodColumn>,
    overdue: bool,
}

pub(super) async fn of(conn: &mut PgConnection, case: CaseId) -> Result<Vec<SuspectRow>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, name, stage, since, document_number, clock, overdue
           from suspects where case_id = $1 order by position",
    )
    .bind(case.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |row: Row| {
        Ok(SuspectRow {
            id: SuspectId(row.id),
            name: row.name,
            stage: row.stage,
            since: row.since.map(|since| since.0),
            document_number: row.document_number,
            clock: row.clock.map(TryInto::try_into).transpose()?,
            overdue: row.overdue,
        })
    };
    rows.into_iter().map(read).collect()
}

pub(super) async fn save(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    case: &Snapshot,
) -> Result<(), Fault> {
    for (position, suspect) in case.suspects.iter().enumerate() {
        sqlx::query(
            "insert into suspects (id, bureau, case_id, position, name, stage, since,
                                   document_number, clock, overdue)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict (id) do update set stage = excluded.stage, since = excluded.since,
                 document_number = excluded.document_number, clock = excluded.clock,
                 overdue = excluded.overdue",
        )
        .bind(suspect.id.0)
        .bind(bureau.as_str())
        .bind(case.id.0)
        .bind(number(position)?)
        .bind(&suspect.name)
        .bind(&suspect.stage)
        .bind(suspect.since.map(Ts))
        .bind(&suspect.document_number)
        .bind(suspect.clock.as_ref().map(PeriodColumn::from))
        .bind(suspect.overdue)
        .execute(&mut *conn)
        .await
        .or_fault()?;
    }
    Ok(())
}
