//! `demo`: takes the season through a running suite and checks its books.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use gongxin_demo::{Asked, Places, Sample, SignIn, Size, Suite};

const USAGE: &str = "usage: demo --folder DIR --service NAME=URL... --issuer URL \
                     --procuratorate URL --public URL --traces URL";

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let mut suite = Suite::connect(places(std::env::args().skip(1)).context(USAGE)?)?;
    let ledger = gongxin_demo::run(&mut suite, &Sample::read(Size::Whole)?).await?;
    let balanced = gongxin_demo::print(&mut suite, &ledger).await?;
    Ok(if balanced { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn places(mut words: impl Iterator<Item = String>) -> anyhow::Result<Places> {
    let (mut given, mut services) = (BTreeMap::new(), BTreeMap::new());
    while let Some(name) = words.next() {
        let value = words.next().with_context(|| format!("{name} needs a value"))?;
        if name == "--service" {
            let (service, url) = value.split_once('=').context("--service NAME=URL")?;
            services.insert(service.to_owned(), url.to_owned());
        } else {
            given.insert(name, value);
        }
    }
    let mut need = |name: &str| given.remove(name).with_context(|| format!("{name} is missing"));
    let folder = PathBuf::from(need("--folder")?);
    let places = Places {
        clock: folder.join("clock"),
        outage: Box::new(Asked { folder: folder.clone() }),
        folder,
        services,
        narrator: |line| println!("{line}"),
        sign_in: SignIn::Issuer(need("--issuer")?),
        procuratorate: need("--procuratorate")?,
        public: need("--public")?,
        traces: need("--traces")?,
    };
    if let Some(unknown) = given.keys().next() {
        bail!("{unknown} is not known");
    }
    Ok(places)
}
