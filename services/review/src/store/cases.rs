//! `cases`: the head of each case, and the list of cases without anything personal.

use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, reasons};
use gongxin_kernel::{BureauCode, Fault, Revision};
use gongxin_review_domain::{CaseId, Signed, Snapshot, Unit};
use sqlx::PgConnection;
use uuid::Uuid;

use super::broken;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    number: String,
    charge: String,
    unit_code: String,
    unit_name: String,
    registered_by: OfficerColumn,
    handlers: Vec<String>,
    revision: i32,
    examination_number: Option<String>,
    examined_at: Option<Ts>,
    examined_by: Option<OfficerColumn>,
    conclusion_number: Option<String>,
    concluded_at: Option<Ts>,
    concluded_by: Option<OfficerColumn>,
}

/// The case without its suspects, requests and exits.
pub(super) async fn find(conn: &mut PgConnection, id: CaseId) -> Result<Option<Snapshot>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, number, charge, unit_code, unit_name, registered_by, handlers, revision,
                examination_number, examined_at, examined_by,
                conclusion_number, concluded_at, concluded_by
           from cases where id = $1",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await
    .or_fault()?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Snapshot {
        id: CaseId(row.id),
        number: row.number,
        charge: row.charge,
        unit: Unit { code: row.unit_code.parse().map_err(broken)?, name: row.unit_name },
        registered_by: row.registered_by.try_into()?,
        handlers: row.handlers.into_iter().collect(),
        revision: Revision(row.revision.unsigned_abs()),
        examination: signed(row.examination_number, row.examined_at, row.examined_by)?,
        conclusion: signed(row.conclusion_number, row.concluded_at, row.concluded_by)?,
        suspects: Vec::new(),
        requests: Vec::new(),
        exits: Vec::new(),
    }))
}

fn signed(
    number: Option<String>,
    at: Option<Ts>,
    officer: Option<OfficerColumn>,
) -> Result<Option<Signed>, Fault> {
    let (Some(document_number), Some(at), Some(officer)) = (number, at, officer) else {
        return Ok(None);
    };
    Ok(Some(Signed { document_number, at: at.0, officer: officer.try_into()? }))
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    case: &Snapshot,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into cases (id, bureau, number, charge, unit_code, unit_name, registered_by,
                            handlers, revision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(case.id.0)
    .bind(bureau.as_str())
    .bind(&case.number)
    .bind(&case.charge)
    .bind(case.unit.code.as_str())
    .bind(&case.unit.name)
    .bind(OfficerColumn::from(&case.registered_by))
    .bind(case.handlers.iter().cloned().collect::<Vec<_>>())
    .bind(i32::try_from(case.revision.0).map_err(broken)?)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(super) async fn update(
    conn: &mut PgConnection,
    case: &Snapshot,
    loaded: Revision,
) -> Result<(), Fault> {
    let (examination, conclusion) = (case.examination.as_ref(), case.conclusion.as_ref());
    let done = sqlx::query(
        "update cases set handlers = $2, revision = $3, examination_number = $5, examined_at = $6,
                examined_by = $7, conclusion_number = $8, concluded_at = $9, concluded_by = $10
          where id = $1 and revision = $4",
    )
    .bind(case.id.0)
    .bind(case.handlers.iter().cloned().collect::<Vec<_>>())
    .bind(i32::try_from(case.revision.0).map_err(broken)?)
    .bind(i32::try_from(loaded.0).map_err(broken)?)
    .bind(examination.map(|paper| &paper.document_number))
    .bind(examination.map(|paper| Ts(paper.at)))
    .bind(examination.map(|paper| OfficerColumn::from(&paper.officer)))
    .bind(conclusion.map(|paper| &paper.document_number))
    .bind(conclusion.map(|paper| Ts(paper.at)))
    .bind(conclusion.map(|paper| OfficerColumn::from(&paper.officer)))
    .execute(conn)
    .await
    .or_fault()?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(Fault::new(&reasons::DATABASE_CONFLICT).caused_by("the case has another revision"))
}

/// The case of a national case number, and the police numbers of its handlers.
pub(crate) async fn of_number(
    conn: &mut PgConnection,
    number: &str,
) -> Result<Option<(CaseId, Vec<String>)>, Fault> {
    let row: Option<(Uuid, Vec<String>)> =
        sqlx::query_as("select id, handlers from cases where number = $1")
            .bind(number)
            .fetch_optional(conn)
            .await
            .or_fault()?;
    Ok(row.map(|(id, handlers)| (CaseId(id), handlers)))
}

/// A case in a list.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) unit_code: String,
    pub(crate) unit_name: String,
    pub(crate) suspects: i64,
    pub(crate) open_requests: i64,
    /// The open period that ends first.
    pub(crate) next_due_at: Option<Ts>,
    pub(crate) next_warn_at: Option<Ts>,
    pub(crate) custody_overdue: bool,
}

/// At most `limit` cases, newest first, that come after the case `after`.
pub(crate) async fn page(
    conn: &mut PgConnection,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    // Ids are ordered by time.
    sqlx::query_as(
        "select c.id, c.number, c.unit_code, c.unit_name,
                (select count(*) from suspects s where s.case_id = c.id) as suspects,
                (select count(*) from review_requests r where r.case_id = c.id and r.open) as open_requests,
                d.due_at as next_due_at, d.warn_at as next_warn_at,
                exists (select from suspects s where s.case_id = c.id and s.overdue)
                    as custody_overdue
           from cases c
           left join lateral (select due_at, warn_at from deadlines
                               where aggregate = c.id and state in ('running', 'overdue')
                               order by due_at limit 1) d on true
          where $1::uuid is null or c.id < $1
          order by c.id desc limit $2",
    )
    .bind(after.map(|case| case.0))
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}
