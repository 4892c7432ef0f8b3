//! Starts a simulator: `simulator --organ procuratorate:619921 --key FILE …`; see the README.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use gongxin_chassis::{TelemetrySettings, telemetry};
use gongxin_exchange::{OrganKey, Organs};
use gongxin_simulator::{Court, Options, Simulator};
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "usage: simulator --organ procuratorate:DIVISION --key FILE.pem
    --known ORGAN=PUBLIC.pem… --police-url http://HOST:PORT --journal FILE
    [--listen 127.0.0.1:PORT] [--beyond-loopback] [--clock FILE] [--plan FILE.json]
    [--decide-after-hours N] [--examine-after-hours N] [--court ORGAN=FILE.pem]
    [--judge-after-hours N] [--document-word 明检] [--otlp http://HOST:PORT]";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (options, otlp_endpoint) = parse(std::env::args().skip(1)).context(USAGE)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let settings = TelemetrySettings { otlp_endpoint, ..TelemetrySettings::default() };
    let telemetry = telemetry::install("simulator", &settings)?;
    let mut running = Simulator::start(options).await?;
    println!("simulator http://{}", running.address);
    let ended = tokio::select! {
        ended = running.ended() => ended,
        _ = terminate.recv() => running.stop().await,
        _ = interrupt.recv() => running.stop().await,
    };
    telemetry.shutdown().await;
    ended
}

/// Gives the options and the collector's address.
fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<(Options, Option<String>)> {
    let (mut organ, mut key, mut police_url, mut journal) = (None, None, None, None);
    let (mut listen, mut beyond_loopback, mut otlp) = (None, false, None);
    let (mut clock, mut plan, mut hours, mut word) = (None, None, None, None);
    let (mut examine_after_hours, mut court, mut judge_after_hours) = (None, None, 0);
    let mut known = Organs::default();
    while let Some(name) = words.next() {
        if name == "--beyond-loopback" {
            beyond_loopback = true;
            continue;
        }
        let value = words.next().with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--organ" => organ = Some(value),
            "--key" => key = Some(read(Path::new(&value))?),
            "--known" => {
                let (organ, file) = value.split_once('=').context("--known ORGAN=FILE")?;
                known.insert(organ, &read(Path::new(file))?).context("--known")?;
            }
            "--police-url" => police_url = Some(value),
            "--journal" => journal = Some(PathBuf::from(value)),
            "--listen" => listen = Some(value.parse().context("--listen")?),
            "--clock" => clock = Some(PathBuf::from(value)),
            "--plan" => plan = Some(PathBuf::from(value)),
            "--decide-after-hours" => hours = Some(value.parse().context("--decide-after-hours")?),
            "--examine-after-hours" => {
                examine_after_hours = Some(value.parse().context("--examine-after-hours")?);
            }
            "--court" => {
                let (organ, file) = value.split_once('=').context("--court ORGAN=FILE")?;
                court =
                    Some(OrganKey::from_pem(organ, &read(Path::new(file))?).context("--court")?);
            }
            "--judge-after-hours" => {
                judge_after_hours = value.parse().context("--judge-after-hours")?;
            }
            "--document-word" => word = Some(value),
            "--otlp" => otlp = Some(value),
            _ => bail!("{name} is not known"),
        }
    }
    let key = key.context("--key is missing")?;
    let key = OrganKey::from_pem(&organ.context("--organ is missing")?, &key).context("--key")?;
    let defaults = Options::new(
        key,
        known,
        &police_url.context("--police-url is missing")?,
        journal.context("--journal is missing")?,
    );
    let options = Options {
        listen: listen.unwrap_or(defaults.listen),
        beyond_loopback,
        clock,
        plan,
        decide_after_hours: hours.unwrap_or(defaults.decide_after_hours),
        examine_after_hours,
        court: court.map(|key| Court { key, judge_after_hours }),
        document_word: word.unwrap_or(defaults.document_word),
        ..defaults
    };
    Ok((options, otlp))
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
