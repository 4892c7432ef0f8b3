//! What the figures are figures of: processor, memory, kernel, versions.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::arguments::Arguments;

/// One line about this machine.
pub(crate) fn describe(arguments: &Arguments) -> String {
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{processor}, {cores} cores, {memory}, Linux {}; {}; {}; {}; commit {}; load average at start {}",
        kernel.trim(),
        said(&arguments.postgres_bin.join("postgres"), &["--version"]),
        said(&arguments.nats_server, &["--version"]),
        said(Path::new("rustc"), &["--version"]),
        said(Path::new("git"), &["describe", "--always", "--dirty"]),
        load.split(' ').next().unwrap_or_default(),
    )
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said(program: &Path, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_else(|_| format!("no {}", program.display()))
}

/// Megabytes that a process holds in memory.
pub(crate) fn memory(pid: u32) -> Option<f64> {
    let held = field(&format!("/proc/{pid}/status"), "VmRSS")?;
    let kilobytes: f64 = held.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
