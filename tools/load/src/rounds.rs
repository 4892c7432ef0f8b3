//! The run: in each round every limit and then ours, so that a noisy minute hits both.

use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use tonic::transport::Channel;

use crate::arguments::Arguments;
use crate::facts::Facts;
use crate::facts::chain::Beside;
use crate::figures::Figures;
use crate::limits::{echo, nats, postgres};
use crate::service::{Clocks, Desk, Intake, Variant, channels};
use crate::{goals, latency, machine, peers, recovery};

/// Callers of commands, as in the goals.
const CALLERS: usize = 16;
/// Reads in flight.
const READERS: usize = 64;
const UNITS: usize = 200;
/// Units with one writer each round: a unit has 9,999 case numbers a month.
const HOT_UNIT: usize = 100_000;

/// Everything a round needs.
struct Bench<'a> {
    arguments: &'a Arguments,
    figures: Figures,
    desk: Desk,
    facts: Facts,
    tables: Option<postgres::Tables>,
}

/// Measures what is asked for and prints the tables.
pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let about = machine::describe(arguments);
    println!("machine: {about}");
    let mut figures = Figures::open(&arguments.results)?;
    figures.note("machine", &json!(about))?;
    let wants_tables = arguments.wants(&["G1", "G2"]);
    let tables =
        if wants_tables { Some(postgres::Tables::prepare(arguments).await?) } else { None };
    let desk = Desk::open(arguments)?;
    let facts = Facts::prepare(arguments).await?;
    let mut bench = Bench { arguments, figures, desk, facts, tables };
    if arguments.wants(&["G9"]) {
        bench.facts.arm(arguments.size(1_000_000, 50_000)).await?;
    }
    let fetched = match &arguments.peers {
        Some((programs, state)) => Some(peers::fetch(programs, state).await?),
        None => None,
    };
    for round in 1..=arguments.rounds {
        bench.figures.round = round;
        // A part that fails leaves a line and no figure; the others go on.
        or_say("facts", bench.travel().await);
        or_say("calls", bench.calls().await);
        if let Some(fetched) = &fetched {
            let count = arguments.size(5000, 1000);
            or_say("peers", peers::measure(fetched, arguments, count, &mut bench.figures).await);
        }
        if arguments.wants(&["G12"]) {
            let measured =
                recovery::measure(arguments, &bench.facts, &bench.desk, &mut bench.figures).await;
            or_say("recovery", measured);
            bench.facts.admin = bench.facts.watch().await?;
        }
    }
    if arguments.wants(&["G15"]) {
        or_say("law", bench.law().await);
    }
    if arguments.wants(&["G14"]) {
        or_say("memory", bench.memory().await);
    }
    let Bench { figures, .. } = bench;
    let table = goals::table(&figures, &|goal| arguments.wants(&[goal]));
    println!("\n{about}\n\n{table}\n{}", goals::raw(&figures));
    println!("every sample: {}", figures.path().display());
    Ok(())
}

fn or_say(part: &str, measured: anyhow::Result<()>) {
    if let Err(error) = measured {
        println!("  {part}: not measured to the end in this round: {error:#}");
    }
}

