//! PostgreSQL without the suite: pgbench with the statements of our own command, on our own tables.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use sqlx::postgres::PgConnectOptions;
use tokio::process::Command;

use crate::arguments::Arguments;
use crate::store;

const DATABASE: &str = "gongxin_limits";
/// What registering a report sends, in order: one line of the wire is one line of the script.
const SCRIPT: &str = include_str!("../../pgbench/register_report.sql");
/// Callers, as in the goal.
const CLIENTS: usize = 16;

/// A database with the tables of intake and nobody else at them.
#[derive(Debug)]
pub(crate) struct Tables {
    pgbench: PathBuf,
    script: PathBuf,
    url: String,
}

impl Tables {
    /// Makes the database and lets intake migrate it.
    pub(crate) async fn prepare(arguments: &Arguments) -> anyhow::Result<Self> {
        let password = std::fs::read_to_string(arguments.folder.join("keys/database"))?;
        let password = password.trim();
        store::prepare(&arguments.postgres, DATABASE, &["intake"], password).await?;
        let owner = store::url(&arguments.postgres, DATABASE, Some(("gx_intake_owner", password)))?;
        let migrated = Command::new(arguments.programs.join("intake"))
            .arg("--migrate")
            .arg("--config")
            .arg(arguments.folder.join("settings/intake.toml"))
            .env("GONGXIN__DATABASE__OWNER_URL", &owner)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .await?;
        ensure!(migrated.success(), "intake did not migrate the database of the limits");
        let script = arguments.folder.join("register_report.sql");
        std::fs::write(&script, SCRIPT)?;
        let url = store::url(&arguments.postgres, DATABASE, Some(("gx_intake", password)))?;
        Ok(Self { pgbench: arguments.postgres_bin.join("pgbench"), script, url })
    }

    /// Transactions a second over `units` units, of which the first is `first`.
    pub(crate) async fn rate(
        &self,
        first: usize,
        units: usize,
        time: Duration,
    ) -> anyhow::Result<f64> {
        let server: PgConnectOptions = self.url.parse()?;
        let password = self.url.split(':').nth(2).and_then(|rest| rest.split('@').next());
        let output = Command::new(&self.pgbench)
            .args(["-n", "-M", "prepared", "-j", "1", "-c", &CLIENTS.to_string()])
            .args(["-T", &time.as_secs().max(1).to_string(), "-f"])
            .arg(&self.script)
            .args(["-D", &format!("first={first}"), "-D", &format!("last={}", first + units - 1)])
            .args(["-h", server.get_host(), "-p", &server.get_port().to_string()])
            .args(["-U", server.get_username(), DATABASE])
            .env("PGPASSWORD", password.unwrap_or_default())
            .stdin(Stdio::null())
            .output()
            .await
            .context("pgbench")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let rate = rate.and_then(|rest| rest.split(' ').next()?.parse().ok());
        rate.with_context(|| format!("pgbench: {}", String::from_utf8_lossy(&output.stderr)))
    }
}
