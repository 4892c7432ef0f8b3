//! What the outbox keeps of a report: its history, for ever.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_intake_domain::ReportId;
use gongxin_kernel::{EventId, Fault};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::events;

/// One step of a report's way.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Entry {
    pub(crate) version: i32,
    pub(crate) at: Ts,
    pub(crate) subject: String,
    pub(crate) actor: String,
}

/// The steps of a report, oldest first.
pub(crate) async fn of(conn: &mut PgConnection, report: ReportId) -> Result<Vec<Entry>, Fault> {
    sqlx::query_as(
        "select version, at, subject, actor from events where aggregate = $1 order by version",
    )
    .bind(report.0)
    .fetch_all(conn)
    .await
    .or_fault()
}

/// The event that put the report into the register; its receipt is the reporter's.
pub(crate) async fn registration(
    conn: &mut PgConnection,
    report: ReportId,
) -> Result<Option<EventId>, Fault> {
    let id: Option<Uuid> =
        sqlx::query_scalar("select id from events where aggregate = $1 and version = 1")
            .bind(report.0)
            .fetch_optional(conn)
            .await
            .or_fault()?;
    Ok(id.map(EventId))
}

impl Entry {
    /// The step in the words of a Chinese reader.
    pub(crate) fn zh(&self) -> &'static str {
        events::zh(&self.subject)
    }
}
