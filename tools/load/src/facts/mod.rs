//! A service of two tables over eventing, its loops in this process: how fast facts travel.
//!
//! The source writes a row and an event; the sink follows its log and writes one effect an event.

pub(crate) mod chain;
pub(crate) mod delay;
pub(crate) mod periods;
pub(crate) mod produce;
pub(crate) mod reads;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures::future::BoxFuture;
use gongxin_eventing::bus::Bus;
use gongxin_eventing::{
    Db, Deadlines, Due, LogSetup, LogSource, Pools, Reactions, Runtime, Tx, reasons,
};
use gongxin_kernel::{Fault, SystemClock};
use gongxin_proto::operations::v1::Envelope;
use gongxin_transparency::SigningKey;
use sqlx::PgConnection;
use sqlx::migrate::Migrator;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::arguments::Arguments;
use crate::store;

const DATABASE: &str = "gongxin_bench";
const PASSWORD: &str = "bench";
const LOG: &str = "619921/source";
/// Name of the source's stream.
pub(crate) const STREAM: &str = "BENCH_619921_SOURCE";
/// A bus where nobody listens: the log grows and nothing leaves it.
const NO_BUS: &str = "nats://127.0.0.1:1";
/// A step of a measurement has this long.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often a count is looked at while something runs.
const LOOK: Duration = Duration::from_millis(5);

static SOURCE: Migrator = sqlx::migrate!("migrations/source");
static SINK: Migrator = sqlx::migrate!("migrations/sink");

/// The two services' database.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) admin: PgConnection,
    postgres: String,
    nats: String,
}

impl Facts {
    /// Makes the database with both schemas.
    pub(crate) async fn prepare(arguments: &Arguments) -> anyhow::Result<Self> {
        let postgres = arguments.postgres.clone();
        store::prepare(&postgres, DATABASE, &["source", "sink"], PASSWORD).await?;
        for (owner, own) in [("gx_source_owner", &SOURCE), ("gx_sink_owner", &SINK)] {
            let url = store::url(&postgres, DATABASE, Some((owner, PASSWORD)))?;
            store::migrate(&url, own).await?;
        }
        // What an earlier run left in the stream belongs to a log that is gone.
        let context = async_nats::jetstream::new(async_nats::connect(&arguments.nats).await?);
        let _ = context.delete_stream(STREAM).await;
        let admin = store::connect(&store::url(&postgres, DATABASE, None)?).await?;
        Ok(Self { admin, postgres, nats: arguments.nats.clone() })
    }

    /// The same services on another nats-server.
    pub(crate) async fn on_nats(&self, url: &str) -> anyhow::Result<Self> {
        Ok(Self {
            admin: store::connect(&store::url(&self.postgres, DATABASE, None)?).await?,
            postgres: self.postgres.clone(),
            nats: url.to_owned(),
        })
    }

    /// A connection of the superuser to `database`.
    pub(crate) async fn connect(&self, database: &str) -> anyhow::Result<PgConnection> {
        store::connect(&store::url(&self.postgres, database, None)?).await
    }

    /// A connection of the superuser to the database of the facts.
    pub(crate) async fn watch(&self) -> anyhow::Result<PgConnection> {
        self.connect(DATABASE).await
    }

    fn db(&self, service: &str) -> anyhow::Result<Db> {
        let role = |suffix: &str| {
            let role = format!("gx_{service}{suffix}");
            store::url(&self.postgres, DATABASE, Some((&role, PASSWORD)))
        };
        // As many connections as a service has by default.
        let pools = Pools::open(&role("")?, &role("_worker")?, service, 16)?;
        Ok(Db::new(pools, Arc::new(SystemClock), TaskTracker::new()))
    }

    async fn runtime(
        &self,
        service: &str,
        nats: &str,
        sources: Vec<(String, Arc<dyn LogSource>)>,
        deadlines: Arc<dyn Deadlines>,
    ) -> anyhow::Result<Runtime> {
        let db = self.db(service)?;
        let seed = *uuid::Uuid::from_u128(619_921).as_bytes();
        let seed: [u8; 32] = [seed, seed].concat().try_into().unwrap_or([0; 32]);
        let key = SigningKey::from_seed(format!("619921/{service}").parse()?, &seed);
        let setup = LogSetup::open(&db, service, vec!["619921".to_owned()], key).await;
        let setup = setup.map_err(|fault| anyhow::anyhow!("{fault} {:?}", fault.cause()))?;
        let bus = Bus::connect(nats, service, "bench").await?;
        let reactions: Arc<dyn Reactions> = Arc::new(Effects);
        Ok(Runtime::new(db, Arc::new(setup), bus, sources, &reactions, deadlines))
    }

