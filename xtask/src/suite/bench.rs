//! `cargo xtask bench`: figures of this machine beside their goals, printed and never asserted.
//!
//! Starts private servers and the suite without intake; the driver `load` starts intake in the
//! variants that it compares, measures and prints.

use std::fs;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::host::Host;
use crate::process;
use crate::suite::{PUBLIC, Plan, SERVICES, Suite};
use crate::workspace;

/// The service that the driver starts itself.
const MEASURED: &str = "intake";

/// What the command line asks for.
#[derive(Default)]
struct Wanted {
    clean_build: bool,
    peers: bool,
    /// Words for the driver.
    driver: Vec<(&'static str, String)>,
}

impl Wanted {
    fn parse(arguments: Vec<String>) -> Result<Self, Failure> {
        let mut wanted = Self::default();
        let mut words = arguments.into_iter();
        while let Some(word) = words.next() {
            let mut value = |name: &'static str| {
                let missing = || Failure::Refused(format!("{name} needs a value"));
                words.next().map(|value| (name, value)).ok_or_else(missing)
            };
            match word.as_str() {
                "--clean-build" => wanted.clean_build = true,
                "--peers" => wanted.peers = true,
                "--quick" => wanted.driver.push(("--quick", "true".to_owned())),
                "--only" => wanted.driver.push(value("--only")?),
                "--rounds" => wanted.driver.push(value("--rounds")?),
                "--growth-minutes" => wanted.driver.push(value("--growth-minutes")?),
                _ => return Err(Failure::Refused(format!("bench takes no `{word}`"))),
            }
        }
        Ok(wanted)
    }
}

/// # Errors
/// Refused when the suite does not start or the driver cannot measure; never for a missed goal.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let wanted = Wanted::parse(arguments)?;
    let host = Host::look()?;
    if wanted.clean_build {
        clean_build(&host)?;
    }
    let plan = Plan {
        more_programs: &["load"],
        left_out: &[MEASURED],
        optimised: true,
        ..Plan::default()
    };
    let suite = Suite::start(&host, host.claim("bench")?, plan)?;
    // Connections and caches of the start have settled by then.
    suite.children.rest(Duration::from_secs(2))?;
    suite.print_memory("idle");

    let path = |path: std::path::PathBuf| path.display().to_string();
    let mut words = vec![
        ("--folder", path(suite.folder.clone())),
        ("--programs", path(workspace::programs(true)?)),
        ("--postgres", suite.postgres.url.clone()),
        ("--postgres-bin", path(suite.servers.postgres_bin.clone())),
        ("--nats", suite.nats.url.clone()),
        ("--nats-server", path(suite.servers.nats_server.clone())),
        ("--issuer", suite.url("issuer")),
        ("--intake", suite.url(MEASURED)),
        ("--staff", path(host.root.join("tools/demo/data/staff.json"))),
        ("--results", path(host.root.join("target/bench"))),
    ];
    for (service, _) in SERVICES {
        if let Some(pid) = suite.children.pid(service) {
            words.push(("--pid", format!("{service}={pid}")));
        }
    }
    if wanted.peers {
        words.push(("--peers", path(host.root.join("tools/load/peers"))));
        words.push(("--peers-state", path(host.state.join("bench-peers"))));
    }
    words.extend(wanted.driver);
    suite.children.foreground("load", &words)?;
    suite.print_memory("after the load");
    suite.clear();
    Ok(())
}

/// Builds everything into an empty folder, which is removed again.
fn clean_build(host: &Host) -> Result<(), Failure> {
    let slot = host.claim("clean-build")?;
    let begun = Instant::now();
    let mut cargo = workspace::cargo(&host.root);
    cargo.args(["build", "--workspace", "--bins", "--target-dir"]).arg(&slot.folder);
    process::run(&host.signals, "clean build", &mut cargo)?;
    println!("clean build {:.0} s", begun.elapsed().as_secs_f64());
    slot.clear();
    Ok(())
}

impl Suite {
    /// What each running service and the public side hold in memory now.
    pub(super) fn print_memory(&self, when: &str) {
        let held = SERVICES.iter().filter_map(|(service, _)| {
            self.children.memory(service).map(|megabytes| (*service, megabytes))
        });
        let held: Vec<(&str, u64)> = held.collect();
        let all: u64 = held.iter().map(|(_, megabytes)| megabytes).sum();
        let each: Vec<String> =
            held.iter().map(|(service, megabytes)| format!("{service} {megabytes} MB")).collect();
        println!(
            "memory {when}: {} services {all} MB ({}); public side {} MB",
            held.len(),
            each.join(", "),
            self.children.memory(PUBLIC).unwrap_or_default()
        );
    }
}

/// What the kernel counts for a process, in megabytes.
pub(super) fn memory_of(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024)
}
