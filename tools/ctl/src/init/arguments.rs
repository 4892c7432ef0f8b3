//! The command line of `init`.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use gongxin_kernel::{BureauCode, UnitCode};
use jiff::Timestamp;

pub(crate) const USAGE: &str =
    "usage: gongxinctl init --folder DIR --postgres ADMIN_URL --nats URL --issuer URL
    --bureau CODE --bureau-name NAME --organ-word WORD --legal-unit CODE --procuratorate URL
    --service NAME=ADDR:PORT... --public ADDR:PORT [--department CODE=WORD...]
    [--otlp URL] [--traces URL] [--clock INSTANT] [--demo true]
  --postgres  as a superuser, e.g. postgres://postgres:secret@127.0.0.1:5432/postgres
  --department  the word for a unit in the numbers of its receipts; else six digits of its code
  --demo      everything shown is invented, and every page says so
  --clock     makes the manual clock of demos and tests, at this instant unless it is there";

/// What is to be prepared.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) folder: PathBuf,
    pub(crate) postgres: String,
    pub(crate) nats: String,
    pub(crate) issuer: String,
    pub(crate) bureau: BureauCode,
    pub(crate) bureau_name: String,
    pub(crate) organ_word: String,
    /// The legal department.
    pub(crate) legal_unit: UnitCode,
    pub(crate) procuratorate: String,
    /// Services by name, with the address each listens on.
    pub(crate) services: Vec<(String, SocketAddr)>,
    /// Words for units in the numbers of their receipts.
    pub(crate) departments: Vec<(UnitCode, String)>,
    /// Where the public side of disclosure listens.
    pub(crate) public: SocketAddr,
    pub(crate) otlp: Option<String>,
    /// Pages of the trace viewer, for links from cases.
    pub(crate) traces: Option<String>,
    pub(crate) clock: Option<Timestamp>,
    /// Everything shown is invented.
    pub(crate) demo: bool,
}

impl Arguments {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut given = Vec::new();
        while let Some(name) = words.next() {
            let value = words.next().with_context(|| format!("{name} needs a value"))?;
            given.push((name, value));
        }
        let mut take = |name: &str| {
            let place = given.iter().position(|(given, _)| given == name)?;
            Some(given.remove(place).1)
        };
        let mut services = Vec::new();
        while let Some(service) = take("--service") {
            let (name, address) = service.split_once('=').context("--service NAME=ADDR:PORT")?;
            services.push((name.to_owned(), address.parse().context("--service")?));
        }
        let mut departments = Vec::new();
        while let Some(department) = take("--department") {
            let (code, word) = department.split_once('=').context("--department CODE=WORD")?;
            departments.push((code.parse().context("--department")?, word.to_owned()));
        }
        let mut need = |name: &str| take(name).with_context(|| format!("{name} is missing"));
        let arguments = Self {
            folder: std::path::absolute(need("--folder")?)?,
            postgres: need("--postgres")?,
            nats: need("--nats")?,
            issuer: need("--issuer")?,
            bureau: need("--bureau")?.parse().context("--bureau")?,
            bureau_name: need("--bureau-name")?,
            organ_word: need("--organ-word")?,
            legal_unit: need("--legal-unit")?.parse().context("--legal-unit")?,
            procuratorate: need("--procuratorate")?,
            public: need("--public")?.parse().context("--public")?,
            services,
            departments,
            otlp: take("--otlp"),
            traces: take("--traces"),
            demo: take("--demo").is_some_and(|word| word == "true"),
            clock: take("--clock").map(|at| at.parse()).transpose().context("--clock")?,
        };
        if let Some((name, _)) = given.first() {
            bail!("{name} is not known");
        }
        Ok(arguments)
    }

    /// The police organ of this bureau in the exchange.
    pub(crate) fn police(&self) -> String {
        format!("police:{}", self.bureau)
    }

    /// The court whose judgments this bureau takes.
    pub(crate) fn court_organ(&self) -> String {
        format!("court:{}", self.bureau)
    }

    /// The procuratorate that this bureau sends to.
    pub(crate) fn procuratorate_organ(&self) -> String {
        format!("procuratorate:{}", self.bureau)
    }
}
