//! The events of a case, as its history.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_kernel::Fault;
use gongxin_review_domain::CaseId;
use jiff::Timestamp;
use sqlx::PgConnection;

/// One step of a case's way.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) revision: u32,
    pub(crate) at: Timestamp,
    /// `entity.event`
    pub(crate) subject: String,
    /// Label of who acted, e.g. `staff:619003`.
    pub(crate) actor: String,
}

/// All steps, oldest first.
pub(crate) async fn of(conn: &mut PgConnection, case: CaseId) -> Result<Vec<Past>, Fault> {
    let rows: Vec<(i32, Ts, String, String)> = sqlx::query_as(
        "select version, at, subject, actor from events where aggregate = $1 order by version",
    )
    .bind(case.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |(version, at, subject, actor): (i32, Ts, _, _)| Past {
        revision: version.unsigned_abs(),
        at: at.0,
        subject,
        actor,
    };
    Ok(rows.into_iter().map(read).collect())
}
