//! The process of intake: with or without telemetry, at the suite's address or beside it.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use super::{READY_WITHIN, free_port};
use crate::arguments::Arguments;

/// A service has this long to end when asked.
const PATIENCE: Duration = Duration::from_secs(20);

/// How intake is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    /// At the suite's address, without telemetry.
    Plain,
    /// At the suite's address; traces, metrics and logs go to the trace viewer.
    Telemetry,
    /// A second replica at a free port, without telemetry.
    Beside,
    /// A register of its own at a free port, without telemetry.
    Clocks,
}

/// A running intake.
#[derive(Debug)]
pub(crate) struct Intake {
    process: Child,
    /// Where it answers.
    pub(crate) url: String,
}

impl Intake {
    /// Starts it and waits until it is ready.
    pub(crate) async fn start(arguments: &Arguments, variant: Variant) -> anyhow::Result<Self> {
        Self::begin(arguments, variant, &[], "").await
    }

    /// Starts it over another database, with more settings.
    pub(crate) async fn start_on(
        arguments: &Arguments,
        env: &[(&'static str, String)],
        more: &str,
    ) -> anyhow::Result<Self> {
        Self::begin(arguments, Variant::Clocks, env, more).await
    }

    async fn begin(
        arguments: &Arguments,
        variant: Variant,
        env: &[(&'static str, String)],
        more: &str,
    ) -> anyhow::Result<Self> {
        let usual = arguments.intake.strip_prefix("http://").context("--intake")?.to_owned();
        let listen = match variant {
            Variant::Beside | Variant::Clocks => format!("127.0.0.1:{}", free_port()?),
            Variant::Plain | Variant::Telemetry => usual,
        };
        let log = File::create(arguments.folder.join(format!("{variant:?}.log")))?;
        let mut process = Command::new(arguments.programs.join("intake"))
            .arg("--config")
            .arg(settings(arguments, variant, more)?)
            .env("GONGXIN__LISTEN", &listen)
            .envs(env.iter().cloned())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("intake")?;
        let give_up = Instant::now() + READY_WITHIN;
        while !is_ready(&listen).await {
            ensure!(process.try_wait()?.is_none(), "intake ended, see {variant:?}.log");
            ensure!(Instant::now() < give_up, "intake does not become ready");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        Ok(Self { process, url: format!("http://{listen}") })
    }

    /// Number of its process.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Asks it to end and waits.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.process.id().context("intake ended by itself")?;
        Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        tokio::time::timeout(PATIENCE, self.process.wait()).await.context("intake stays")??;
        Ok(())
    }

    /// Ends it as a crash would.
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("kill")
    }
}

/// The suite's settings of intake, without what the variant does without.
fn settings(arguments: &Arguments, variant: Variant, more: &str) -> anyhow::Result<PathBuf> {
    let suite = arguments.folder.join("settings/intake.toml");
    if variant == Variant::Telemetry {
        return Ok(suite);
    }
    let text = fs::read_to_string(&suite)?;
    let kept: String = text
        .lines()
        .filter(|line| !line.starts_with("otlp_endpoint"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let own = arguments.folder.join(format!("settings/intake-{variant:?}.toml"));
    fs::write(&own, kept + more)?;
    Ok(own)
}

async fn is_ready(address: &str) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut status = [0; 12];
        stream.read_exact(&mut status).await?;
        Ok::<_, std::io::Error>(status.ends_with(b" 200"))
    };
    tokio::time::timeout(Duration::from_secs(2), ask)
        .await
        .is_ok_and(|ready| ready.unwrap_or(false))
}
