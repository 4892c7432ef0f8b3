//! What an operator reads: where a log stands, the way of some events, what is set aside, what is
//! due. Ids, numbers, times and subjects; never what an event or a row says.

use gongxin_kernel::Fault;
use gongxin_proto::operations::v1::Envelope;
use prost::Message as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use crate::operator::{Period, SetAside, Step};
use crate::{Ts, reasons};

#[derive(sqlx::FromRow)]
struct StepRow {
    id: Uuid,
    aggregate: Uuid,
    version: i32,
    subject: String,
    at: Ts,
    seq: Option<i64>,
}

/// The events of these aggregates, in the order in which they were written.
pub(crate) async fn steps(
    conn: &mut PgConnection,
    aggregates: &[Uuid],
) -> Result<Vec<Step>, Fault> {
    let rows: Vec<StepRow> = sqlx::query_as(
        "select e.id, e.aggregate, e.version, e.subject, e.at, l.seq
           from events e left join log l on l.event_id = e.id
          where e.aggregate = any($1) order by e.ordinal",
    )
    .bind(aggregates)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |row: StepRow| Step {
        event: row.id,
        aggregate: row.aggregate,
        version: row.version.unsigned_abs(),
        subject: row.subject,
        at: row.at.0,
        sequence: row.seq.map(i64::unsigned_abs),
    };
    Ok(rows.into_iter().map(read).collect())
}

#[derive(sqlx::FromRow)]
struct AsideRow {
    envelope: Vec<u8>,
    source: String,
    seq: i64,
    reason: String,
    parked: bool,
    state: String,
    resolution: Option<String>,
}

/// Messages that are or, with `all`, were set aside; the earliest first.
pub(crate) async fn set_aside(conn: &mut PgConnection, all: bool) -> Result<Vec<SetAside>, Fault> {
    let rows: Vec<AsideRow> = sqlx::query_as(
        "select envelope, source, seq, reason, parked, state, resolution from quarantine
          where state = 'open' or $1 order by source, seq",
    )
    .bind(all)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |row: AsideRow| {
        let broken = |e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e);
        let mut headers = Envelope::decode(&*row.envelope).map_err(broken)?;
        headers.data.clear();
        Ok(SetAside {
            source: row.source,
            sequence: row.seq.unsigned_abs(),
            headers,
            reason: row.reason,
            parked: row.parked,
            state: row.state,
            resolution: row.resolution,
        })
    };
    rows.into_iter().map(read).collect()
}

#[derive(sqlx::FromRow)]
struct PeriodRow {
    aggregate: Uuid,
    rule: String,
    state: String,
    due_at: Ts,
    next_at: Ts,
}

/// The first `limit` open periods, in the order in which they end.
pub(crate) async fn periods(conn: &mut PgConnection, limit: i64) -> Result<Vec<Period>, Fault> {
    let rows: Vec<PeriodRow> = sqlx::query_as(
        "select aggregate, rule, state, due_at, next_at from deadlines
          where next_at is not null order by due_at, id limit $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |row: PeriodRow| Period {
        aggregate: row.aggregate,
        rule: row.rule,
        state: row.state,
        due_at: row.due_at.0,
        next_at: row.next_at.0,
    };
    Ok(rows.into_iter().map(read).collect())
}
