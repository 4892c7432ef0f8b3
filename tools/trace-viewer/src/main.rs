//! A viewer of traces for demo and development: takes OTLP over gRPC, keeps the newest in memory,
//! shows them as pages. Ops staff go from a case number to its traces (requirement XC-3).

mod model;
mod otlp;
mod pages;
mod store;
mod text;
mod trace_page;
mod tree;

use std::net::SocketAddr;

use anyhow::{Context, bail, ensure};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use store::SharedStore;

const USAGE: &str = "usage: trace-viewer [--listen ADDR:PORT] [--otlp ADDR:PORT] [--spans N]
  --listen  where the pages are served, a loopback address; default 127.0.0.1:0 (any free port)
  --otlp    where OTLP over gRPC is received, a loopback address; default 127.0.0.1:4317
  --spans   how many spans are kept, and likewise log records; default 200000";

struct Options {
    listen: SocketAddr,
    otlp: SocketAddr,
    spans: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = parse(std::env::args().skip(1))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let pages = bind(options.listen).await?;
    let otlp = bind(options.otlp).await?;
    let (pages_at, otlp_at) = (pages.local_addr()?, otlp.local_addr()?);
    println!("trace-viewer pages=http://{pages_at} otlp=http://{otlp_at}");

    let store = SharedStore::new(options.spans);
    // Nothing is on disk and nobody waits for an answer that matters: stopping is just leaving.
    tokio::select! {
        ended = otlp::serve(otlp, store.clone()) => ended.context("receiving OTLP"),
        ended = axum::serve(pages, pages::router(store)) => ended.context("serving pages"),
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted.context("waiting for Ctrl-C"),
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Options> {
    let mut options = Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        otlp: SocketAddr::from(([127, 0, 0, 1], 4317)),
        spans: 200_000,
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| USAGE)?;
        match name.as_str() {
            "--listen" => options.listen = value.parse().with_context(|| USAGE)?,
            "--otlp" => options.otlp = value.parse().with_context(|| USAGE)?,
            "--spans" => options.spans = value.parse().with_context(|| USAGE)?,
            _ => bail!(USAGE),
        }
    }
    // The pages ask nobody who they are, so no other machine may reach them.
    let is_local = options.listen.ip().is_loopback() && options.otlp.ip().is_loopback();
    ensure!(is_local, USAGE);
    Ok(options)
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))
}
