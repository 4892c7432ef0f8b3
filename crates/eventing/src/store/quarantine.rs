//! `quarantine`: messages that could not be applied, and those parked behind them.

use gongxin_kernel::Fault;
use gongxin_proto::operations::v1::Envelope;
use prost::Message as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;

pub(crate) async fn insert(
    conn: &mut PgConnection,
    envelope: &Envelope,
    reason: &str,
    parked: bool,
) -> Result<(), Fault> {
    // A message so broken that its ids cannot be read is kept under nil ids.
    let uuid = |text: &str| text.parse().unwrap_or(Uuid::nil());
    sqlx::query(
        "insert into quarantine (source, seq, event_id, bureau, aggregate, type, envelope, reason, parked)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (source, seq) do nothing",
    )
    .bind(&envelope.source)
    .bind(envelope.sequence.cast_signed())
    .bind(uuid(&envelope.event_id))
    .bind(&envelope.bureau)
    .bind(uuid(&envelope.aggregate))
    .bind(&envelope.r#type)
    .bind(envelope.encode_to_vec())
    .bind(reason)
    .bind(parked)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Aggregates of `source` that have an open message: later ones must wait behind it.
pub(crate) async fn blocked(conn: &mut PgConnection, source: &str) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select distinct aggregate from quarantine where source = $1 and state = 'open'",
    )
    .bind(source)
    .fetch_all(conn)
    .await
    .or_fault()
}

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) source: String,
    pub(crate) seq: i64,
    pub(crate) event_id: Uuid,
    #[sqlx(rename = "type")]
    pub(crate) type_name: String,
    pub(crate) reason: String,
    pub(crate) parked: bool,
}

pub(crate) async fn open(conn: &mut PgConnection) -> Result<Vec<Row>, Fault> {
    sqlx::query_as(
        "select source, seq, event_id, type, reason, parked from quarantine
          where state = 'open' order by source, seq limit 500",
    )
    .fetch_all(conn)
    .await
    .or_fault()
}

/// The open message at `seq`, unless it is parked itself, and, behind it, those parked of its aggregate, in order.
pub(crate) async fn with_parked(
    conn: &mut PgConnection,
    source: &str,
    seq: u64,
) -> Result<Vec<Vec<u8>>, Fault> {
    sqlx::query_scalar(
        "select q.envelope from quarantine q
           join quarantine first on first.source = q.source and first.aggregate = q.aggregate
          where first.source = $1 and first.seq = $2 and first.state = 'open'
            and not first.parked and q.state = 'open' and (q.seq = first.seq or (q.seq > first.seq and q.parked))
          order by q.seq for update of q",
    )
    .bind(source)
    .bind(seq.cast_signed())
    .fetch_all(conn)
    .await
    .or_fault()
}

/// Makes a parked message the one that others wait for.
pub(crate) async fn head(
    conn: &mut PgConnection,
    source: &str,
    seq: u64,
    reason: &str,
) -> Result<(), Fault> {
    sqlx::query("update quarantine set parked = false, reason = $3 where source = $1 and seq = $2")
        .bind(source)
        .bind(seq.cast_signed())
        .bind(reason)
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

pub(crate) async fn close(
    conn: &mut PgConnection,
    source: &str,
    seq: u64,
    state: &str,
    resolution: &str,
) -> Result<u64, Fault> {
    let done = sqlx::query(
        "update quarantine set state = $3, resolution = $4
          where source = $1 and seq = $2 and state = 'open'",
    )
    .bind(source)
    .bind(seq.cast_signed())
    .bind(state)
    .bind(resolution)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(done.rows_affected())
}

pub(crate) async fn count_open(conn: &mut PgConnection) -> Result<u64, Fault> {
    let count: i64 = sqlx::query_scalar("select count(*) from quarantine where state = 'open'")
        .fetch_one(conn)
        .await
        .or_fault()?;
    Ok(count.unsigned_abs())
}
