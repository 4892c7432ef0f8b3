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
    println!("idle memory of the public side: {}", suite.children.memory(PUBLIC));
    for (service, _) in SERVICES {
        println!("idle memory of {service}: {}", suite.children.memory(service));
    }
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
    for (service, _) in SERVICES {
        println!("memory of {service} after the load: {}", suite.children.memory(service));
    }
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

/// What the kernel counts for a process, e.g. `38 MB`.
pub(super) fn memory_of(pid: u32) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.map_or("unknown".to_owned(), |kilobytes| format!("{} MB", kilobytes / 1024))
}
