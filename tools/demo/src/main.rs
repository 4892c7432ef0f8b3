//! Takes the sample cases through a running suite in manual time and checks its books.
//!
//! Everything goes through the public interfaces, as the officers of the sample would do it. The
//! clock is moved from one due instant to the next and the suite settles in between, so that no
//! period and no daily beat is jumped over.

mod books;
mod clock;
mod office;
mod sample;
mod season;
mod story;
mod suite;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

const USAGE: &str = "usage: demo --folder DIR --intake URL --review URL --issuer URL \
                     --procuratorate URL --traces URL";

/// Where the suite is.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) folder: PathBuf,
    pub(crate) intake: String,
    pub(crate) review: String,
    pub(crate) issuer: String,
    pub(crate) procuratorate: String,
    pub(crate) traces: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let places = Places::parse(std::env::args().skip(1)).context(USAGE)?;
    let mut suite = suite::Suite::connect(places).await?;
    let ledger = season::run(&mut suite).await?;
    let balanced = books::print(&mut suite, &ledger).await?;
    Ok(if balanced { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Places {
    fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut given = std::collections::BTreeMap::new();
        while let Some(name) = words.next() {
            let value = words.next().with_context(|| format!("{name} needs a value"))?;
            given.insert(name, value);
        }
        let mut need =
            |name: &str| given.remove(name).with_context(|| format!("{name} is missing"));
        let places = Self {
            folder: need("--folder")?.into(),
            intake: need("--intake")?,
            review: need("--review")?,
            issuer: need("--issuer")?,
            procuratorate: need("--procuratorate")?,
            traces: need("--traces")?,
        };
        if let Some(unknown) = given.keys().next() {
            bail!("{unknown} is not known");
        }
        Ok(places)
    }
}