impl Bench<'_> {
    /// G4 to G9 and G11: how facts travel, in this process.
    async fn travel(&mut self) -> anyhow::Result<()> {
        let arguments = self.arguments;
        let count = arguments.size(20_000, 5_000);
        let (facts, figures) = (&mut self.facts, &mut self.figures);
        if arguments.wants(&["G4", "G5"]) {
            let limits = nats::measure(&arguments.nats, count).await?;
            figures.add("js_publish", "1/s", limits.publish)?;
            figures.add("js_consume", "1/s", limits.consume)?;
        }
        if arguments.wants(&["G4", "G5", "G6", "G8", "G11"]) {
            let ours = facts.chain(count, Beside::Nothing).await?;
            figures.add("sequence", "1/s", ours.sequence)?;
            figures.add("relay", "1/s", ours.relay)?;
            figures.add("consume", "1/s", ours.consume)?;
            if arguments.wants(&["G4", "G6"]) {
                let produced = facts.commands(arguments.size(5_000, 1_000), CALLERS).await?;
                figures.add("produce", "1/s", produced)?;
                let combined = 1.0
                    / (1.0 / produced
                        + 1.0 / ours.sequence
                        + 1.0 / ours.relay
                        + 1.0 / ours.consume);
                figures.add("combined", "1/s", combined)?;
            }
        }
        if arguments.wants(&["G11"]) {
            for (beside, name) in [(Beside::Reader, "reader"), (Beside::Writer, "writer")] {
                let ours = facts.chain(count, beside).await?;
                figures.add(&format!("sequence_{name}"), "1/s", ours.sequence)?;
                figures.add(&format!("relay_{name}"), "1/s", ours.relay)?;
            }
        }
        if arguments.wants(&["G9"]) {
            let due = arguments.size(10_000, 2_000);
            figures.add("fire_1", "1/s", facts.fire(due, 1).await?)?;
            figures.add("fire_2", "1/s", facts.fire(due, 2).await?)?;
            let late = facts.lateness(arguments.size(500, 200)).await?;
            figures.add("lateness_p99", "ms", late)?;
        }
        if arguments.wants(&["G10"]) {
            let time = Duration::from_secs(arguments.size(4, 2));
            let reads = facts.reads(self.desk.officer(), READERS, time).await?;
            figures.add("reads_singly", "1/s", reads.singly)?;
            figures.add("reads_together", "1/s", reads.together)?;
        }
        if arguments.wants(&["G7"]) {
            for rate in [100, 300] {
                let time = Duration::from_secs(arguments.size(8, 4));
                let times = facts.delay(rate, time).await?;
                figures.add(&format!("delay_{rate}_p50"), "ms", latency::at(&times, 0.5))?;
                figures.add(&format!("delay_{rate}_p99"), "ms", latency::at(&times, 0.99))?;
            }
        }
        Ok(())
    }

    /// G1, G2, G8's receipts, G10 and G13: calls to real processes.
    async fn calls(&mut self) -> anyhow::Result<()> {
        let arguments = self.arguments;
        if !arguments.wants(&["G1", "G2", "G8", "G10", "G13"]) {
            return Ok(());
        }
        let time = Duration::from_secs(arguments.size(5, 3));
        let hot = HOT_UNIT + self.figures.round;
        if let (Some(tables), true) = (&self.tables, arguments.wants(&["G1", "G2"])) {
            self.figures.add("pgbench_200", "1/s", tables.rate(1, UNITS, time).await?)?;
            self.figures.add("pgbench_1", "1/s", tables.rate(hot, 1, time).await?)?;
        }
        let intake = Intake::start(arguments, Variant::Plain).await?;
        let channels = channels(&intake.url, 4).await?;
        let id = self.desk.register(channels[0].clone(), 1).await?;
        if arguments.wants(&["G1", "G2", "G13"]) {
            let rate = self.register(&channels, 1, UNITS, time).await?;
            self.figures.add("open_case", "1/s", rate)?;
        }
        if arguments.wants(&["G2"]) {
            let rate = self.register(&channels, hot, 1, time).await?;
            self.figures.add("hot_unit", "1/s", rate)?;
        }
        if arguments.wants(&["G10"]) {
            self.read(&channels, id, time).await?;
        }
        if arguments.wants(&["G8"]) {
            let (times, failed) = self.receipts(&channels[0], time).await?;
            self.figures.add("receipt_failed", "", f64::from(failed))?;
            self.figures.add("receipt_p50", "ms", latency::at(&times, 0.5))?;
            self.figures.add("receipt_p99", "ms", latency::at(&times, 0.99))?;
        }
        if !arguments.wants(&["G13"]) {
            return intake.stop().await;
        }
        let beside = Intake::start(arguments, Variant::Beside).await?;
        let mut both = channels;
        both.truncate(2);
        both.extend(crate::service::channels(&beside.url, 2).await?);
        let rate = self.register(&both, 1, UNITS, time).await?;
        self.figures.add("open_case_two", "1/s", rate)?;
        beside.stop().await?;
        intake.stop().await?;
        let intake = Intake::start(arguments, Variant::Telemetry).await?;
        let watched = crate::service::channels(&intake.url, 4).await?;
        let rate = self.register(&watched, 1, UNITS, time).await?;
        self.figures.add("open_case_telemetry", "1/s", rate)?;
        intake.stop().await
    }

    /// Reports registered a second, by callers spread over `channels` and `units`.
    async fn register(
        &self,
        channels: &[Channel],
        first: usize,
        units: usize,
        time: Duration,
    ) -> anyhow::Result<f64> {
        let (desk, channels) = (self.desk.clone(), channels.to_vec());
        let next = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let (rate, _) = latency::closed_loop(CALLERS, time, move |caller| {
            let (desk, channel) = (desk.clone(), channels[caller % channels.len()].clone());
            let turn = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            async move { desk.register(channel, first + turn % units).await.map(drop) }
        })
        .await?;
        Ok(rate)
    }

    /// Reads of one report, and the echo of its answer.
    async fn read(
        &mut self,
        channels: &[Channel],
        id: String,
        time: Duration,
    ) -> anyhow::Result<()> {
        let answer = self.desk.report(channels[0].clone(), id.clone()).await?;
        let echo = echo::start(&self.arguments.folder, &answer)?;
        let bare = echo.channels(4).await?;
        let asked = id.clone();
        let (rate, _) = latency::closed_loop(READERS, time, move |caller| {
            echo::call(bare[caller % bare.len()].clone(), asked.clone())
        })
        .await?;
        self.figures.add("echo", "1/s", rate)?;
        let (desk, channels) = (self.desk.clone(), channels.to_vec());
        let (rate, times) = latency::closed_loop(READERS, time, move |caller| {
            let (desk, channel) = (desk.clone(), channels[caller % channels.len()].clone());
            let id = id.clone();
            async move { desk.report(channel, id).await.map(drop) }
        })
        .await?;
        self.figures.add("get_report", "1/s", rate)?;
        self.figures.add("get_report_p99", "ms", latency::at(&times, 0.99))
    }

    /// From a report's intended start to its receipt in hand, at 100 a second.
    async fn receipts(
        &self,
        channel: &Channel,
        time: Duration,
    ) -> anyhow::Result<(latency::Times, u32)> {
        let mut turn = 0;
        latency::open_loop(100, time, |_| {
            turn += 1;
            let (desk, channel, unit) = (self.desk.clone(), channel.clone(), 1 + turn % UNITS);
            async move {
                let report = desk.register(channel.clone(), unit).await?;
                desk.receipt(channel, report).await
            }
        })
        .await
    }

    /// G15: a law that changes, over a hundred thousand periods that run.
    async fn law(&mut self) -> anyhow::Result<()> {
        let mut clocks = Clocks::arm(self.arguments, self.arguments.size(100_000, 10_000)).await?;
        let took = clocks.all_move(self.arguments).await?;
        self.figures.add("law_all_move", "s", took)?;
        let took = clocks.none_moves(self.arguments).await?;
        self.figures.add("law_none_moves", "s", took)
    }

    /// G14: what the services hold in memory under load, and whether it grows.
    async fn memory(&mut self) -> anyhow::Result<()> {
        let watched = Duration::from_secs_f64(self.arguments.growth_minutes * 60.0);
        let intake = Intake::start(self.arguments, Variant::Plain).await?;
        let channels = channels(&intake.url, 4).await?;
        let pid = intake.pid().context("intake ended")?;
        let held = || machine::memory(pid).context("intake ended");
        // Pools, caches and statements fill up first.
        self.register(&channels, 1, UNITS, watched.min(Duration::from_secs(5))).await?;
        let before = held()?;
        let rate = self.register(&channels, 1, UNITS, watched).await?;
        let after = held()?;
        let others = self.arguments.pids.iter().filter_map(|(_, pid)| machine::memory(*pid));
        let largest = others.reduce(f64::max);
        self.figures.add("memory_rate", "1/s", rate)?;
        self.figures.add("memory_intake", "MB", after)?;
        if let Some(largest) = largest {
            self.figures.add("memory_others", "MB", largest)?;
        }
        self.figures.add("memory_growth", "%", (after - before) / before * 100.0)?;
        intake.stop().await
    }
}
