//! Settings: defaults, then a file, then the environment; unknown keys are refused.
//!
//! The environment spells a key `GONGXIN__DATABASE__API_URL`. Secrets come from files, or inside
//! URLs on a developer's machine; what is printed never shows them.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use gongxin_kernel::BureauCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

/// Everything a service is told from outside.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address of the one port, e.g. `127.0.0.1:7101`; port 0 takes a free one.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// First half of the log id, e.g. `619921`.
    pub deployment: String,
    /// Codes of the bureaus this deployment serves, separated by commas.
    pub bureaus: String,
    /// Name in the head of every page, e.g. 明川县公安局; the codes unless told.
    #[serde(default)]
    pub bureau_name: Option<String>,
    /// Says on every page that all of it is invented.
    #[serde(default)]
    pub demo: bool,
    /// Key file of the log, in the form `PRIVATE+KEY+name+hexid+base64`.
    pub log_key_file: PathBuf,
    /// Where the rows are.
    pub database: Database,
    /// Where events go.
    pub nats: Nats,
    /// Who may sign in.
    pub identity: IdentitySettings,
    /// The other services, by name.
    #[serde(default)]
    pub peers: BTreeMap<String, Peer>,
    /// Traces, metrics and logs.
    #[serde(default)]
    pub telemetry: TelemetrySettings,
    /// What the bureau has set of the law.
    #[serde(default)]
    pub law: crate::law::LawSettings,
    /// What this service alone is told; read it with [`Settings::own`].
    #[serde(default)]
    pub service: config::Map<String, config::Value>,
    /// Set in demos and tests alone: file of the manual clock.
    #[serde(default)]
    pub manual_clock_file: Option<PathBuf>,
}

/// Connections to PostgreSQL; passwords come from `password_file`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// As the service's own role.
    pub api_url: String,
    /// As its worker role.
    pub worker_url: String,
    /// As the schema's owner; needed by `--migrate` alone.
    #[serde(default)]
    pub owner_url: Option<String>,
    /// File with the password of these roles.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Most connections for commands and queries.
    #[serde(default = "default_connections")]
    pub connections: u32,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("api_url", &redacted(&self.api_url))
            .field("worker_url", &redacted(&self.worker_url))
            .field("owner_url", &self.owner_url.as_deref().map(redacted))
            .field("password_file", &self.password_file)
            .field("connections", &self.connections)
            .finish()
    }
}

impl Database {
    /// `url` with the password of the file put in.
    pub fn with_password(&self, url: &str) -> anyhow::Result<String> {
        let Some(file) = &self.password_file else { return Ok(url.to_owned()) };
        let options: PgConnectOptions = url.parse().context("a database URL is malformed")?;
        let password = read_secret(file)?;
        Ok(options.password(&password).to_url_lossy().to_string())
    }
}

/// The bus.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nats {
    /// `nats://host:port`; servers of one cluster are separated by commas.
    pub url: String,
    /// First word of every subject.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// How many servers of the cluster keep this service's stream, when the service makes it.
    #[serde(default = "default_replicas")]
    pub replicas: usize,
}

/// Whose tokens are believed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitySettings {
    /// `iss` of staff tokens, and the address under which the issuer describes itself
    /// (OpenID Connect Discovery). Outside one machine it must be `https`.
    pub issuer: String,
    /// Key set of the issuer, as a file. Without it the keys are fetched from the issuer and kept
    /// fresh; discovery names their address, so there is no setting for it.
    #[serde(default)]
    pub jwks_file: Option<PathBuf>,
    /// `client_id` of this service at the issuer. Without it nobody can sign in to pages.
    #[serde(default)]
    pub client_id: Option<String>,
    /// File with the client's secret, when the issuer gave one; PKCE protects the code either way.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// Where browsers reach this service, e.g. `https://intake.example.cn`: scheme and host alone,
    /// in the form that browsers write. Needed with `client_id`; the issuer must know
    /// `<public_url>/sign-in/callback`. With `https`, cookies never travel in clear.
    #[serde(default)]
    pub public_url: Option<String>,
    /// Private key (Ed25519, PKCS#8 PEM) with which this service names itself to its peers.
    pub service_key_file: PathBuf,
}

/// Another service of the suite.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// `http://host:port`
    pub url: String,
    /// Its public key (Ed25519, PEM).
    pub key_file: PathBuf,
}

/// Where telemetry goes; nowhere unless told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    /// OTLP/gRPC collector, e.g. `http://127.0.0.1:4317`.
    #[serde(default)]
    pub otlp_endpoint: Option<String>,
    /// `human` or `json`.
    #[serde(default)]
    pub log: LogFormat,
    /// Filter directives; `info` by default.
    #[serde(default)]
    pub filter: Option<String>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For a terminal.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

impl Settings {
    /// Reads defaults, `file` and the environment.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut sources = config::Config::builder();
        if let Some(file) = file {
            sources = sources.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let environment =
            config::Environment::with_prefix("GONGXIN").prefix_separator("__").separator("__");
        let settings: Self = sources
            .add_source(environment)
            .build()
            .context("the settings cannot be read")?
            .try_deserialize()
            .context("the settings are not valid")?;
        settings.bureau_codes()?;
        Ok(settings)
    }

    /// The service's own settings: the table `[service]`.
    pub fn own<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        let table = config::Value::new(None, self.service.clone());
        table.try_deserialize().context("service: these settings are not valid")
    }

    /// Name of the bureau for the head of pages.
    pub fn bureau_name(&self) -> &str {
        self.bureau_name.as_deref().unwrap_or(&self.bureaus)
    }

    /// The bureaus, parsed.
    pub fn bureau_codes(&self) -> anyhow::Result<Vec<BureauCode>> {
        let codes: Vec<BureauCode> = self
            .bureaus
            .split(',')
            .map(|code| code.trim().parse().with_context(|| format!("bureaus: {code:?}")))
            .collect::<Result<_, _>>()?;
        ensure!(!codes.is_empty(), "bureaus must name at least one bureau");
        Ok(codes)
    }
}

/// The text of a secret file, without the line feed at its end.
pub(crate) fn read_secret(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the file {} cannot be read", file.display()))?;
    Ok(text.trim_end().to_owned())
}

/// A URL without what stands before the host.
fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "…".to_owned() };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{host}")
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn default_connections() -> u32 {
    16
}

fn default_prefix() -> String {
    "gx".to_owned()
}

fn default_replicas() -> usize {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        deployment = "619921"
        bureaus = "619921,619922"
        log_key_file = "/keys/log"
        [database]
        api_url = "postgres://gx_intake:hush@db/gongxin"
        worker_url = "postgres://gx_intake_worker:hush@db/gongxin"
        [nats]
        url = "nats://bus:4222"
        [identity]
        issuer = "https://id"
        jwks_file = "/keys/jwks"
        service_key_file = "/keys/service"
    "#;

    fn parse(text: &str) -> Result<Settings, config::ConfigError> {
        config::Config::builder()
            .add_source(config::File::from_str(text, config::FileFormat::Toml))
            .build()?
            .try_deserialize()
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = parse(&GOOD.replace("deployment", "deploiment")).unwrap_err();
        assert!(error.to_string().contains("deploiment"), "{error}");
    }

    #[test]
    fn what_is_printed_shows_no_password() {
        let printed = format!("{:?}", parse(GOOD).unwrap());
        assert!(printed.contains("postgres://db/gongxin"), "{printed}");
        assert!(!printed.contains("hush"), "{printed}");
    }
}
