//! Where the suite is, and how one signs in there.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use std::time::Duration;

use anyhow::{Context as _, ensure};
use futures::future::BoxFuture;
use tokio::time::Instant;

/// How long a start may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Makes a token for the officer with a police number.
pub type Signer = Box<dyn Fn(&str) -> anyhow::Result<String> + Send + Sync>;

/// How an officer gets a token.
pub enum SignIn {
    /// From the demo issuer at this URL.
    Issuer(String),
    /// From whoever holds the key of the identity provider; takes the police number.
    Signed(Signer),
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Issuer(_) => "issuer",
            Self::Signed(_) => "signed",
        })
    }
}

/// Where the suite is.
#[derive(Debug)]
pub struct Places {
    /// Keeps the simulator's plan, the log keys and the receipts.
    pub folder: PathBuf,
    /// File of the manual clock.
    pub clock: PathBuf,
    /// URLs of the services, by name.
    pub services: BTreeMap<String, String>,
    /// URL of the simulator.
    pub procuratorate: String,
    /// URL of the public side.
    pub public: String,
    /// URL of the trace viewer's pages.
    pub traces: String,
    /// How an officer gets a token.
    pub sign_in: SignIn,
    /// Stops and starts programs of the suite.
    pub outage: Box<dyn Outage>,
    /// Takes each line that tells what happens.
    pub narrator: fn(&str),
}

/// Stops and starts programs of the suite: a service by its name, or `nats`.
pub trait Outage: fmt::Debug + Send + Sync {
    /// Has exactly these stopped and every other one running, and returns when it is so.
    fn only(&self, down: &[&str]) -> BoxFuture<'_, anyhow::Result<()>>;
}

/// Asks whoever started the suite, by a file in its folder.
#[derive(Debug)]
pub struct Asked {
    /// The folder of the suite.
    pub folder: PathBuf,
}

impl Outage for Asked {
    fn only(&self, down: &[&str]) -> BoxFuture<'_, anyhow::Result<()>> {
        let wanted = down.join("\n");
        Box::pin(async move {
            std::fs::write(self.folder.join("outage.ask"), &wanted)?;
            std::fs::rename(self.folder.join("outage.ask"), self.folder.join("outage"))?;
            let end = Instant::now() + PATIENCE;
            let done = self.folder.join("outage.done");
            while std::fs::read_to_string(&done).unwrap_or_default() != wanted {
                ensure!(Instant::now() < end, "nobody stops and starts programs");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        })
    }
}

impl Places {
    pub(crate) fn service(&self, name: &str) -> anyhow::Result<&str> {
        Ok(self.services.get(name).with_context(|| format!("{name} has no address"))?)
    }
}
