//! `staff_sessions`: who has signed in to the pages. Machine time throughout.

use gongxin_kernel::Fault;
use sqlx::PgConnection;

use super::OrFault as _;

/// Keeps a session for `seconds`.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    id_hash: &[u8; 32],
    claims: &str,
    seconds: f64,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into staff_sessions (id_hash, claims, expires_at)
         values ($1, $2, clock_timestamp() + make_interval(secs => $3))",
    )
    .bind(id_hash)
    .bind(claims)
    .bind(seconds)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// The claims of a session that has not expired.
pub(crate) async fn find(
    conn: &mut PgConnection,
    id_hash: &[u8; 32],
) -> Result<Option<String>, Fault> {
    sqlx::query_scalar(
        "select claims from staff_sessions where id_hash = $1 and expires_at > clock_timestamp()",
    )
    .bind(id_hash)
    .fetch_optional(conn)
    .await
    .or_fault()
}

pub(crate) async fn delete(conn: &mut PgConnection, id_hash: &[u8; 32]) -> Result<(), Fault> {
    sqlx::query("delete from staff_sessions where id_hash = $1")
        .bind(id_hash)
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

pub(crate) async fn delete_expired(conn: &mut PgConnection) -> Result<(), Fault> {
    sqlx::query("delete from staff_sessions where expires_at <= clock_timestamp()")
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}
