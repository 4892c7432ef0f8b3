//! `portal_reports`, which the public side wrote, and `portal_queue`, where they stand inside.

use gongxin_disclosure_domain::{
    Channel, PortalContent, PortalId, PortalReport, Registered, ReportId,
};
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, reasons};
use gongxin_kernel::{BureauCode, Fault, Revision};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::known;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    number: String,
    received_at: Ts,
    channel: String,
    contact_by: Ts,
    overdue: bool,
    report: Option<Uuid>,
    receipt_number: Option<String>,
    registered_by: Option<OfficerColumn>,
    registered_at: Option<Ts>,
    revision: i32,
}

impl Row {
    fn read(self) -> Result<PortalReport, Fault> {
        let done = (self.report, self.receipt_number, self.registered_by, self.registered_at);
        let registered = match done {
            (Some(report), Some(receipt_number), Some(by), Some(at)) => Some(Registered {
                report: ReportId(report),
                receipt_number,
                by: by.try_into()?,
                at: at.0,
            }),
            _ => None,
        };
        Ok(PortalReport {
            id: PortalId(self.id),
            number: self.number,
            received_at: self.received_at.0,
            channel: known(Channel::of_code(&self.channel))?,
            contact_by: self.contact_by.0,
            overdue: self.overdue,
            registered,
            revision: Revision(self.revision.unsigned_abs()),
        })
    }
}

/// A report that has not come inside yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Outside {
    pub(crate) id: Uuid,
    pub(crate) bureau: String,
    pub(crate) number: String,
    pub(crate) received_at: Ts,
    pub(crate) channel: String,
}

impl Outside {
    /// Where it was typed.
    pub(crate) fn channel(&self) -> Result<Channel, Fault> {
        known(Channel::of_code(&self.channel))
    }
}

/// Reports that have not come inside, in the order of the public log.
pub(crate) async fn outside(conn: &mut PgConnection, limit: i64) -> Result<Vec<Outside>, Fault> {
    sqlx::query_as(
        "select id, bureau, number, received_at, channel from portal_reports r
          where not exists (select from portal_queue q where q.id = r.id)
          order by seq limit $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}

pub(crate) async fn count_outside(conn: &mut PgConnection) -> Result<u64, Fault> {
    let count: i64 = sqlx::query_scalar(
        "select count(*) from portal_reports r
          where not exists (select from portal_queue q where q.id = r.id)",
    )
    .fetch_one(conn)
    .await
    .or_fault()?;
    Ok(count.unsigned_abs())
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: &PortalReport,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into portal_queue (id, bureau, contact_by, overdue, revision)
         values ($1, $2, $3, false, 1)",
    )
    .bind(report.id.0)
    .bind(bureau.as_str())
    .bind(Ts(report.contact_by))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut PgConnection,
    id: PortalId,
) -> Result<Option<PortalReport>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, number, received_at, channel, contact_by, overdue, report, receipt_number,
                registered_by, registered_at, revision
           from portal_queue join portal_reports using (id) where id = $1",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await
    .or_fault()?;
    row.map(Row::read).transpose()
}

/// What the person typed.
pub(crate) async fn content(conn: &mut PgConnection, id: PortalId) -> Result<PortalContent, Fault> {
    let (name, phone, place, facts) =
        sqlx::query_as("select name, phone, place, facts from portal_reports where id = $1")
            .bind(id.0)
            .fetch_one(conn)
            .await
            .or_fault()?;
    Ok(PortalContent { name, phone, place, facts })
}

/// The first of the queue: open ones by their end, then registered ones, the latest first.
pub(crate) async fn queue(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    limit: i64,
) -> Result<Vec<PortalReport>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, number, received_at, channel, contact_by, overdue, report, receipt_number,
                registered_by, registered_at, revision
           from portal_queue q join portal_reports using (id)
          where q.bureau = $1
          order by report is not null, case when report is null then contact_by end,
                   registered_at desc, seq
          limit $2",
    )
    .bind(bureau.as_str())
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter().map(Row::read).collect()
}

/// Notes that a report is overdue; the loops may write no more than this.
pub(crate) async fn note_overdue(
    conn: &mut PgConnection,
    report: &PortalReport,
) -> Result<(), Fault> {
    sqlx::query("update portal_queue set overdue = true, revision = $2 where id = $1")
        .bind(report.id.0)
        .bind(report.revision.0.cast_signed())
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

/// Writes how the report was registered; it was loaded at the revision before.
///
/// # Errors
/// `DATABASE_CONFLICT` when it has changed since.
pub(crate) async fn register(
    conn: &mut PgConnection,
    report: &PortalReport,
    registered: &Registered,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "update portal_queue
            set report = $2, receipt_number = $3, registered_by = $4, registered_at = $5,
                revision = $6
          where id = $1 and revision = $6 - 1",
    )
    .bind(report.id.0)
    .bind(registered.report.0)
    .bind(&registered.receipt_number)
    .bind(OfficerColumn::from(&registered.by))
    .bind(Ts(registered.at))
    .bind(report.revision.0.cast_signed())
    .execute(conn)
    .await
    .or_fault()?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(Fault::new(&reasons::DATABASE_CONFLICT).caused_by("the report has another revision"))
}
