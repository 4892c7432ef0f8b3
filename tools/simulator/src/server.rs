//! The running simulator: one port for gRPC and HTTP, and the answers that it sends.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use axum::serve::{Listener, ListenerExt as _};
use gongxin_chassis::Answer;
use gongxin_eventing::trace::TraceContext;
use gongxin_kernel::{Clock, ManualClock, SystemClock};
use gongxin_proto::exchange::v1::exchange_service_client::ExchangeServiceClient;
use gongxin_proto::exchange::v1::exchange_service_server::{
    ExchangeService, ExchangeServiceServer, SERVICE_NAME,
};
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse};
use jiff::SignedDuration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataMap;
use tonic::service::Routes;
use tonic::transport::Endpoint;
use tonic::{Request, Response, Status};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::letters::{Letter, Notice};
use crate::office::Office;
use crate::papers::{Paper, Pending};
use crate::plan::Plan;
use crate::register::Register;
use crate::{Options, answering, pages};

/// Longest time that one sending of an answer may take.
const CALL: Duration = Duration::from_secs(10);
/// How long open calls may take once the simulator ends.
const DRAIN: Duration = Duration::from_secs(5);

/// The simulator of an outside organ.
#[derive(Debug)]
pub struct Simulator;

/// A simulator that serves.
#[derive(Debug)]
pub struct Running {
    /// The port it listens on.
    pub address: SocketAddr,
    office: Arc<Office>,
    stop: CancellationToken,
    done: JoinHandle<anyhow::Result<()>>,
}

impl Simulator {
    /// Starts a simulator in this process; it goes on where its journal ends.
    ///
    /// # Errors
    /// When an option cannot be meant, a file not be read, or the address not be had.
    pub async fn start(options: Options) -> anyhow::Result<Running> {
        options.check()?;
        let police = Endpoint::from_shared(options.police_url.clone())
            .context("police_url")?
            .connect_timeout(CALL)
            .timeout(CALL)
            .connect_lazy();
        let listener = TcpListener::bind(options.listen).await.context("listen")?;
        let address = listener.local_addr()?;
        // Small answers go at once; else each waits for the peer's delayed acknowledgement.
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        let office = Arc::new(open(options).await?);

        let (health, health_service) = tonic_health::server::health_reporter();
        for name in ["", SERVICE_NAME] {
            health.set_service_status(name, ServingStatus::Serving).await;
        }
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(gongxin_proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .with_service_name(SERVICE_NAME)
            .with_service_name(tonic_health::pb::health_server::SERVICE_NAME)
            .build_v1()?;
        let router = Routes::new(ExchangeServiceServer::new(Counter(Arc::clone(&office))))
            .add_service(health_service)
            .add_service(reflection)
            .prepare()
            .into_axum_router()
            .merge(pages::routes(Arc::clone(&office)));

        let stop = CancellationToken::new();
        let answering = tokio::spawn(answering::run(
            Arc::clone(&office),
            ExchangeServiceClient::new(police),
            stop.clone(),
        ));
        let done = tokio::spawn(serve(listener, router, answering, health, stop.clone()));
        Ok(Running { address, office, stop, done })
    }
}

impl Running {
    /// Every paper received so far, in the order of receipt.
    pub fn received(&self) -> Vec<Paper> {
        self.office.papers()
    }

    /// Every paper received so far that needs no decision.
    pub fn letters(&self) -> Vec<Letter> {
        self.office.register().letters().letters()
    }

    /// Every notice issued so far.
    pub fn notices(&self) -> Vec<Notice> {
        self.office.register().letters().notices()
    }

    /// What is still open.
    pub fn pending(&self) -> Pending {
        self.office.pending()
    }

    /// Waits until it ends by itself, which it does only by a defect or without its clock.
    ///
    /// # Errors
    /// Always, with the cause.
    pub async fn ended(&mut self) -> anyhow::Result<()> {
        (&mut self.done).await?
    }

    /// Ends it in order; what is decided and not yet receipted is sent after the next start.
    ///
    /// # Errors
    /// When it had ended by itself before.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.done.await?
    }
}

async fn open(options: Options) -> anyhow::Result<Office> {
    let clock: Arc<dyn Clock> = match &options.clock {
        Some(file) => Arc::new(ManualClock::open(file).context("clock")?),
        None => Arc::new(SystemClock),
    };
    // Read anew for each decision; a plan that is wrong from the start is better told at once.
    Plan::read(options.plan.as_deref())?;
    let register = Register::open(&options.journal, options.key.organ()).await;
    let journal = || format!("the journal {}", options.journal.display());
    Ok(Office {
        register: Mutex::new(register.with_context(journal)?),
        key: options.key,
        known: options.known,
        clock,
        plan: options.plan,
        decide_after: SignedDuration::from_hours(options.decide_after_hours.into()),
        examine_after: SignedDuration::from_hours(
            options.examine_after_hours.unwrap_or(options.decide_after_hours).into(),
        ),
        court: options.court,
        document_word: options.document_word,
        news: tokio::sync::Notify::new(),
    })
}

async fn serve(
    listener: impl Listener<Io = TcpStream, Addr = SocketAddr>,
    router: axum::Router,
    answering: JoinHandle<()>,
    health: HealthReporter,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let served =
        axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let work = async {
        let served = async { served.await.context("the server ended") };
        let answered = async { answering.await.context("answering ended") };
        tokio::try_join!(served, answered).map(|_| ())
    };
    let drained = async {
        stop.cancelled().await;
        health.set_service_status("", ServingStatus::NotServing).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        ended = work => ended,
        () = drained => {
            tracing::warn!("calls were still open when the time to drain ended");
            Ok(())
        }
    }
}

/// Where envelopes are handed in.
#[derive(Debug)]
struct Counter(Arc<Office>);

#[tonic::async_trait]
impl ExchangeService for Counter {
    async fn deliver(&self, request: Request<DeliverRequest>) -> Answer<DeliverResponse> {
        let came_in = trace(request.metadata());
        let span = tracing::info_span!(
            "receive",
            otel.name = "ExchangeService/Deliver",
            otel.kind = "server",
        );
        came_in.adopt(&span);
        let (office, sent) = (Arc::clone(&self.0), request.into_inner());
        let receive = move || {
            let _entered = span.enter();
            let current = TraceContext::current();
            let trace = if current.traceparent.is_empty() { came_in } else { current };
            office.receive(&sent, trace)
        };
        let received = spawn_blocking(receive).await;
        received.map_err(|_| Status::internal("the simulator failed"))?.map(Response::new)
    }
}

fn trace(metadata: &MetadataMap) -> TraceContext {
    let text = |name: &str| {
        let value = metadata.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    TraceContext { traceparent: text("traceparent"), tracestate: text("tracestate") }
}
