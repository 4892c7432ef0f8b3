//! What a simulator is told at its start.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::ensure;
use gongxin_exchange::{OrganKey, Organs};
use gongxin_kernel::BureauCode;

use crate::Court;

/// Everything a simulator is told; the options of the program `simulator` are the same.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address of the one port for gRPC and HTTP; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether `listen` may be an address that other machines can reach.
    pub beyond_loopback: bool,
    /// The organ that is simulated, with its key: `procuratorate:` and a division code.
    pub key: OrganKey,
    /// Whose signatures are believed.
    pub known: Organs,
    /// Where the police receive, e.g. `http://127.0.0.1:7102`.
    pub police_url: String,
    /// File of what was received, decided and sent; made when missing.
    pub journal: PathBuf,
    /// File of the manual clock; the machine's clock when there is none.
    pub clock: Option<PathBuf>,
    /// File of the decisions that are not simply an approval; see the README for its form.
    pub plan: Option<PathBuf>,
    /// Hours of legal time from receipt to decision.
    pub decide_after_hours: u32,
    /// The same for a transfer for prosecution; `decide_after_hours` when there is none.
    pub examine_after_hours: Option<u32>,
    /// The court that judges what is prosecuted; without it nothing is judged.
    pub court: Option<Court>,
    /// First word of the numbers of its documents, e.g. `明检`.
    pub document_word: String,
}

impl Options {
    /// Approves everything at once, on a free port of this machine, by the machine's clock.
    pub fn new(key: OrganKey, known: Organs, police_url: &str, journal: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            beyond_loopback: false,
            key,
            known,
            police_url: police_url.to_owned(),
            journal,
            clock: None,
            plan: None,
            decide_after_hours: 0,
            examine_after_hours: None,
            court: None,
            document_word: "明检".to_owned(),
        }
    }

    /// # Errors
    /// When an option cannot be meant as it stands.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.beyond_loopback || self.listen.ip().is_loopback(),
            "{} is not a loopback address",
            self.listen.ip()
        );
        let division = self.key.organ().strip_prefix("procuratorate:");
        ensure!(
            division.is_some_and(|code| code.parse::<BureauCode>().is_ok()),
            "{} is not simulated; known is procuratorate: with a division code",
            self.key.organ()
        );
        if let Some(court) = &self.court {
            let division = court.key.organ().strip_prefix("court:");
            ensure!(
                division.is_some_and(|code| code.parse::<BureauCode>().is_ok()),
                "{} is no court with a division code",
                court.key.organ()
            );
        }
        Ok(())
    }
}
