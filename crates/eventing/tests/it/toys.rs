//! A toy service whose only fact is that a toy has a version, and an echo that counts them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use gongxin_eventing::{
    Command, Deadlines, Due, LogSource, NewEvent, OrFault as _, Reactions, Runtime, Status, Tx,
    reasons,
};
use gongxin_kernel::{Actor, Canonical, Fault, RequestId, Revision};
use gongxin_proto::intake::v1::{CaseNotFiled, RecordNoticeServedResponse};
use gongxin_proto::operations::v1::Envelope;
use gongxin_testkit::World;
use gongxin_transparency::View;
use sqlx::migrate::Migrator;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

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
pub(crate) async fn wind(db: &gongxin_eventing::Db, toy: Uuid) -> Result<(), Fault> {
    let actor = Actor::Service("test".into());
    let bureau = "619921".parse().unwrap();
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

/// Writes one row per event; a second one for the same event would break the primary key.
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
            Ok(())
        })
    }
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
    _task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn running(runtime: Runtime, source_open: Arc<AtomicBool>) -> Running {
    let stop = CancellationToken::new();
    let (me, token) = (runtime.clone(), stop.clone());
    Running { runtime, source_open, stop, _task: tokio::spawn(async move { me.run(token).await }) }
}

pub(crate) async fn toy(world: &World) -> Running {
    toy_with(world, Arc::new(Nothing)).await
}

pub(crate) async fn toy_with(world: &World, deadlines: Arc<dyn Deadlines>) -> Running {
    let db = world.db("toy");
    let log = world.log(&db, "toy").await;
    let reactions: Arc<dyn Reactions> = Arc::new(Nothing);
    let bus = world.bus("toy").await;
    let runtime = Runtime::new(db, log, bus, Vec::new(), &reactions, deadlines);
    running(runtime, Arc::default())
}

pub(crate) async fn echo(world: &World, toy: &Running) -> Running {
    let db = world.db("echo");
    let log = world.log(&db, "echo").await;
    let reactions: Arc<dyn Reactions> = Arc::new(Echo);
    let open = Arc::new(AtomicBool::new(true));
    let direct = Direct { runtime: toy.runtime.clone(), open: Arc::clone(&open) };
    let source: Arc<dyn LogSource> = Arc::new(direct);
    let sources = vec![("619921/toy".to_owned(), source)];
    let bus = world.bus("echo").await;
    running(Runtime::new(db, log, bus, sources, &reactions, Arc::new(Nothing)), open)
}

pub(crate) async fn status(running: &Running) -> Status {
    running.runtime.status().await.unwrap()
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
