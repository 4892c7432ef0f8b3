//! The public side: a process of its own that reads the tables `public_*` and nothing else, and
//! writes what people report, with a log of its own.
//!
//! No gRPC, no session, no script. What is asked comes in the body of a form, so that neither an
//! address nor a log ever has a number or a code.

mod answer;
mod intake;
mod pages;
mod report;
mod settings;
mod store;
mod texts;
mod tries;
mod verify;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use gongxin_chassis::telemetry;
use gongxin_kernel::Clock;
use gongxin_transparency::{SigningKey, VerifierKey};
use http::StatusCode;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use settings::PublicSettings;

/// Largest form; a receipt has a few kilobytes.
const LARGEST_FORM: usize = 64 * 1024;

/// Longest time an answer may take.
const LIMIT: Duration = Duration::from_secs(10);

/// Pages load nothing from elsewhere, run no script, are framed by nobody, kept by no cache, and
/// tell no other site where the reader came from.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// What every page stands on.
#[derive(Clone)]
struct Side {
    pool: PgPool,
    settings: Arc<PublicSettings>,
    keys: Arc<[VerifierKey]>,
    /// Signs the log of the reports that are made here.
    key: Arc<SigningKey>,
    clock: Arc<dyn Clock>,
    tries: Arc<Mutex<tries::Tries>>,
}

/// A public side that serves.
#[derive(Debug)]
pub struct Running {
    /// The port it listens on.
    pub address: SocketAddr,
    stop: CancellationToken,
    done: JoinHandle<()>,
}

impl Running {
    /// Ends it once open answers are given.
    pub async fn stop(self) {
        self.stop.cancel();
        let _ = self.done.await;
    }
}

/// `main` of the program `disclosure-public`: `--config FILE`, and `--check-config`.
///
/// # Errors
/// Settings that are not right, a port that is taken.
pub async fn main() -> anyhow::Result<()> {
    let (mut file, mut only_check) = (None, false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--config" => file = Some(words.next().context("--config needs a file")?),
            "--check-config" => only_check = true,
            other => bail!("unknown argument {other}; known: --config FILE, --check-config"),
        }
    }
    let settings = PublicSettings::load(file.as_deref().map(std::path::Path::new))?;
    if only_check {
        println!("{settings:#?}");
        return Ok(());
    }
    let telemetry = telemetry::install("disclosure-public", &settings.telemetry)?;
    let running = start(settings).await?;
    println!("disclosure-public http://{}", running.address);
    terminated().await?;
    running.stop().await;
    telemetry.shutdown().await;
    Ok(())
}

/// Starts the public side in this process.
///
/// # Errors
/// Key files that cannot be read, a port that is taken.
pub async fn start(settings: PublicSettings) -> anyhow::Result<Running> {
    let options: PgConnectOptions = settings.database_url()?.parse().context("database_url")?;
    let pool = PgPoolOptions::new()
        .max_connections(settings.connections)
        .acquire_timeout(Duration::from_secs(3))
        .connect_lazy_with(options.application_name("disclosure-public"));
    let key = settings.log_key()?;
    let keys = settings.log_keys()?.into_iter().chain([key.verifier()]).collect();
    let clock = settings.clock()?;
    let listener = TcpListener::bind(settings.listen).await.context("listen")?;
    let address = listener.local_addr()?;
    let tries = Arc::default();
    let (settings, key) = (Arc::new(settings), Arc::new(key));
    let side = Side { pool, settings, keys, key, clock, tries };
    let router = pages::routes(side.clone())
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn(protect));
    let stop = CancellationToken::new();
    let end = stop.clone().cancelled_owned();
    let done = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(end).await {
            tracing::error!(%error, "server ended");
        }
        side.pool.close().await;
    });
    Ok(Running { address, stop, done })
}

/// Bounds the time of an answer and puts the headers on, unless the answer has its own.
async fn protect(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(LIMIT, next.run(request)).await;
    let mut answer = answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response());
    for (name, value) in HEADERS {
        answer.headers_mut().entry(name).or_insert(value);
    }
    answer
}

async fn terminated() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    Ok(())
}
