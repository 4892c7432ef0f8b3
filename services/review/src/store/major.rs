//! `major_marks` and `deliberation_deviations`: what must be deliberated, and who departed from it.

use gongxin_eventing::{OfficerColumn, OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_review_domain::{DeliberationGround, DeliberationId, Officer, ReviewRequestId};
use jiff::Timestamp;
use sqlx::PgConnection;

/// Marks a request; false when it was marked so before.
pub(crate) async fn mark(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    request: ReviewRequestId,
    ground: DeliberationGround,
    (by, at): (&Officer, Timestamp),
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "insert into major_marks (request_id, ground, bureau, marked_by, marked_at)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
    )
    .bind(request.0)
    .bind(ground.code())
    .bind(bureau.as_str())
    .bind(OfficerColumn::from(by))
    .bind(Ts(at))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(done.rows_affected() == 1)
}

/// Whether a request must be deliberated before it is decided.
pub(crate) async fn is_marked(
    conn: &mut PgConnection,
    request: ReviewRequestId,
) -> Result<bool, Fault> {
    sqlx::query_scalar("select exists (select from major_marks where request_id = $1)")
        .bind(request.0)
        .fetch_one(conn)
        .await
        .or_fault()
}

/// Why the approver departs from the outcome of a session.
pub(crate) async fn depart(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    id: DeliberationId,
    reasons: &str,
    (approver, at): (&Officer, Timestamp),
) -> Result<(), Fault> {
    sqlx::query(
        "insert into deliberation_deviations (deliberation_id, bureau, reasons, approver, at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id.0)
    .bind(bureau.as_str())
    .bind(reasons)
    .bind(OfficerColumn::from(approver))
    .bind(Ts(at))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Why the approver departed from the outcome of a session, if so.
pub(crate) async fn departure(
    conn: &mut PgConnection,
    id: DeliberationId,
) -> Result<Option<String>, Fault> {
    sqlx::query_scalar("select reasons from deliberation_deviations where deliberation_id = $1")
        .bind(id.0)
        .fetch_optional(conn)
        .await
        .or_fault()
}
