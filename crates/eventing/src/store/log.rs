//! `log`, `tiles`, `checkpoints`, `log_identity`: the numbered log and its tree.

use std::collections::BTreeMap;

use gongxin_kernel::Fault;
use gongxin_transparency::{Tile, TileId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use super::events::Stored;
use crate::reasons;

/// Writes whose log this is, or checks that it still is; gives the incarnation.
pub(crate) async fn identify(conn: &mut PgConnection, log_id: &str) -> Result<String, Fault> {
    sqlx::query(
        "insert into log_identity (log_id, incarnation) values ($1, $2) on conflict do nothing",
    )
    .bind(log_id)
    .bind(gongxin_kernel::new_uuid())
    .execute(&mut *conn)
    .await
    .or_fault()?;
    let (stored, incarnation): (String, Uuid) =
        sqlx::query_as("select log_id, incarnation from log_identity")
            .fetch_one(conn)
            .await
            .or_fault()?;
    if stored != log_id {
        let what = format!("this schema holds the log {stored}, not {log_id}");
        return Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what));
    }
    Ok(incarnation.to_string())
}

/// Number of entries, read without counting: numbers are dense.
pub(crate) async fn size(conn: &mut PgConnection) -> Result<u64, Fault> {
    let size: i64 = sqlx::query_scalar("select coalesce(max(seq) + 1, 0) from log")
        .fetch_one(conn)
        .await
        .or_fault()?;
    Ok(size.unsigned_abs())
}

pub(crate) async fn append(
    conn: &mut PgConnection,
    first: u64,
    ids: &[Uuid],
    leaves: &[Vec<u8>],
) -> Result<(), Fault> {
    sqlx::query(
        "insert into log (seq, event_id, leaf)
         select $1 + n - 1, id, leaf
           from unnest($2::uuid[], $3::bytea[]) with ordinality as t(id, leaf, n)",
    )
    .bind(first.cast_signed())
    .bind(ids)
    .bind(leaves)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Entries from `from` on, with their numbers.
pub(crate) async fn read(
    conn: &mut PgConnection,
    from: u64,
    limit: i64,
) -> Result<Vec<(u64, Stored)>, Fault> {
    #[derive(sqlx::FromRow)]
    struct Row {
        seq: i64,
        #[sqlx(flatten)]
        event: Stored,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select l.seq, e.ordinal, e.id, e.bureau, e.aggregate, e.version, e.subject, e.type, e.at,
                e.data, e.view, e.canonical, e.salts, e.traceparent, e.tracestate
           from log l join events e on e.id = l.event_id
          where l.seq >= $1 order by l.seq limit $2",
    )
    .bind(from.cast_signed())
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(|row| (row.seq.unsigned_abs(), row.event)).collect())
}

pub(crate) async fn sequence_of(
    conn: &mut PgConnection,
    event: Uuid,
) -> Result<Option<u64>, Fault> {
    let seq: Option<i64> = sqlx::query_scalar("select seq from log where event_id = $1")
        .bind(event)
        .fetch_optional(conn)
        .await
        .or_fault()?;
    Ok(seq.map(i64::unsigned_abs))
}

pub(crate) async fn tiles(
    conn: &mut PgConnection,
    ids: &[TileId],
) -> Result<BTreeMap<TileId, Tile>, Fault> {
    let levels: Vec<i16> = ids.iter().map(|id| i16::from(id.level)).collect();
    let indexes: Vec<i64> = ids.iter().map(|id| id.index.cast_signed()).collect();
    let rows: Vec<(i16, i64, Vec<u8>)> = sqlx::query_as(
        "select t.level, t.index, t.hashes
           from unnest($1::smallint[], $2::bigint[]) as wanted(level, index)
           join tiles t on t.level = wanted.level and t.index = wanted.index",
    )
    .bind(levels)
    .bind(indexes)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter()
        .map(|(level, index, hashes)| {
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            let tile = Tile::from_bytes(&hashes)
                .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e.to_string()))?;
            Ok((TileId { level, index: index.unsigned_abs() }, tile))
        })
        .collect()
}

pub(crate) async fn store_tiles(
    conn: &mut PgConnection,
    changed: &BTreeMap<TileId, Tile>,
) -> Result<(), Fault> {
    let levels: Vec<i16> = changed.keys().map(|id| i16::from(id.level)).collect();
    let indexes: Vec<i64> = changed.keys().map(|id| id.index.cast_signed()).collect();
    let hashes: Vec<Vec<u8>> = changed.values().map(Tile::to_bytes).collect();
    sqlx::query(
        "insert into tiles (level, index, hashes)
         select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
         on conflict (level, index) do update set hashes = excluded.hashes",
    )
    .bind(levels)
    .bind(indexes)
    .bind(hashes)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(crate) async fn store_checkpoint(
    conn: &mut PgConnection,
    size: u64,
    note: &str,
) -> Result<(), Fault> {
    sqlx::query("insert into checkpoints (size, note) values ($1, $2)")
        .bind(size.cast_signed())
        .bind(note)
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

/// The checkpoint of the batch that entry `seq` came in: size and signed note.
pub(crate) async fn checkpoint_of(
    conn: &mut PgConnection,
    seq: u64,
) -> Result<Option<(u64, String)>, Fault> {
    let row: Option<(i64, String)> =
        sqlx::query_as("select size, note from checkpoints where size > $1 order by size limit 1")
            .bind(seq.cast_signed())
            .fetch_optional(conn)
            .await
            .or_fault()?;
    Ok(row.map(|(size, note)| (size.unsigned_abs(), note)))
}

/// The newest checkpoint of the last full second: published at a fixed beat, so that growth
/// between two beats tells nothing.
pub(crate) async fn published_checkpoint(
    conn: &mut PgConnection,
) -> Result<Option<(u64, String)>, Fault> {
    let row: Option<(i64, String)> = sqlx::query_as(
        "select size, note from checkpoints
          where recorded_at <= date_trunc('second', clock_timestamp())
          order by size desc limit 1",
    )
    .fetch_optional(conn)
    .await
    .or_fault()?;
    Ok(row.map(|(size, note)| (size.unsigned_abs(), note)))
}
