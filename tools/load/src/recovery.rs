//! How long it takes until all is well again: bus killed, database crashed, stream lost, replica
//! killed.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context as _, bail};
use gongxin_kernel::new_uuid;
use gongxin_proto::intake::v1::CaseNotFiled;
use prost::{Message as _, Name as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::arguments::Arguments;
use crate::facts::{Facts, STREAM, chain, produce};
use crate::figures::Figures;
use crate::service::{Desk, Intake, Variant, channels, free_port};
use crate::store::{self, APPLIED, LOG_SIZE, NEWEST_EFFECT, RELAYED};

const PATIENCE: Duration = Duration::from_mins(1);
/// Events that lie in the stream when it is lost.
const LOST: u64 = 10_000;

/// Measures all of it once.
pub(crate) async fn measure(
    arguments: &Arguments,
    facts: &Facts,
    desk: &Desk,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let mut bus = PrivateBus::start(arguments).await?;
    let mut facts = facts.on_nats(&bus.url).await?;
    figures.add("nats_restart", "s", nats_restart(&mut facts, &mut bus).await?)?;
    figures.add("stream_lost", "s", stream_lost(&mut facts, &bus.url).await?)?;
    figures.add("takeover", "s", takeover(arguments, desk).await?)?;
    figures.add("postgres_crash", "s", postgres_crash(facts).await?)
}

/// From the start of a killed server to the first effect that its stream brings.
async fn nats_restart(facts: &mut Facts, bus: &mut PrivateBus) -> anyhow::Result<f64> {
    let source = facts.source().await?;
    // Without replay an effect needs the stream.
    let replays = Arc::new(AtomicBool::new(true));
    let sink = facts.sink(&source.runtime, Arc::clone(&replays)).await?;
    let size = store::number(&mut facts.admin, LOG_SIZE).await?;
    facts.until(APPLIED, size).await?;
    replays.store(false, std::sync::atomic::Ordering::Relaxed);
    arrives(facts, source.runtime.db()).await.context("before the kill")?;

    bus.kill().await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begun = Instant::now();
    bus.begin().await?;
    arrives(facts, source.runtime.db()).await.context("after the kill")?;
    let took = begun.elapsed().as_secs_f64();
    sink.stop().await?;
    source.stop().await?;
    Ok(took)
}

/// From the start of a consumer to the last of the events whose stream is gone.
async fn stream_lost(facts: &mut Facts, nats: &str) -> anyhow::Result<f64> {
    let size = store::number(&mut facts.admin, LOG_SIZE).await?;
    let data = chain::message().encode_to_vec();
    store::put_events(&mut facts.admin, LOST, &CaseNotFiled::full_name(), &data).await?;
    let source = facts.source().await?;
    facts.until(RELAYED, size + LOST).await?;
    let context = async_nats::jetstream::new(async_nats::connect(nats).await?);
    context.delete_stream(STREAM).await?;

    let begun = Instant::now();
    let sink = facts.sink(&source.runtime, Arc::new(AtomicBool::new(true))).await?;
    facts.until(APPLIED, size + LOST).await?;
    let took = begun.elapsed().as_secs_f64();
    sink.stop().await?;
    source.stop().await?;
    Ok(took)
}

/// From the death of the replica that holds the leases to a receipt from the other.
async fn takeover(arguments: &Arguments, desk: &Desk) -> anyhow::Result<f64> {
    let holder = Intake::start(arguments, Variant::Plain).await?;
    let first = channels(&holder.url, 1).await?.remove(0);
    let report = desk.register(first.clone(), 1).await?;
    desk.receipt(first, report).await.context("the holder gives no receipt")?;
    let other = Intake::start(arguments, Variant::Beside).await?;
    let channel = channels(&other.url, 1).await?.remove(0);

    holder.kill().await?;
    let begun = Instant::now();
    let report = desk.register(channel.clone(), 1).await?;
    loop {
        // A receipt that is not there yet is an answer too, after some seconds.
        match desk.receipt(channel.clone(), report.clone()).await {
            Ok(()) => break,
            Err(error) if begun.elapsed() > PATIENCE => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    let took = begun.elapsed().as_secs_f64();
    other.stop().await?;
    Ok(took)
}

/// From the first answer of a crashed server to the first command that commits, and its effect.
async fn postgres_crash(mut facts: Facts) -> anyhow::Result<f64> {
    let source = facts.source().await?;
    let sink = facts.sink(&source.runtime, Arc::new(AtomicBool::new(true))).await?;
    let size = store::number(&mut facts.admin, LOG_SIZE).await?;
    facts.until(APPLIED, size).await?;
    let db = source.runtime.db().clone();
    produce::put(&db, new_uuid()).await?;

    // The postmaster ends every process and recovers when one of them is killed.
    let mut victim = facts.watch().await?;
    let pid = store::backend(&mut victim).await?;
    let killed = Command::new("kill").args(["-KILL", &pid.to_string()]).status().await?;
    if !killed.success() {
        bail!("the server's processes belong to somebody else");
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let give_up = Instant::now() + PATIENCE;
    let mut admin = loop {
        match facts.watch().await {
            Ok(admin) => break admin,
            Err(error) if Instant::now() > give_up => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    };
    let begun = Instant::now();
    let before = store::number(&mut admin, NEWEST_EFFECT).await?;
    while let Err(error) = produce::put(&db, new_uuid()).await {
        if Instant::now() > give_up {
            return Err(error);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    facts.admin = admin;
    facts.until(NEWEST_EFFECT, before + 1).await?;
    let took = begun.elapsed().as_secs_f64();
    sink.stop().await?;
    source.stop().await?;
    Ok(took)
}

/// One command, and its effect at the sink.
async fn arrives(facts: &mut Facts, db: &gongxin_eventing::Db) -> anyhow::Result<()> {
    let before = store::number(&mut facts.admin, NEWEST_EFFECT).await?;
    produce::put(db, new_uuid()).await?;
    facts.until(NEWEST_EFFECT, before + 1).await
}

/// A nats-server of this measurement alone, to be killed.
struct PrivateBus {
    program: std::path::PathBuf,
    folder: std::path::PathBuf,
    port: u16,
    url: String,
    process: Option<Child>,
}

impl PrivateBus {
    async fn start(arguments: &Arguments) -> anyhow::Result<Self> {
        let port = free_port()?;
        let folder = arguments.folder.join("recovery-bus");
        let url = format!("nats://127.0.0.1:{port}");
        let program = arguments.nats_server.clone();
        let mut bus = Self { program, folder, port, url, process: None };
        bus.begin().await?;
        Ok(bus)
    }

    async fn begin(&mut self) -> anyhow::Result<()> {
        let folder: &Path = &self.folder;
        let process = Command::new(&self.program)
            .args(["--addr", "127.0.0.1", "--port", &self.port.to_string(), "--jetstream"])
            .arg("--store_dir")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("nats-server")?;
        self.process = Some(process);
        let give_up = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            if Instant::now() > give_up {
                bail!("nats-server does not answer");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    async fn kill(&mut self) -> anyhow::Result<()> {
        let mut process = self.process.take().context("it does not run")?;
        process.kill().await.context("kill")
    }
}
