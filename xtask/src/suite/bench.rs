//! `cargo xtask bench`: figures of this machine, printed and never asserted.

use std::fs;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::host::Host;
use crate::process;
use crate::suite::{PUBLIC, SERVICES, Suite};
use crate::workspace;

/// How long each number of callers registers.
const SECONDS: &str = "8";

/// # Errors
/// Refused when the suite does not start or a call of the load is refused.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let mut clean = false;
    for word in arguments {
        match word.as_str() {
            "--clean-build" => clean = true,
            _ => return Err(Failure::Refused(format!("bench takes no `{word}`"))),
        }
    }
    let host = Host::look()?;
    if clean {
        clean_build(&host)?;
    }
    let suite = Suite::start(&host, host.claim("bench")?, None, &["load"])?;
    // Connections and caches of the start have settled by then.
    suite.children.rest(Duration::from_secs(3))?;
    suite.print_memory("idle");
    let path = |name: &str| suite.folder.join(name).display().to_string();
    for callers in ["1", "16"] {
        suite.children.foreground(
            "load",
            &[
                ("--intake", suite.url("intake")),
                ("--issuer", suite.url("issuer")),
                ("--key", path("keys/issuer.key")),
                ("--staff", host.root.join("tools/demo/data/staff.json").display().to_string()),
                ("--callers", callers.to_owned()),
                ("--seconds", SECONDS.to_owned()),
            ],
        )?;
    }
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
    /// What each service and the public side hold in memory now.
    pub(super) fn print_memory(&self, when: &str) {
        let of = |name: &str| self.children.memory(name).unwrap_or_default();
        let each = SERVICES.iter().map(|(service, _)| format!("{service} {} MB", of(service)));
        let each: Vec<String> = each.collect();
        let all: u64 = SERVICES.iter().map(|(service, _)| of(service)).sum();
        println!(
            "memory {when}: five services {all} MB ({}); public side {} MB",
            each.join(", "),
            of(PUBLIC)
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
