//! A toy service whose only fact is that a toy has a version, and an echo that counts them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use gongxin_eventing::{
    Command, Db, Deadlines, Due, LogSource, NewEvent, OrFault as _, Reactions, Runtime, Status, Tx,
    reasons,
};
use gongxin_kernel::{Actor, Canonical, Fault, RequestId, Revision};
use gongxin_proto::intake::v1::{CaseNotFiled, RecordNoticeServedResponse};
use gongxin_proto::operations::v1::Envelope;
use gongxin_testkit::{World, until};
use gongxin_transparency::View;
use sqlx::AssertSqlSafe;
use sqlx::migrate::Migrator;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The log that an echo follows.
pub(crate) const TOY_LOG: &str = "619921/toy";

pub(crate) static TOY: Migrator = sqlx::migrate!("tests/it/toy");
pub(crate) static ECHO: Migrator = sqlx::migrate!("tests/it/echo");

pub(crate) async fn world() -> World {
    World::new(&[("toy", &TOY), ("echo", &ECHO)]).await
}

/// Gives a toy its next version.
pub(crate) struct Wind(pub(crate) Uuid);

impl Command for Wind {
    const NAME: &'static str = "wind";
    type Answer = RecordNoticeServedResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<Self::Answer, Fault> {
        let bureau = tx.bureau()?.to_string();
        let version: i32 = sqlx::query_scalar(
            "insert into toys as t (id, bureau, version) values ($1, $2, 1)
             on conflict (id) do update set version = t.version + 1 returning version",
        )
        .bind(self.0)
        .bind(bureau)
        .fetch_one(tx.conn())
        .await
        .or_fault()?;
        let revision = Revision(version.unsigned_abs());
        let message = CaseNotFiled {
            report_id: self.0.to_string(),
            notice_number: version.to_string(),
            ..Default::default()
        };
        let view =
            View::new([("toy", self.0.to_string()), ("version", version.to_string())]).unwrap();
        let row = Canonical::new("toy").field("version", version.to_be_bytes()).finish();
        tx.append(NewEvent::new(self.0, revision, "toy.wound", &message, view, &row)).await?;
        Ok(Self::Answer::default())
    }
}

/// Winds once, as the service principal `test`.
pub(crate) async fn wind(db: &Db, toy: Uuid) -> Result<(), Fault> {
    wind_in(db, "619921", toy).await
}

/// Winds once in `bureau`.
pub(crate) async fn wind_in(db: &Db, bureau: &str, toy: Uuid) -> Result<(), Fault> {
    let actor = Actor::Service("test".into());
    let bureau = bureau.parse().unwrap();
    db.command(actor, bureau, RequestId::fresh(), [0; 32], Wind(toy)).await.map(drop)
}

/// A service that does nothing about time or others.
pub(crate) struct Nothing;

impl Reactions for Nothing {
    fn apply<'t>(&'t self, _: &'t mut Tx, _: &'t Envelope) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

impl Deadlines for Nothing {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

/// Writes one row and one event of its own per event; a second row for the same event would break
/// the primary key.
pub(crate) struct Echo;

impl Reactions for Echo {
    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx,
        event: &'t Envelope,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            sqlx::query(
                "insert into echoes (event_id, bureau, aggregate, version) values ($1, $2, $3, $4)",
            )
            .bind(event.event_id.parse::<Uuid>().unwrap())
            .bind(&event.bureau)
            .bind(event.aggregate.parse::<Uuid>().unwrap())
            .bind(event.version.cast_signed())
            .execute(tx.conn())
            .await
            .or_fault()?;
            answer(tx, event.aggregate.parse().unwrap()).await
        })
    }
}

/// Appends the echo's next event about `toy`.
async fn answer(tx: &mut Tx, toy: Uuid) -> Result<(), Fault> {
    let version: i64 = sqlx::query_scalar("select count(*) + 1 from events where aggregate = $1")
        .bind(toy)
        .fetch_one(tx.conn())
        .await
        .or_fault()?;
    let message = CaseNotFiled { report_id: toy.to_string(), ..Default::default() };
    let view = View::new([("toy", toy.to_string())]).unwrap();
    let row = Canonical::new("echo").field("version", version.to_be_bytes()).finish();
    let revision = Revision(u32::try_from(version).unwrap());
    tx.append(NewEvent::new(toy, revision, "toy.echoed", &message, view, &row)).await
}

/// Another runtime in this process as a log source; it answers while it is open.
struct Direct {
    runtime: Runtime,
    open: Arc<AtomicBool>,
}

