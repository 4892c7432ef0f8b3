//! The services of a deployment, as their settings files tell.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use gongxin_chassis::Settings;
use gongxin_eventing::bus::Bus;
use gongxin_eventing::verify::Records;
use gongxin_eventing::{Db, verify};
use gongxin_kernel::BureauCode;
use gongxin_transparency::{SigningKey, VerifierKey};

use crate::words::Words;

/// Every service with what it lends to an auditor, in the order in which a case goes through.
const SERVICES: [(&str, &dyn Records); 5] = [
    ("intake", &gongxin_intake::Intake),
    ("review", &gongxin_review::Review),
    ("supervision", &gongxin_supervision::Supervision),
    ("accountability", &gongxin_accountability::Accountability),
    ("disclosure", &gongxin_disclosure::Disclosure),
];

/// One service: its settings, and its database as its own roles.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) records: &'static dyn Records,
    pub(crate) settings: Settings,
    pub(crate) bureaus: Vec<BureauCode>,
    pub(crate) db: Db,
}

impl Service {
    fn open(
        folder: &Path,
        name: &'static str,
        records: &'static dyn Records,
    ) -> anyhow::Result<Self> {
        let file = folder.join(format!("{name}.toml"));
        anyhow::ensure!(file.is_file(), "there is no {}", file.display());
        let settings = Settings::load(Some(&file)).with_context(|| file.display().to_string())?;
        let database = &settings.database;
        let api = database.with_password(&database.api_url)?;
        let worker = database.with_password(&database.worker_url)?;
        let db = verify::open(&api, &worker).with_context(|| format!("database of {name}"))?;
        let bureaus = settings.bureau_codes()?;
        Ok(Self { name, records, settings, bureaus, db })
    }

    /// Id of its log.
    pub(crate) fn log_id(&self) -> String {
        format!("{}/{}", self.settings.deployment, self.name)
    }

    /// The public key of its log, out of the key file that the settings name.
    pub(crate) fn log_key(&self) -> anyhow::Result<VerifierKey> {
        let file = &self.settings.log_key_file;
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("the file {} cannot be read", file.display()))?;
        let key: SigningKey = text.trim_end().parse().context("key of the log")?;
        Ok(key.verifier())
    }
}

/// The five services.
pub(crate) struct Deployment {
    pub(crate) services: Vec<Service>,
}

impl Deployment {
    /// Opens the folder that `--settings` names.
    pub(crate) fn open(words: &mut Words) -> anyhow::Result<Self> {
        let folder = PathBuf::from(words.need("--settings")?);
        let open = |(name, records): (&'static str, &'static dyn Records)| {
            Service::open(&folder, name, records)
        };
        Ok(Self { services: SERVICES.into_iter().map(open).collect::<Result<_, _>>()? })
    }

    /// The services that `--service` names: one, or all.
    pub(crate) fn chosen(&self, name: Option<&str>) -> anyhow::Result<Vec<&Service>> {
        match name {
            None => Ok(self.services.iter().collect()),
            Some(name) => Ok(vec![self.service(name)?]),
        }
    }

    /// The service with this name.
    pub(crate) fn service(&self, name: &str) -> anyhow::Result<&Service> {
        let found = self.services.iter().find(|service| service.name == name);
        found.with_context(|| format!("there is no service {name}"))
    }

    /// Where a service answers: its siblings know, or else it listens on a fixed port.
    pub(crate) fn url(&self, name: &str) -> anyhow::Result<String> {
        let peers = self.services.iter().filter_map(|one| one.settings.peers.get(name));
        if let Some(peer) = peers.into_iter().next() {
            return Ok(peer.url.clone());
        }
        let listen = self.service(name)?.settings.listen;
        if listen.port() == 0 {
            bail!("no settings tell where {name} listens");
        }
        Ok(format!("http://{listen}"))
    }

    /// The bus, if it answers now.
    pub(crate) async fn bus(&self) -> anyhow::Result<Option<Bus>> {
        let Some(service) = self.services.first() else { return Ok(None) };
        let nats = &service.settings.nats;
        let bus = Bus::connect(&nats.url, "gongxinctl", &nats.prefix).await.context("nats")?;
        // The connection is made in the background.
        for _ in 0..20 {
            if bus.is_connected() {
                return Ok(Some(bus));
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        Ok(None)
    }
}
