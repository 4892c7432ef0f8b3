//! From command line to clean exit: what is the same for all five services.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::Router;
use axum::serve::{Listener, ListenerExt as _};
use gongxin_eventing::bus::Bus;
use gongxin_eventing::{
    Db, Deadlines, Duty, LogSetup, LogSource, Pools, Reactions, Runtime, bootstrap,
};
use gongxin_kernel::{Clock, ManualClock, SystemClock};
use gongxin_law::Law;
use gongxin_law::identifiers::Regions;
use gongxin_pages::{Text, words};
use gongxin_proto::law::v1::law_service_server::LawServiceServer;
use gongxin_proto::operations::v1::operations_service_server::OperationsServiceServer;
use serde::de::DeserializeOwned;
use sqlx::migrate::Migrator;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::grpc::Grpc;
use crate::identity::Identity;
use crate::law::LawApi;
use crate::operations::Operations;
use crate::pages::Gate;
use crate::peers::Peer;
use crate::provider::Provider;
use crate::settings::{Settings, read_secret};
use crate::{public, server, telemetry};

/// How long calls in flight may take once the service ends.
const DRAIN: Duration = Duration::from_secs(20);

/// What a service gives to the chassis.
pub trait Service: 'static {
    /// Name of the service, its schema and its roles.
    const NAME: &'static str;

    /// Name of the service in the head of its pages, e.g. 执法管理.
    const TITLE: Text = words::PRODUCT;

    /// Settings of its own, the table `[service]`; what it prints shows no secret.
    type Settings: DeserializeOwned + std::fmt::Debug;

    /// Its own migrations, which run after the shared ones.
    fn migrations() -> &'static Migrator;

    /// Its APIs, reactions, deadlines, loops and pages.
    fn parts(context: &Context, settings: Self::Settings) -> anyhow::Result<Parts>;
}

/// What the chassis gives to a service.
#[derive(Clone, Debug)]
pub struct Context {
    /// The service's database.
    pub db: Db,
    /// The service's log.
    pub log: Arc<LogSetup>,
    /// The law as the bureau has set it.
    pub law: Law<'static>,
    /// Which division codes count as those of places: the invented ones only in a demonstration.
    pub regions: Regions,
}

/// What makes a service different from the others.
pub struct Parts {
    /// Its gRPC services.
    pub grpc: Grpc,
    /// Its staff pages. Handlers get the signed-in [`Caller`](crate::Caller) and the
    /// [`Frame`](crate::Frame) as extensions and fail with [`PageFault`](crate::PageFault).
    /// A form has at most 64 KB unless its route has a `DefaultBodyLimit` of its own.
    pub pages: Router,
    /// Names of the services whose logs it follows.
    pub follows: Vec<&'static str>,
    /// What others' facts mean here.
    pub reactions: Arc<dyn Reactions>,
    /// What happens when its periods come due.
    pub deadlines: Arc<dyn Deadlines>,
    /// What it does by itself.
    pub duties: Vec<Arc<dyn Duty>>,
}

/// A service that serves.
#[derive(Debug)]
pub struct Running {
    /// The port it listens on.
    pub address: SocketAddr,
    stop: CancellationToken,
    done: JoinHandle<()>,
}

impl Running {
    /// Ends it in order: no new calls, calls in flight, loops, connections.
    pub async fn stop(self) {
        self.stop.cancel();
        let _ = self.done.await;
    }
}

/// `main` of every service.
pub async fn main<S: Service>() -> anyhow::Result<()> {
    // One crypto library for TLS everywhere; an error means that it is installed already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let settings = Settings::load(arguments.config.as_deref())?;
    match arguments.mode {
        Mode::CheckConfig => {
            settings.law.law()?;
            println!("{settings:#?}\n{:#?}", settings.own::<S::Settings>()?);
            return Ok(());
        }
        Mode::Migrate => return migrate::<S>(&settings).await,
        Mode::Serve => {}
    }
    let telemetry = telemetry::install(S::NAME, &settings.telemetry)?;
    let running = start::<S>(&settings).await?;
    println!("{} http://{}", S::NAME, running.address);
    tracing::info!(address = %running.address, "serving");
    terminated().await?;
    tracing::info!("draining");
    running.stop().await;
    telemetry.shutdown().await;
    Ok(())
}