    /// The source, on its bus.
    pub(crate) async fn source(&self) -> anyhow::Result<Running> {
        Ok(Running::start(self.runtime("source", &self.nats, Vec::new(), Arc::new(Quiet)).await?))
    }

    /// The source without a bus: what is committed is numbered and stays.
    pub(crate) async fn source_alone(
        &self,
        deadlines: Arc<dyn Deadlines>,
    ) -> anyhow::Result<Running> {
        Ok(Running::start(self.runtime("source", NO_BUS, Vec::new(), deadlines).await?))
    }

    /// The sink of `source`; it can replay once the gate is open.
    pub(crate) async fn sink(
        &self,
        source: &Runtime,
        replays: Arc<AtomicBool>,
    ) -> anyhow::Result<Running> {
        let log: Arc<dyn LogSource> = Arc::new(Gated { runtime: source.clone(), open: replays });
        let sources = vec![(LOG.to_owned(), log)];
        Ok(Running::start(self.runtime("sink", &self.nats, sources, Arc::new(Quiet)).await?))
    }

    /// Waits until `sql` counts `until`; gives the rate between its first step and its last.
    pub(crate) async fn rate_until(
        &mut self,
        sql: &'static str,
        until: u64,
    ) -> anyhow::Result<f64> {
        let from = store::number(&mut self.admin, sql).await?;
        let give_up = Instant::now() + PATIENCE;
        let mut first = None;
        loop {
            let now = store::number(&mut self.admin, sql).await?;
            let at = Instant::now();
            let (count, begun) = match first {
                None if now > from => *first.insert((now, at)),
                Some(first) => first,
                None => (from, at),
            };
            if now >= until {
                // One step may have done it all: then its start is all there is to count from.
                return Ok(crate::latency::per_second(now - count.min(now), at - begun));
            }
            if at > give_up {
                bail!("{now} of {until} after {PATIENCE:?}: {sql}");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until `sql` counts `until`.
    pub(crate) async fn until(&mut self, sql: &'static str, until: u64) -> anyhow::Result<()> {
        self.rate_until(sql, until).await.map(drop)
    }
}

/// One effect an event.
struct Effects;

impl Reactions for Effects {
    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx,
        event: &'t Envelope,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            let id: Uuid = event
                .event_id
                .parse()
                .map_err(|error| Fault::new(&reasons::EVENT_UNREADABLE).caused_by(error))?;
            store::insert_effect(tx, id).await
        })
    }
}

/// Of a service without periods.
pub(crate) struct Quiet;

impl Deadlines for Quiet {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

/// The source's log, in reach while it is open.
struct Gated {
    runtime: Runtime,
    open: Arc<AtomicBool>,
}

impl Gated {
    fn runtime(&self) -> Result<&Runtime, Fault> {
        if self.open.load(Ordering::Relaxed) {
            return Ok(&self.runtime);
        }
        Err(Fault::new(&reasons::SOURCE_UNAVAILABLE))
    }
}

impl LogSource for Gated {
    fn replay(&self, from: u64, limit: u64) -> BoxFuture<'_, Result<Vec<Envelope>, Fault>> {
        Box::pin(async move { self.runtime()?.replay(from, limit).await })
    }

    fn size(&self) -> BoxFuture<'_, Result<u64, Fault>> {
        Box::pin(async { Ok(self.runtime()?.status().await?.log_size) })
    }
}

/// Loops that run until they are stopped.
pub(crate) struct Running {
    pub(crate) runtime: Runtime,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(runtime: Runtime) -> Self {
        let stop = CancellationToken::new();
        let (me, token) = (runtime.clone(), stop.clone());
        Self { runtime, stop, task: tokio::spawn(async move { me.run(token).await }) }
    }

    /// Ends the loops in good order; leases are free at once and connections closed.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.task.await.context("the loops")?;
        self.runtime.bus().close().await;
        let pools = self.runtime.db().pools();
        for pool in [&pools.api, &pools.worker, &pools.calls] {
            pool.close().await;
        }
        Ok(())
    }
}
