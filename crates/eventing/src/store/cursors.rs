//! `cursors`: where each loop stands.

use gongxin_kernel::Fault;
use sqlx::PgConnection;

use super::OrFault as _;

/// How far a followed log was read.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Cursor {
    position: i64,
    /// Empty before the first entry.
    pub(crate) incarnation: String,
    /// Id of the last entry applied, so that a log restored to an earlier state is recognized.
    pub(crate) last_event: String,
}

impl Cursor {
    /// Sequence number of the entry that comes next.
    pub(crate) fn position(&self) -> u64 {
        self.position.unsigned_abs()
    }
}

/// The cursor, locked until the transaction ends.
pub(crate) async fn lock(conn: &mut PgConnection, name: &str) -> Result<Cursor, Fault> {
    sqlx::query("insert into cursors (name, position) values ($1, 0) on conflict do nothing")
        .bind(name)
        .execute(&mut *conn)
        .await
        .or_fault()?;
    sqlx::query_as(
        "select position, incarnation, last_event from cursors where name = $1 for update",
    )
    .bind(name)
    .fetch_one(conn)
    .await
    .or_fault()
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

/// Moves the relay's cursor forward, without waiting for the disk: where a crash takes it back, what
/// was published is published again under the same ids.
pub(crate) async fn advance(
    conn: &mut PgConnection,
    name: &str,
    position: u64,
) -> Result<(), Fault> {
    sqlx::query(
        "with unhurried as (select set_config('synchronous_commit', 'off', true))
         insert into cursors as c (name, position, incarnation, last_event)
         select $1, $2, '', '' from unhurried
         on conflict (name) do update set position = $2 where c.position <= $2",
    )
    .bind(name)
    .bind(position.cast_signed())
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Moves the cursor of a followed log forward, behind its entry `last_event`.
pub(crate) async fn follow(
    conn: &mut PgConnection,
    name: &str,
    position: u64,
    incarnation: &str,
    last_event: &str,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into cursors as c (name, position, incarnation, last_event) values ($1, $2, $3, $4)
         on conflict (name) do update set position = $2, incarnation = $3, last_event = $4
          where c.position <= $2",
    )
    .bind(name)
    .bind(position.cast_signed())
    .bind(incarnation)
    .bind(last_event)
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
