//! `visits`: one return visit a report, and the queue of them.

use gongxin_disclosure_domain::{Answer, ReportId, Visit, VisitId};
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, reasons};
use gongxin_kernel::{BureauCode, Fault, Revision};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::broken;
use super::matters;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    report: Uuid,
    started_at: Ts,
    due_at: Ts,
    overdue: bool,
    rating: Option<i16>,
    words: Option<String>,
    visitor: Option<OfficerColumn>,
    visited_at: Option<Ts>,
    revision: i32,
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    visit: &Visit,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into visits (id, bureau, report, started_at, due_at, overdue, revision)
         values ($1, $2, $3, $4, $5, false, 1)",
    )
    .bind(visit.id.0)
    .bind(bureau.as_str())
    .bind(visit.matter.id.0)
    .bind(Ts(visit.started_at))
    .bind(Ts(visit.due_at))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(crate) async fn find(conn: &mut PgConnection, id: VisitId) -> Result<Option<Visit>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, report, started_at, due_at, overdue, rating, words, visitor, visited_at,
                revision
           from visits where id = $1",
    )
    .bind(id.0)
    .fetch_optional(&mut *conn)
    .await
    .or_fault()?;
    let Some(row) = row else { return Ok(None) };
    let matter = matters::find(conn, ReportId(row.report)).await?;
    let (matter, _) = matter.ok_or_else(|| broken("a visit without its matter"))?;
    let answer = match (row.rating, row.words, row.visitor, row.visited_at) {
        (Some(rating), Some(words), Some(visitor), Some(at)) => Some(Answer {
            rating: rating.try_into().map_err(broken)?,
            words,
            visitor: visitor.try_into()?,
            at: at.0,
        }),
        _ => None,
    };
    Ok(Some(Visit {
        id: VisitId(row.id),
        matter,
        started_at: row.started_at.0,
        due_at: row.due_at.0,
        overdue: row.overdue,
        answer,
        revision: Revision(row.revision.unsigned_abs()),
    }))
}

/// Notes that a visit is overdue; the loops may write no more than this.
pub(crate) async fn note_overdue(conn: &mut PgConnection, visit: &Visit) -> Result<(), Fault> {
    sqlx::query("update visits set overdue = true, revision = $2 where id = $1")
        .bind(visit.id.0)
        .bind(visit.revision.0.cast_signed())
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

/// Writes the answer of a visit that was loaded at revision `before`.
///
/// # Errors
/// `DATABASE_CONFLICT` when it has changed since.
pub(crate) async fn answer(
    conn: &mut PgConnection,
    visit: &Visit,
    before: Revision,
) -> Result<(), Fault> {
    let answer = visit.answer.as_ref();
    let done = sqlx::query(
        "update visits set rating = $3, words = $4, visitor = $5, visited_at = $6, revision = $7
          where id = $1 and revision = $2",
    )
    .bind(visit.id.0)
    .bind(before.0.cast_signed())
    .bind(answer.map(|answer| i16::from(answer.rating)))
    .bind(answer.map(|answer| &answer.words))
    .bind(answer.map(|answer| OfficerColumn::from(&answer.visitor)))
    .bind(answer.map(|answer| Ts(answer.at)))
    .bind(visit.revision.0.cast_signed())
    .execute(conn)
    .await
    .or_fault()?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(Fault::new(&reasons::DATABASE_CONFLICT).caused_by("the visit has another revision"))
}

/// A visit in the queue: nothing that a person said.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) case_number: Option<String>,
    pub(crate) unit_code: String,
    pub(crate) unit_name: String,
    pub(crate) due_at: Ts,
    pub(crate) overdue: bool,
    pub(crate) rating: Option<i16>,
}

/// The first of the queue: due visits by their end, then recorded ones, the latest first.
pub(crate) async fn queue(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    sqlx::query_as(
        "select v.id, m.number, m.case_number, m.unit_code, m.unit_name, v.due_at, v.overdue,
                v.rating
           from visits v join matters m using (report)
          where v.bureau = $1
          order by v.rating is not null, case when v.rating is null then v.due_at end,
                   v.visited_at desc, v.id
          limit $2",
    )
    .bind(bureau.as_str())
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}