/// Starts a service in this process; telemetry is the caller's business.
pub async fn start<S: Service>(settings: &Settings) -> anyhow::Result<Running> {
    let clock: Arc<dyn Clock> = match &settings.manual_clock_file {
        Some(file) => Arc::new(ManualClock::open(file).context("manual_clock_file")?),
        None => Arc::new(SystemClock),
    };
    let database = &settings.database;
    let pools = Pools::open(
        &database.with_password(&database.api_url)?,
        &database.with_password(&database.worker_url)?,
        S::NAME,
        database.connections,
    )
    .context("database")?;
    let tasks = TaskTracker::new();
    let law = settings.law.law()?;
    let db = Db::new(pools, clock, tasks.clone()).in_name_of(settings.bureau_name()).under(law);
    let key = read_secret(&settings.log_key_file)?.parse().context("log_key_file")?;
    let bureaus = settings.bureau_codes()?.iter().map(ToString::to_string).collect();
    let log = LogSetup::open(&db, S::NAME, bureaus, key).await;
    let log = Arc::new(log.map_err(|fault| anyhow::anyhow!("{fault}: {}", fault.cause()))?);
    let provider = Arc::new(Provider::new(&settings.identity.issuer)?);
    let identity = Arc::new(Identity::open(S::NAME, settings, &provider)?);
    let titled = (S::NAME, S::TITLE);
    let staff = Gate::new(titled, settings, Arc::clone(&identity), provider, db.clone())?;
    let bus =
        Bus::connect(&settings.nats.url, S::NAME, &settings.nats.prefix).await.context("nats")?;
    let bus = bus.with_replicas(settings.nats.replicas);

    let regions = if settings.demo { Regions::with_invented() } else { Regions::real() };
    let context = Context { db: db.clone(), log: Arc::clone(&log), law, regions };
    let parts = S::parts(&context, settings.own()?)?;
    let mut sources = Vec::new();
    for name in parts.follows {
        let peer = settings.peers.get(name).with_context(|| format!("peers.{name} is not set"))?;
        let source: Arc<dyn LogSource> =
            Arc::new(Peer::new(name, &peer.url, Arc::clone(&identity))?);
        sources.push((format!("{}/{name}", settings.deployment), source));
    }
    let mut runtime = Runtime::new(db, log, bus, sources, &parts.reactions, parts.deadlines);
    for duty in parts.duties {
        runtime = runtime.with_duty(duty);
    }

    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_service_status("", tonic_health::ServingStatus::Serving).await;
    let grpc = parts
        .grpc
        .with(health_service)
        .with(OperationsServiceServer::new(Operations(runtime.clone())))
        .with(LawServiceServer::new(LawApi(law)));
    let grpc = grpc.with_reflection()?.into_routes();
    let public = public::routes(runtime.clone());
    let router = server::router(grpc, parts.pages, public, Arc::clone(&identity), &staff);
    let listener = TcpListener::bind(settings.listen).await.context("listen")?;
    let address = listener.local_addr()?;
    let listener = without_delay(listener);

    let stop = CancellationToken::new();
    let token = stop.clone();
    let done = tokio::spawn(async move {
        let loops = CancellationToken::new();
        let running = {
            let (runtime, loops) = (runtime.clone(), loops.clone());
            tokio::spawn(async move { runtime.run(loops).await })
        };
        let keys = tokio::spawn({
            let loops = loops.clone();
            async move { identity.follow_keys(loops).await }
        });
        let served =
            axum::serve(listener, router).with_graceful_shutdown(token.clone().cancelled_owned());
        let drained = async {
            token.cancelled().await;
            health.set_service_status("", tonic_health::ServingStatus::NotServing).await;
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            result = served => if let Err(error) = result { tracing::error!(%error, "server ended") },
            () = drained => tracing::warn!("calls were still open when the time to drain ended"),
        }
        loops.cancel();
        let _ = running.await;
        let _ = keys.await;
        tasks.close();
        tasks.wait().await;
        runtime.bus().close().await;
        let pools = runtime.db().pools();
        tokio::join!(pools.api.close(), pools.worker.close(), pools.calls.close());
    });
    Ok(Running { address, stop, done })
}

/// Connections that send small answers at once. Without this an answer waits for the peer's delayed
/// acknowledgement, 40 ms on Linux.
fn without_delay(listener: TcpListener) -> impl Listener<Io = TcpStream, Addr = SocketAddr> {
    listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    })
}

async fn migrate<S: Service>(settings: &Settings) -> anyhow::Result<()> {
    let database = &settings.database;
    let url = database.owner_url.as_deref().context("database.owner_url is needed to migrate")?;
    let owner = sqlx::PgPool::connect(&database.with_password(url)?).await.context("database")?;
    bootstrap::migrate(&owner, S::migrations()).await.context("migrations")?;
    owner.close().await;
    println!("{}: schema is up to date", S::NAME);
    Ok(())
}

async fn terminated() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    Ok(())
}

struct Arguments {
    mode: Mode,
    config: Option<PathBuf>,
}

enum Mode {
    Serve,
    Migrate,
    CheckConfig,
}

impl Arguments {
    fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut arguments = Self { mode: Mode::Serve, config: None };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--migrate" => arguments.mode = Mode::Migrate,
                "--check-config" => arguments.mode = Mode::CheckConfig,
                "--config" => {
                    let file = words.next().context("--config needs a file")?;
                    arguments.config = Some(file.into());
                }
                other => bail!(
                    "unknown argument {other}; known: --config FILE, --migrate, --check-config"
                ),
            }
        }
        Ok(arguments)
    }
}
