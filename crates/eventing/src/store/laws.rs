//! `laws`, and which running periods of `deadlines` another law has computed.

use gongxin_kernel::Fault;
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use crate::Ts;

/// From now on this is the law of the service.
pub(crate) async fn enter(
    conn: &mut PgConnection,
    basis: &str,
    content: &str,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into laws (id, content) values ($1, $2::jsonb)
         on conflict (id) do update set started_at = clock_timestamp()",
    )
    .bind(basis)
    .bind(content)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// The law of the replica that started last.
pub(crate) async fn latest(conn: &mut PgConnection) -> Result<Option<String>, Fault> {
    sqlx::query_scalar("select id from laws order by started_at desc limit 1")
        .fetch_optional(conn)
        .await
        .or_fault()
}

/// What a law consists of, as JSON.
pub(crate) async fn content(conn: &mut PgConnection, basis: &str) -> Result<Option<String>, Fault> {
    sqlx::query_scalar("select content::text from laws where id = $1")
        .bind(basis)
        .fetch_optional(conn)
        .await
        .or_fault()
}

/// A running period that another law has computed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) bureau: String,
    pub(crate) aggregate: Uuid,
    pub(crate) rule: String,
    pub(crate) rule_version: String,
    pub(crate) subject: Uuid,
    pub(crate) started_at: Ts,
    pub(crate) warn_at: Option<Ts>,
    pub(crate) due_at: Ts,
    pub(crate) assumed: bool,
    pub(crate) explained: Vec<String>,
    pub(crate) facts: String,
    pub(crate) basis: String,
}

/// Up to `limit` of them that nobody holds, locked; without the ids in `except`.
pub(crate) async fn stale(
    conn: &mut PgConnection,
    basis: &str,
    now: Timestamp,
    except: &[Uuid],
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    sqlx::query_as(
        "select id, bureau, aggregate, rule, subject, started_at, warn_at, due_at, assumed,
                rule_version, explained, facts::text as facts, basis
           from deadlines
          where basis in (select id from laws where id <> $1)
                and state = 'running' and due_at >= $2 and id <> all ($3)
          limit $4 for update skip locked",
    )
    .bind(basis)
    .bind(Ts(now))
    .bind(except)
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}

/// Of these, each with the basis and the end it had when it was looked at, the ones that still run
/// and that nothing has touched since; locked.
pub(crate) async fn still_stale(
    conn: &mut PgConnection,
    now: Timestamp,
    seen: &[(Uuid, String, Timestamp)],
) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select d.id from deadlines d
           join unnest($2::uuid[], $3::text[], $4::timestamptz[]) as seen (id, basis, due_at)
             on seen.id = d.id and seen.basis = d.basis and seen.due_at = d.due_at
          where d.state = 'running' and d.due_at >= $1
          order by d.id for update of d",
    )
    .bind(Ts(now))
    .bind(seen.iter().map(|(id, _, _)| *id).collect::<Vec<_>>())
    .bind(seen.iter().map(|(_, basis, _)| basis.as_str()).collect::<Vec<_>>())
    .bind(seen.iter().map(|(_, _, due_at)| Ts(*due_at)).collect::<Vec<_>>())
    .fetch_all(conn)
    .await
    .or_fault()
}

/// Notes that these agree with the law `basis`, where they run.
pub(crate) async fn agree(conn: &mut PgConnection, basis: &str, ids: &[Uuid]) -> Result<(), Fault> {
    sqlx::query(
        "update deadlines set basis = $1
          where id = any ($2) and state = 'running' and basis <> $1",
    )
    .bind(basis)
    .bind(ids)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}
