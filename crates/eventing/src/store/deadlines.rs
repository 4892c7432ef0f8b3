//! `deadlines`: running legal periods. Legal time comes in as a parameter.

use gongxin_kernel::Fault;
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use crate::{Ts, reasons};

#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) bureau: String,
    pub(crate) aggregate: Uuid,
    pub(crate) rule: String,
    pub(crate) subject: Uuid,
    pub(crate) state: String,
    pub(crate) due_at: Ts,
    pub(crate) reminders: i32,
    pub(crate) next_at: Option<Ts>,
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &str,
    deadline: &crate::NewDeadline,
    basis: &str,
    next_at: Timestamp,
) -> Result<(), Fault> {
    let facts = facts(deadline)?;
    sqlx::query(
        "insert into deadlines (id, bureau, aggregate, rule, rule_version, subject, state,
                                started_at, warn_at, due_at, assumed, explained, next_at,
                                facts, basis)
         values ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, $10, $11, $12, $13::jsonb, $14)",
    )
    .bind(gongxin_kernel::new_uuid())
    .bind(bureau)
    .bind(deadline.aggregate)
    .bind(deadline.rule)
    .bind(&deadline.rule_version)
    .bind(deadline.subject)
    .bind(Ts(deadline.started_at))
    .bind(deadline.warn_at.map(Ts))
    .bind(Ts(deadline.due_at))
    .bind(deadline.assumed)
    .bind(&deadline.explained)
    .bind(Ts(next_at))
    .bind(&facts)
    .bind(facts.as_ref().map(|_| basis))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

fn facts(deadline: &crate::NewDeadline) -> Result<Option<String>, Fault> {
    let facts = deadline.facts.as_ref().map(serde_json::to_string).transpose();
    facts.map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))
}

/// The open period of this rule and subject.
pub(crate) async fn open(
    conn: &mut PgConnection,
    aggregate: Uuid,
    rule: &str,
    subject: Uuid,
) -> Result<Option<Row>, Fault> {
    sqlx::query_as(
        "select id, bureau, aggregate, rule, subject, state, due_at, reminders, next_at
           from deadlines
          where aggregate = $1 and rule = $2 and subject = $3 and state in ('running', 'overdue')
            for update",
    )
    .bind(aggregate)
    .bind(rule)
    .bind(subject)
    .fetch_optional(conn)
    .await
    .or_fault()
}

pub(crate) async fn find(conn: &mut PgConnection, id: Uuid) -> Result<Option<Row>, Fault> {
    sqlx::query_as(
        "select id, bureau, aggregate, rule, subject, state, due_at, reminders, next_at
           from deadlines where id = $1 for update",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
    .or_fault()
}

/// Closes an open period.
pub(crate) async fn close(
    conn: &mut PgConnection,
    id: Uuid,
    state: &str,
    at: Timestamp,
) -> Result<(), Fault> {
    sqlx::query("update deadlines set state = $2, next_at = null, closed_at = $3 where id = $1")
        .bind(id)
        .bind(state)
        .bind(Ts(at))
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

/// A period that moves, and when the runner looks at it next.
pub(crate) type Move = (crate::NewDeadline, Timestamp);

/// Moves the ends of running periods that are not over at `now`, in one statement; gives how many
/// there were.
pub(crate) async fn reschedule(
    conn: &mut PgConnection,
    moves: &[Move],
    basis: &str,
    now: Timestamp,
) -> Result<u64, Fault> {
    let row = |(to, next_at): &Move| {
        serde_json::json!({
            "aggregate": to.aggregate, "rule": to.rule, "subject": to.subject,
            "rule_version": to.rule_version, "warn_at": to.warn_at.map(|at| at.to_string()),
            "due_at": to.due_at.to_string(), "assumed": to.assumed, "explained": to.explained,
            "facts": to.facts, "next_at": next_at.to_string(),
        })
    };
    let rows: serde_json::Value = moves.iter().map(row).collect();
    let done = sqlx::query(
        "update deadlines d
            set warn_at = m.warn_at, due_at = m.due_at, assumed = m.assumed, next_at = m.next_at,
                explained = array(select jsonb_array_elements_text(m.explained)),
                rule_version = m.rule_version, facts = m.facts,
                basis = case when m.facts is not null then $2 end
           from jsonb_to_recordset($1::jsonb) as m (aggregate uuid, rule text, subject uuid,
                rule_version text, warn_at timestamptz, due_at timestamptz, assumed boolean,
                explained jsonb, facts jsonb, next_at timestamptz)
          where d.aggregate = m.aggregate and d.rule = m.rule and d.subject = m.subject
                and d.state = 'running' and d.due_at >= $3",
    )
    .bind(rows.to_string())
    .bind(basis)
    .bind(Ts(now))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(done.rows_affected())
}

/// Notes that the runner acted on `before`, and when it looks again; nothing where the handler
/// closed or moved it.
pub(crate) async fn fired(
    conn: &mut PgConnection,
    before: &Row,
    state: &str,
    reminders: i32,
    next_at: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "update deadlines set state = $2, reminders = $3, next_at = $4
          where id = $1 and next_at = $5",
    )
    .bind(before.id)
    .bind(state)
    .bind(reminders)
    .bind(Ts(next_at))
    .bind(before.next_at)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Ids of periods whose next moment has come, earliest first; one that failed lately waits.
pub(crate) async fn due(
    conn: &mut PgConnection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(Uuid, Uuid)>, Fault> {
    sqlx::query_as(
        "select id, aggregate from deadlines
          where next_at <= $1 and retry_at <= clock_timestamp() order by next_at limit $2",
    )
    .bind(Ts(now))
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}

/// Lets a period whose handling failed wait, in machine time, so that it never stops a sweep.
pub(crate) async fn postpone(conn: &mut PgConnection, id: Uuid, seconds: f64) -> Result<(), Fault> {
    sqlx::query(
        "update deadlines set retry_at = clock_timestamp() + make_interval(secs => $2)
          where id = $1 and closed_at is null",
    )
    .bind(id)
    .bind(seconds)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(crate) async fn next_due(conn: &mut PgConnection) -> Result<Option<Timestamp>, Fault> {
    let at: Option<Ts> = sqlx::query_scalar("select min(next_at) from deadlines")
        .fetch_one(conn)
        .await
        .or_fault()?;
    Ok(at.map(Into::into))
}

/// How many periods of each rule are in each state.
pub(crate) async fn counts(conn: &mut PgConnection) -> Result<Vec<(String, String, u64)>, Fault> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select rule, state, count(*) from deadlines group by rule, state order by rule, state",
    )
    .fetch_all(conn)
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(|(rule, state, n)| (rule, state, n.unsigned_abs())).collect())
}