impl Direct {
    fn answer(&self) -> Result<&Runtime, Fault> {
        if self.open.load(Ordering::Relaxed) {
            return Ok(&self.runtime);
        }
        Err(Fault::new(&reasons::SOURCE_UNAVAILABLE))
    }
}

impl LogSource for Direct {
    fn replay(&self, from: u64, limit: u64) -> BoxFuture<'_, Result<Vec<Envelope>, Fault>> {
        Box::pin(async move { self.answer()?.replay(from, limit).await })
    }

    fn size(&self) -> BoxFuture<'_, Result<u64, Fault>> {
        Box::pin(async { Ok(self.answer()?.status().await?.log_size) })
    }
}

/// A runtime whose loops run until it is dropped.
pub(crate) struct Running {
    pub(crate) runtime: Runtime,
    /// Whether the log it follows can be replayed.
    pub(crate) source_open: Arc<AtomicBool>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    /// Ends the loops in good order.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        (&mut self.task).await.unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Runs the loops of `runtime`.
pub(crate) fn running(runtime: Runtime, source_open: Arc<AtomicBool>) -> Running {
    let stop = CancellationToken::new();
    let (me, token) = (runtime.clone(), stop.clone());
    Running { runtime, source_open, stop, task: tokio::spawn(async move { me.run(token).await }) }
}

pub(crate) async fn toy(world: &World) -> Running {
    toy_with(world, Arc::new(Nothing)).await
}

pub(crate) async fn toy_with(world: &World, deadlines: Arc<dyn Deadlines>) -> Running {
    running(toy_runtime(world, deadlines).await, Arc::default())
}

/// The toy's loops, not yet running.
pub(crate) async fn toy_runtime(world: &World, deadlines: Arc<dyn Deadlines>) -> Runtime {
    let db = world.db("toy");
    let log = world.log(&db, "toy").await;
    let reactions: Arc<dyn Reactions> = Arc::new(Nothing);
    Runtime::new(db, log, world.bus("toy").await, Vec::new(), &reactions, deadlines)
}

pub(crate) async fn echo(world: &World, toy: &Running) -> Running {
    let open = Arc::new(AtomicBool::new(true));
    let direct = Direct { runtime: toy.runtime.clone(), open: Arc::clone(&open) };
    running(echo_runtime(world, Arc::new(direct)).await, open)
}

/// The loops of an echo of `source`, not yet running.
pub(crate) async fn echo_runtime(world: &World, source: Arc<dyn LogSource>) -> Runtime {
    let db = world.db("echo");
    let log = world.log(&db, "echo").await;
    let reactions: Arc<dyn Reactions> = Arc::new(Echo);
    let sources = vec![(TOY_LOG.to_owned(), source)];
    Runtime::new(db, log, world.bus("echo").await, sources, &reactions, Arc::new(Nothing))
}

pub(crate) async fn status(running: &Running) -> Status {
    running.runtime.status().await.unwrap()
}

/// Number of rows, e.g. of `toy.events where version = 1`, as the superuser sees them.
pub(crate) async fn count(world: &World, rows: &str) -> i64 {
    let sql = AssertSqlSafe(format!("select count(*) from {rows}"));
    sqlx::query_scalar(sql).fetch_one(&mut world.admin().await).await.unwrap()
}

/// Changes something as the superuser.
pub(crate) async fn change(world: &World, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut world.admin().await).await.unwrap();
}

/// Waits until the healthy loop that holds `lease` of `schema` has renewed it three times: loops
/// beside it have looked for work, and for their own leases, many times meanwhile.
pub(crate) async fn time_passes(world: &World, schema: &str, lease: &str) {
    let renewed = async || {
        let sql = format!("select expires_at::text from {schema}.leases where name = '{lease}'");
        let row = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql));
        row.fetch_optional(&mut world.admin().await).await.unwrap()
    };
    until(true, async || renewed().await.is_some()).await;
    for _ in 0..3 {
        let before = renewed().await;
        until(true, async || renewed().await != before).await;
    }
}

/// Asserts that each aggregate's echoes came once and in order; gives how many there are.
pub(crate) async fn echoes_in_order(world: &World) -> i64 {
    let mut admin = world.admin().await;
    let swapped: i64 = sqlx::query_scalar(
        "select count(*) from (
             select version, row_number() over (partition by aggregate order by n) as place
               from echo.echoes) as e where version <> place",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(swapped, 0, "events of one aggregate were applied out of order");
    sqlx::query_scalar("select count(*) from echo.echoes").fetch_one(&mut admin).await.unwrap()
}
