//! `portal_reports` and the log of the public side: written in one transaction, the words of a
//! person never read again.

use std::collections::BTreeMap;

use gongxin_disclosure_domain::PortalContent;
use gongxin_eventing::Ts;
use gongxin_transparency::{Tile, TileId};
use jiff::Timestamp;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

/// A report as it is written.
pub(in crate::public) struct New<'n> {
    pub(in crate::public) id: Uuid,
    pub(in crate::public) bureau: &'n str,
    pub(in crate::public) seq: u64,
    pub(in crate::public) number: &'n str,
    pub(in crate::public) received_at: Timestamp,
    pub(in crate::public) channel: &'static str,
    pub(in crate::public) content: &'n PortalContent,
    pub(in crate::public) salts: [u8; 96],
}

/// A transaction that holds the log: its replicas append one after another.
pub(in crate::public) async fn begin(pool: &PgPool) -> sqlx::Result<Transaction<'_, Postgres>> {
    let mut tx = pool.begin_with("begin read write").await?;
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('disclosure public log', 0))")
        .execute(&mut *tx)
        .await?;
    Ok(tx)
}

/// The receipt that this report was given before.
pub(in crate::public) async fn receipt(
    conn: &mut PgConnection,
    id: Uuid,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select receipt from public_receipts where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub(in crate::public) async fn insert(conn: &mut PgConnection, new: &New<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "insert into portal_reports (id, bureau, seq, number, received_at, channel, name, phone,
                                     place, facts, salts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(new.id)
    .bind(new.bureau)
    .bind(new.seq.cast_signed())
    .bind(new.number)
    .bind(Ts(new.received_at))
    .bind(new.channel)
    .bind(&new.content.name)
    .bind(&new.content.phone)
    .bind(&new.content.place)
    .bind(&new.content.facts)
    .bind(&new.salts[..])
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::public) async fn keep_receipt(
    conn: &mut PgConnection,
    id: Uuid,
    bureau: &str,
    receipt: &str,
) -> sqlx::Result<()> {
    sqlx::query("insert into public_receipts (id, bureau, receipt) values ($1, $2, $3)")
        .bind(id)
        .bind(bureau)
        .bind(receipt)
        .execute(conn)
        .await?;
    Ok(())
}

/// Number of leaves; they are numbered without a gap.
pub(in crate::public) async fn size(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let size: i64 = sqlx::query_scalar("select coalesce(max(seq) + 1, 0) from public_log")
        .fetch_one(conn)
        .await?;
    Ok(size.unsigned_abs())
}

/// Tiles by their ids, as bytes; those that are not there are left out.
pub(in crate::public) async fn tiles(
    conn: &mut PgConnection,
    ids: &[TileId],
) -> sqlx::Result<Vec<(TileId, Vec<u8>)>> {
    let levels: Vec<i16> = ids.iter().map(|id| i16::from(id.level)).collect();
    let indexes: Vec<i64> = ids.iter().map(|id| id.index.cast_signed()).collect();
    let rows: Vec<(i16, i64, Vec<u8>)> = sqlx::query_as(
        "select level, index, hashes from public_tiles
          where (level, index) in (select * from unnest($1::smallint[], $2::bigint[]))",
    )
    .bind(levels)
    .bind(indexes)
    .fetch_all(conn)
    .await?;
    let named = rows.into_iter().map(|(level, index, hashes)| {
        let level = u8::try_from(level).unwrap_or(u8::MAX); // no such level: found missing later
        (TileId { level, index: index.unsigned_abs() }, hashes)
    });
    Ok(named.collect())
}

/// Adds a leaf with the tiles that it changed and the checkpoint over it.
pub(in crate::public) async fn append(
    conn: &mut PgConnection,
    (seq, id, leaf): (u64, Uuid, [u8; 32]),
    changed: &BTreeMap<TileId, Tile>,
    checkpoint: &str,
) -> sqlx::Result<()> {
    sqlx::query("insert into public_log (seq, id, leaf) values ($1, $2, $3)")
        .bind(seq.cast_signed())
        .bind(id)
        .bind(&leaf[..])
        .execute(&mut *conn)
        .await?;
    for (tile, hashes) in changed {
        sqlx::query(
            "insert into public_tiles (level, index, hashes) values ($1, $2, $3)
             on conflict (level, index) do update set hashes = excluded.hashes",
        )
        .bind(i16::from(tile.level))
        .bind(tile.index.cast_signed())
        .bind(hashes.to_bytes())
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query("insert into public_checkpoints (size, note) values ($1, $2)")
        .bind(seq.cast_signed() + 1)
        .bind(checkpoint)
        .execute(conn)
        .await?;
    Ok(())
}
