//! `cursors`: where each loop stands.

use gongxin_kernel::Fault;
use sqlx::PgConnection;

use super::OrFault as _;

/// Position and incarnation, locked until the transaction ends.
pub(crate) async fn lock(conn: &mut PgConnection, name: &str) -> Result<(u64, String), Fault> {
    sqlx::query("insert into cursors (name, position) values ($1, 0) on conflict do nothing")
        .bind(name)
        .execute(&mut *conn)
        .await
        .or_fault()?;
    let (position, incarnation): (i64, String) =
        sqlx::query_as("select position, incarnation from cursors where name = $1 for update")
            .bind(name)
            .fetch_one(conn)
            .await
            .or_fault()?;
    Ok((position.unsigned_abs(), incarnation))
}

/// Position as last committed; nothing is locked.
pub(crate) async fn position(conn: &mut PgConnection, name: &str) -> Result<u64, Fault> {
    let position: Option<i64> = sqlx::query_scalar("select position from cursors where name = $1")
        .bind(name)
        .fetch_optional(conn)
        .await
        .or_fault()?;
    Ok(position.unwrap_or(0).unsigned_abs())
}

/// Moves the cursor forward.
pub(crate) async fn advance(
    conn: &mut PgConnection,
    name: &str,
    position: u64,
    incarnation: &str,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into cursors as c (name, position, incarnation) values ($1, $2, $3)
         on conflict (name) do update set position = $2, incarnation = $3 where c.position <= $2",
    )
    .bind(name)
    .bind(position.cast_signed())
    .bind(incarnation)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// All positions by name.
pub(crate) async fn all(conn: &mut PgConnection) -> Result<Vec<(String, u64)>, Fault> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select name, position from cursors order by name")
            .fetch_all(conn)
            .await
            .or_fault()?;
    Ok(rows.into_iter().map(|(name, position)| (name, position.unsigned_abs())).collect())
}
