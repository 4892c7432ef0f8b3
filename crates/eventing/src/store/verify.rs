//! What an auditor reads of a service's schema, in one moment.

use std::collections::HashMap;

use gongxin_kernel::Fault;
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use super::events::Stored;

/// An entry as the table `log` has it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Place {
    pub(crate) seq: i64,
    pub(crate) event_id: Uuid,
    pub(crate) leaf: Vec<u8>,
}

/// Log id and incarnation; none before the service ran for the first time.
pub(crate) async fn identity(conn: &mut PgConnection) -> Result<Option<(String, Uuid)>, Fault> {
    sqlx::query_as("select log_id, incarnation from log_identity")
        .fetch_optional(conn)
        .await
        .or_fault()
}

/// The entries with the numbers `from..until`.
pub(crate) async fn places(
    conn: &mut PgConnection,
    from: u64,
    until: u64,
) -> Result<Vec<Place>, Fault> {
    sqlx::query_as("select seq, event_id, leaf from log where seq >= $1 and seq < $2 order by seq")
        .bind(from.cast_signed())
        .bind(until.cast_signed())
        .fetch_all(conn)
        .await
        .or_fault()
}

/// The events of the entries `from..until`, by id.
pub(crate) async fn events(
    conn: &mut PgConnection,
    from: u64,
    until: u64,
) -> Result<HashMap<Uuid, Stored>, Fault> {
    let rows: Vec<Stored> = sqlx::query_as(
        "select ordinal, id, bureau, aggregate, version, subject, type, at, data, view, canonical,
                salts, traceparent, tracestate
           from events where id in (select event_id from log where seq >= $1 and seq < $2)",
    )
    .bind(from.cast_signed())
    .bind(until.cast_signed())
    .fetch_all(conn)
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(|event| (event.id, event)).collect())
}

/// Bytes of the tiles `from..until` of the lowest level, by index.
pub(crate) async fn leaf_tiles(
    conn: &mut PgConnection,
    from: u64,
    until: u64,
) -> Result<HashMap<u64, Vec<u8>>, Fault> {
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "select index, hashes from tiles where level = 0 and index >= $1 and index < $2",
    )
    .bind(from.cast_signed())
    .bind(until.cast_signed())
    .fetch_all(conn)
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(|(index, hashes)| (index.unsigned_abs(), hashes)).collect())
}

/// Level, index and bytes of all tiles above the lowest level.
pub(crate) async fn upper_tiles(
    conn: &mut PgConnection,
) -> Result<Vec<(i16, i64, Vec<u8>)>, Fault> {
    sqlx::query_as("select level, index, hashes from tiles where level > 0")
        .fetch_all(conn)
        .await
        .or_fault()
}

/// Indexes of tiles of the lowest level from `index` on.
pub(crate) async fn leaf_tiles_from(
    conn: &mut PgConnection,
    index: u64,
) -> Result<Vec<i64>, Fault> {
    sqlx::query_scalar("select index from tiles where level = 0 and index >= $1 order by index")
        .bind(index.cast_signed())
        .fetch_all(conn)
        .await
        .or_fault()
}

/// Size and note of the checkpoints whose size is in `from..=until`.
pub(crate) async fn checkpoints(
    conn: &mut PgConnection,
    from: u64,
    until: u64,
) -> Result<Vec<(i64, String)>, Fault> {
    sqlx::query_as(
        "select size, note from checkpoints where size >= $1 and size <= $2 order by size",
    )
    .bind(from.cast_signed())
    .bind(until.cast_signed())
    .fetch_all(conn)
    .await
    .or_fault()
}

/// An event that is neither in the log nor waiting, in both, or waiting without being there.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Astray {
    pub(crate) ordinal: i64,
    pub(crate) event_id: Option<Uuid>,
    pub(crate) aggregate: Option<Uuid>,
    pub(crate) numbered: bool,
    pub(crate) queued: bool,
}

/// Every event that does not stand in exactly one of log and queue.
pub(crate) async fn astray(conn: &mut PgConnection) -> Result<Vec<Astray>, Fault> {
    sqlx::query_as(
        "select ordinal, e.id as event_id, e.aggregate, l.event_id is not null as numbered,
                u.ordinal is not null as queued
           from events e full join unsequenced u using (ordinal)
           left join log l on l.event_id = e.id
          where (l.event_id is null) = (u.ordinal is null) or e.id is null
          order by ordinal",
    )
    .fetch_all(conn)
    .await
    .or_fault()
}

/// The newest event of an aggregate.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Head {
    pub(crate) aggregate: Uuid,
    pub(crate) version: i32,
    pub(crate) subject: String,
    pub(crate) data: Vec<u8>,
    pub(crate) canonical: Vec<u8>,
}

/// At most `limit` aggregates of `bureau` that come after `after`, each with its newest event.
pub(crate) async fn heads(
    conn: &mut PgConnection,
    bureau: &str,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Head>, Fault> {
    sqlx::query_as(
        "select distinct on (aggregate) aggregate, version, subject, data, canonical
           from events where bureau = $1 and aggregate > $2
          order by aggregate, version desc limit $3",
    )
    .bind(bureau)
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}

/// The bureaus of which there are events or entries of the audit chain.
pub(crate) async fn bureaus(conn: &mut PgConnection) -> Result<Vec<String>, Fault> {
    sqlx::query_scalar("select bureau from events union select bureau from audit order by 1")
        .fetch_all(conn)
        .await
        .or_fault()
}

/// Of `ids`, those that no event tells of.
pub(crate) async fn without_event(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select t.id from unnest($1::uuid[]) as t(id)
          where not exists (select from events e where e.aggregate = t.id)",
    )
    .bind(ids)
    .fetch_all(conn)
    .await
    .or_fault()
}

/// Ids of all documents of `bureau`, as its own role sees them.
pub(crate) async fn documents(conn: &mut PgConnection) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar("select id from documents").fetch_all(conn).await.or_fault()
}

/// Name, position, incarnation and last event of every cursor.
pub(crate) async fn cursors(
    conn: &mut PgConnection,
) -> Result<Vec<(String, i64, String, String)>, Fault> {
    sqlx::query_as("select name, position, incarnation, last_event from cursors order by name")
        .fetch_all(conn)
        .await
        .or_fault()
}

/// How many events wait for a number.
pub(crate) async fn count_unsequenced(conn: &mut PgConnection) -> Result<u64, Fault> {
    let count: i64 =
        sqlx::query_scalar("select count(*) from unsequenced").fetch_one(conn).await.or_fault()?;
    Ok(count.unsigned_abs())
}
