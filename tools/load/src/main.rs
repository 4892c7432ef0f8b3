//! Registers reports over gRPC with a number of callers and prints how long each call took.
//!
//! The tokens are made with the demo issuer's own key, so nothing but registering is measured.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures::future::try_join_all;
use gongxin_issuer::{ACCESS_AUDIENCE, Grant, Key, read_staff};
use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::common::v1::Unit;
use gongxin_proto::intake::v1::intake_service_client::IntakeServiceClient;
use gongxin_proto::intake::v1::{Nature, RegisterReportRequest, ReportSource};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;

const USAGE: &str =
    "usage: load --intake URL --issuer URL --key PEM --staff JSON --callers N --seconds S";

struct Arguments {
    intake: String,
    issuer: String,
    key: PathBuf,
    staff: PathBuf,
    callers: usize,
    seconds: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse(std::env::args().skip(1)).context(USAGE)?;
    let key = Key::open(&arguments.key)?;
    let staff = read_staff(&arguments.staff)?;
    let mut desks = staff.into_iter().filter(|one| one.posts.contains(&Post::ReportOfficer));
    let desk = desks.next().context("the staff has no report officer")?;
    let token = key.token(&desk, &Grant::now(&arguments.issuer, ACCESS_AUDIENCE));
    let token: MetadataValue<Ascii> = format!("Bearer {token}").parse()?;
    let channel = Channel::from_shared(arguments.intake.clone())?.connect().await?;

    // Each code path once, so that no caller pays for the first connections.
    register(&channel, &token, &desk).await?;
    let begun = Instant::now();
    let end = begun + Duration::from_secs(arguments.seconds);
    let callers = (0..arguments.callers).map(|_| call_until(&channel, &token, &desk, end));
    let mut times: Vec<Duration> = try_join_all(callers).await?.into_iter().flatten().collect();
    let seconds = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |part: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of 1")]
        #[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
        let place = ((times.len() - 1) as f64 * part) as usize;
        times[place].as_secs_f64() * 1000.0
    };
    #[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
    let rate = times.len() as f64 / seconds;
    println!(
        "{:>3} callers: {rate:7.1} reports/s, median {:.1} ms, p95 {:.1} ms, worst {:.1} ms ({} reports)",
        arguments.callers,
        at(0.5),
        at(0.95),
        at(1.0),
        times.len(),
    );
    Ok(())
}

async fn call_until(
    channel: &Channel,
    token: &MetadataValue<Ascii>,
    desk: &Staff,
    end: Instant,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    while Instant::now() < end {
        times.push(register(channel, token, desk).await?);
    }
    Ok(times)
}

/// Registers one report and gives the time it took.
async fn register(
    channel: &Channel,
    token: &MetadataValue<Ascii>,
    desk: &Staff,
) -> anyhow::Result<Duration> {
    // The machine's own time: the suite under load has no manual clock.
    let told_at = jiff_now() - SignedDuration::from_mins(5);
    let mut request = Request::new(RegisterReportRequest {
        request_id: new_uuid().to_string(),
        source: ReportSource::Report.into(),
        told_at: Some(prost_types::Timestamp { seconds: told_at.as_second(), nanos: 0 }),
        place: "明川县城关镇".to_owned(),
        facts: "停在楼下的电动车被盗。".to_owned(),
        unit: Some(Unit { code: desk.unit.to_string(), name: desk.unit_name.clone() }),
        nature: Nature::Criminal.into(),
        charge: "盗窃罪".to_owned(),
        evidence: vec!["购车发票1张".to_owned()],
        ..Default::default()
    });
    request.metadata_mut().insert("authorization", token.clone());
    let begun = Instant::now();
    IntakeServiceClient::new(channel.clone()).register_report(request).await?;
    Ok(begun.elapsed())
}

fn jiff_now() -> Timestamp {
    use gongxin_kernel::{Clock as _, SystemClock};
    SystemClock.now()
}

impl Arguments {
    fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut given = std::collections::BTreeMap::new();
        while let Some(name) = words.next() {
            let value = words.next().with_context(|| format!("{name} needs a value"))?;
            given.insert(name, value);
        }
        let mut need =
            |name: &str| given.remove(name).with_context(|| format!("{name} is missing"));
        let arguments = Self {
            intake: need("--intake")?,
            issuer: need("--issuer")?,
            key: need("--key")?.into(),
            staff: need("--staff")?.into(),
            callers: need("--callers")?.parse().context("--callers")?,
            seconds: need("--seconds")?.parse().context("--seconds")?,
        };
        match given.keys().next() {
            Some(unknown) => bail!("{unknown} is not known"),
            None => Ok(arguments),
        }
    }
}
