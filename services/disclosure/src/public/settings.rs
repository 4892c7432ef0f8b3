//! Settings of the public side: a file, then the environment; unknown keys are refused.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use gongxin_chassis::TelemetrySettings;
use gongxin_kernel::{BureauCode, Clock, ManualClock, SystemClock};
use gongxin_transparency::{SigningKey, VerifierKey};
use serde::Deserialize;

/// What the public side is told.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicSettings {
    /// Where it listens; a proxy in front of it speaks TLS.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Database URL of the role `gx_disclosure_public`; the password may be left out.
    pub database_url: String,
    /// File with the password of that role.
    #[serde(default)]
    pub database_password_file: Option<PathBuf>,
    /// Most connections to the database.
    #[serde(default = "default_connections")]
    pub connections: u32,
    /// The bureau it speaks for.
    pub bureau: BureauCode,
    /// Name of the bureau for the head of pages.
    pub bureau_name: String,
    /// Where people can ask, e.g. address and telephone of the reception window.
    pub contact: String,
    /// Public keys of the bureau's logs, one a line, as the services show them at `/log/key`.
    pub log_keys_file: PathBuf,
    /// Private key of the log of the public side, e.g. of `619921/portal`.
    pub log_key_file: PathBuf,
    /// Set in demos and tests alone: file of the manual clock.
    #[serde(default)]
    pub manual_clock_file: Option<PathBuf>,
    /// Everything shown is invented.
    #[serde(default)]
    pub demo: bool,
    /// Where telemetry goes.
    #[serde(default)]
    pub telemetry: TelemetrySettings,
}

impl std::fmt::Debug for PublicSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PublicSettings")
            .field("listen", &self.listen)
            .field("bureau", &self.bureau)
            .field("bureau_name", &self.bureau_name)
            .field("contact", &self.contact)
            .field("connections", &self.connections)
            .field("log_keys_file", &self.log_keys_file)
            .field("log_key_file", &self.log_key_file)
            .field("manual_clock_file", &self.manual_clock_file)
            .field("demo", &self.demo)
            .field("telemetry", &self.telemetry)
            .finish_non_exhaustive()
    }
}

impl PublicSettings {
    /// Reads `file` and the environment (`GONGXIN__…`).
    ///
    /// # Errors
    /// What cannot be read, is missing or unknown.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut sources = config::Config::builder();
        if let Some(file) = file {
            sources = sources.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let environment =
            config::Environment::with_prefix("GONGXIN").prefix_separator("__").separator("__");
        let settings = sources.add_source(environment).build();
        let settings = settings.context("the settings cannot be read")?;
        settings.try_deserialize().context("the settings are not valid")
    }

    /// The URL with the password of the file in it.
    pub(super) fn database_url(&self) -> anyhow::Result<String> {
        let Some(file) = &self.database_password_file else {
            return Ok(self.database_url.clone());
        };
        let password = std::fs::read_to_string(file).context("database_password_file")?;
        let cut = self.database_url.split_once("://").and_then(|(scheme, rest)| {
            rest.split_once('@').map(|(user, host)| (scheme, user, host))
        });
        let (scheme, user, host) = cut.context("database_url names no user")?;
        ensure!(!user.contains(':'), "the password is in database_url and in a file");
        Ok(format!("{scheme}://{user}:{}@{host}", password.trim_end()))
    }

    /// The key with which the log of the public side is signed.
    pub(super) fn log_key(&self) -> anyhow::Result<SigningKey> {
        let text = std::fs::read_to_string(&self.log_key_file).context("log_key_file")?;
        text.trim().parse().context("log_key_file")
    }

    /// The clock that gives reports their time.
    pub(super) fn clock(&self) -> anyhow::Result<Arc<dyn Clock>> {
        Ok(match &self.manual_clock_file {
            Some(file) => Arc::new(ManualClock::open(file).context("manual_clock_file")?),
            None => Arc::new(SystemClock),
        })
    }

    /// The keys with which receipts are verified.
    pub(super) fn log_keys(&self) -> anyhow::Result<Vec<VerifierKey>> {
        let text = std::fs::read_to_string(&self.log_keys_file).context("log_keys_file")?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| line.parse().context("log_keys_file")).collect()
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn default_connections() -> u32 {
    8
}
