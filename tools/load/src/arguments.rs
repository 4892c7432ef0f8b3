//! The command line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

pub(crate) const USAGE: &str = "usage: load --folder SUITE --programs DIR --postgres ADMIN_URL \
    --postgres-bin DIR --nats URL --nats-server PROGRAM --issuer URL --intake URL --staff JSON \
    --results DIR [--pid SERVICE=PID...] [--quick true] [--only G1,G4] [--rounds N] \
    [--growth-minutes N] [--peers DIR --peers-state DIR]
   or: load echo --listen ADDR:PORT --answer FILE";

/// Where everything is and how much is asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Folder of the suite: keys and settings.
    pub(crate) folder: PathBuf,
    pub(crate) programs: PathBuf,
    pub(crate) postgres: String,
    pub(crate) postgres_bin: PathBuf,
    pub(crate) nats: String,
    pub(crate) nats_server: PathBuf,
    pub(crate) issuer: String,
    /// Where intake will listen.
    pub(crate) intake: String,
    pub(crate) staff: PathBuf,
    pub(crate) results: PathBuf,
    /// Processes of the services that run already.
    pub(crate) pids: Vec<(String, u32)>,
    pub(crate) quick: bool,
    /// Goals to measure, e.g. `G4`; all when empty.
    pub(crate) only: Vec<String>,
    pub(crate) rounds: usize,
    /// How long memory is watched for growth.
    pub(crate) growth_minutes: f64,
    /// Programs of the peers, and where their packages are kept.
    pub(crate) peers: Option<(PathBuf, PathBuf)>,
}

impl Arguments {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
        while let Some(name) = words.next() {
            let value = words.next().with_context(|| format!("{name} needs a value"))?;
            given.entry(name).or_default().push(value);
        }
        let pids = given.remove("--pid").unwrap_or_default();
        let mut take = |name: &str| given.remove(name).and_then(|mut values| values.pop());
        let quick = take("--quick").is_some_and(|word| word == "true");
        let only = take("--only").unwrap_or_default();
        let rounds = take("--rounds").map(|n| n.parse()).transpose().context("--rounds")?;
        let minutes = take("--growth-minutes").map(|n| n.parse()).transpose();
        let peers = take("--peers").zip(take("--peers-state"));
        let mut need = |name: &str| take(name).with_context(|| format!("{name} is missing"));
        let arguments = Self {
            folder: need("--folder")?.into(),
            programs: need("--programs")?.into(),
            postgres: need("--postgres")?,
            postgres_bin: need("--postgres-bin")?.into(),
            nats: need("--nats")?,
            nats_server: need("--nats-server")?.into(),
            issuer: need("--issuer")?,
            intake: need("--intake")?,
            staff: need("--staff")?.into(),
            results: need("--results")?.into(),
            pids: pids.iter().map(|pid| parse_pid(pid)).collect::<anyhow::Result<_>>()?,
            quick,
            only: only
                .split(',')
                .map(|goal| goal.trim().to_uppercase())
                .filter(|goal| !goal.is_empty())
                .collect(),
            rounds: rounds.unwrap_or(if quick { 1 } else { 3 }).max(1),
            growth_minutes: minutes.context("--growth-minutes")?.unwrap_or(0.5),
            peers: peers.map(|(programs, state)| (programs.into(), state.into())),
        };
        match given.keys().next() {
            Some(unknown) => bail!("{unknown} is not known"),
            None => Ok(arguments),
        }
    }

    /// Whether any of `goals` is asked for.
    pub(crate) fn wants(&self, goals: &[&str]) -> bool {
        self.only.is_empty() || goals.iter().any(|goal| self.only.iter().any(|one| one == goal))
    }

    /// `full`, or `quick` in a quick run.
    pub(crate) fn size<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}

fn parse_pid(word: &str) -> anyhow::Result<(String, u32)> {
    let (name, pid) = word.split_once('=').context("--pid SERVICE=PID")?;
    Ok((name.to_owned(), pid.parse().context("--pid")?))
}
