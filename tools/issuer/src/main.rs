//! Starts the demo issuer: `issuer --listen 127.0.0.1:0 --staff FILE --key FILE --client ID=URI`.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use gongxin_issuer::{Client, Issuer, Key, WARNING, bind, read_staff};

const USAGE: &str = "usage: issuer --listen 127.0.0.1:PORT --staff FILE.json --key FILE.pem \
                     [--client ID=REDIRECT_URI_PREFIX]...";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse(std::env::args().skip(1)).context(USAGE)?;
    let staff = read_staff(&args.staff)?;
    let listener = bind(args.listen).await?;
    let key = Key::open(&args.key)?;
    let issuer =
        Issuer::new(format!("http://{}", listener.local_addr()?), key, staff, args.clients);
    eprintln!("{WARNING}");
    println!("{}", issuer.url());
    axum::serve(listener, issuer.router()).await?;
    Ok(())
}

struct Args {
    listen: SocketAddr,
    staff: PathBuf,
    key: PathBuf,
    clients: Vec<Client>,
}

impl Args {
    fn parse(mut args: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let (mut listen, mut staff, mut key, mut clients) = (None, None, None, Vec::new());
        while let Some(name) = args.next() {
            let value = args.next().with_context(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--listen" => listen = Some(value.parse().context("--listen")?),
                "--staff" => staff = Some(value.into()),
                "--key" => key = Some(value.into()),
                "--client" => clients.push(value.parse()?),
                _ => bail!("{name} is not known"),
            }
        }
        Ok(Self {
            listen: listen.context("--listen is missing")?,
            staff: staff.context("--staff is missing")?,
            key: key.context("--key is missing")?,
            clients,
        })
    }
}
