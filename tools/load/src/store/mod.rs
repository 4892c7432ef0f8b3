//! SQL of the bench: databases, prepared rows, counts. As superuser, for nothing here is a service.

pub(crate) mod clocks;

use anyhow::Context as _;
use gongxin_eventing::{OrFault as _, Tx, bootstrap};
use gongxin_kernel::Fault;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool};
use uuid::Uuid;

/// `admin` with another database, and with another role where one is named.
pub(crate) fn url(
    admin: &str,
    database: &str,
    role: Option<(&str, &str)>,
) -> anyhow::Result<String> {
    let mut options: PgConnectOptions = admin.parse().context("--postgres")?;
    options = options.database(database);
    if let Some((role, password)) = role {
        options = options.username(role).password(password);
    }
    Ok(options.to_url_lossy().to_string())
}

/// Makes a database, anew if it is there, with roles and schema of each service.
pub(crate) async fn prepare(
    admin: &str,
    database: &str,
    services: &[&str],
    password: &str,
) -> anyhow::Result<()> {
    let server = PgPool::connect(admin).await.context("--postgres")?;
    let sql = format!("drop database if exists {database} with (force)");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&server).await?;
    bootstrap::create_database(&server, database).await?;
    server.close().await;
    let pool = PgPool::connect(&url(admin, database, None)?).await?;
    for service in services {
        bootstrap::prepare(&pool, service, password)
            .await
            .with_context(|| (*service).to_owned())?;
    }
    pool.close().await;
    Ok(())
}

/// Runs the shared migrations and `own` as the owner of `service`'s schema.
pub(crate) async fn migrate(url: &str, own: &Migrator) -> anyhow::Result<()> {
    let owner = PgPool::connect(url).await?;
    bootstrap::migrate(&owner, own).await?;
    owner.close().await;
    Ok(())
}

pub(crate) async fn connect(url: &str) -> anyhow::Result<PgConnection> {
    Ok(PgConnection::connect(url).await?)
}

/// Runs some statements.
pub(crate) async fn run(conn: &mut PgConnection, sql: &str) -> anyhow::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await?;
    Ok(())
}

/// One number, e.g. of `select count(*) from …`.
pub(crate) async fn number(conn: &mut PgConnection, sql: &'static str) -> anyhow::Result<u64> {
    let number: i64 = sqlx::query_scalar(sql).fetch_one(conn).await?;
    Ok(number.unsigned_abs())
}

pub(crate) const LOG_SIZE: &str = "select coalesce(max(seq) + 1, 0) from source.log";
pub(crate) const RELAYED: &str =
    "select coalesce((select position from source.cursors where name = 'relay'), 0)";
pub(crate) const APPLIED: &str =
    "select coalesce((select position from sink.cursors where name = '619921/source'), 0)";
pub(crate) const EFFECTS: &str = "select count(distinct event_id) from sink.effects";
pub(crate) const NEWEST_EFFECT: &str = "select coalesce(max(n), 0) from sink.effects";
pub(crate) const FIRED: &str = "select coalesce(max(n), 0) from source.fired";
pub(crate) const FIRED_DISTINCT: &str = "select count(distinct period) from source.fired";

/// Events of as many aggregates, committed and not numbered yet, as a command would have left
/// them.
pub(crate) async fn put_events(
    conn: &mut PgConnection,
    count: u64,
    type_name: &str,
    data: &[u8],
) -> anyhow::Result<()> {
    sqlx::query(
        "with made as (
             insert into source.events (id, bureau, aggregate, version, subject, type, at, actor,
                     data, view, canonical, salts, traceparent, tracestate, written_by)
             select gen_random_uuid(), '619921', gen_random_uuid(), 1, 'item.put', $2,
                    clock_timestamp(), 'service:bench', $3, '{\"item\":\"bench\"}',
                    sha256(n::text::bytea),
                    sha256(random()::text::bytea) || sha256(random()::text::bytea)
                        || sha256(random()::text::bytea),
                    '', '', 'put'
               from generate_series(1, $1) as n
             returning ordinal)
         insert into source.unsequenced (ordinal) select ordinal from made",
    )
    .bind(count.cast_signed())
    .bind(type_name)
    .bind(data)
    .execute(conn)
    .await?;
    Ok(())
}

/// Periods that run: `count` of them, the first due `first` seconds from now, `apart` seconds apart.
pub(crate) async fn put_periods(
    conn: &mut PgConnection,
    count: u64,
    first: f64,
    apart: f64,
) -> anyhow::Result<()> {
    sqlx::query(
        "insert into source.deadlines (id, bureau, aggregate, rule, rule_version, subject, state,
                 started_at, due_at, assumed, explained, next_at)
         select gen_random_uuid(), '619921', own, 'bench.rule', 'bench', own, 'running',
                clock_timestamp(), due, false, '{}', due + interval '1 microsecond'
           from (select gen_random_uuid() as own,
                        clock_timestamp() + make_interval(secs => $2 + n * $3) as due
                   from generate_series(0, $1 - 1) as n) as period",
    )
    .bind(count.cast_signed())
    .bind(first)
    .bind(apart)
    .execute(conn)
    .await?;
    Ok(())
}

/// The business row of a command.
pub(crate) async fn insert_item(tx: &mut Tx, id: Uuid, what: &[u8]) -> Result<(), Fault> {
    let bureau = tx.bureau()?.to_string();
    sqlx::query("insert into items (id, bureau, what) values ($1, $2, $3)")
        .bind(id)
        .bind(bureau)
        .bind(what)
        .execute(tx.conn())
        .await
        .or_fault()?;
    Ok(())
}

/// The effect of an event.
pub(crate) async fn insert_effect(tx: &mut Tx, event: Uuid) -> Result<(), Fault> {
    let bureau = tx.bureau()?.to_string();
    sqlx::query("insert into effects (event_id, bureau) values ($1, $2)")
        .bind(event)
        .bind(bureau)
        .execute(tx.conn())
        .await
        .or_fault()?;
    Ok(())
}

/// The effect of a period's end.
pub(crate) async fn insert_fired(tx: &mut Tx, period: Uuid) -> Result<(), Fault> {
    let bureau = tx.bureau()?.to_string();
    sqlx::query("insert into fired (bureau, period) values ($1, $2)")
        .bind(bureau)
        .bind(period)
        .execute(tx.conn())
        .await
        .or_fault()?;
    Ok(())
}

/// Aggregates of the effects after number `n`, in order; few at a time, so that the planner stays with
/// the index whatever the tables have grown to.
pub(crate) async fn effects_after(
    conn: &mut PgConnection,
    n: u64,
) -> anyhow::Result<Vec<(i64, Uuid)>> {
    Ok(sqlx::query_as(
        "select f.n, e.aggregate from sink.effects f join source.events e on e.id = f.event_id
          where f.n > $1 order by f.n limit 500",
    )
    .bind(n.cast_signed())
    .fetch_all(conn)
    .await?)
}

/// A process of the server, so that the server can be made to crash.
pub(crate) async fn backend(conn: &mut PgConnection) -> anyhow::Result<i32> {
    Ok(sqlx::query_scalar("select pg_backend_pid()").fetch_one(conn).await?)
}
