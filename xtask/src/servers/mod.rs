//! The servers this house needs, found on the machine or brought as pinned packages.

mod nats;
mod postgres;
mod wheel;

pub(crate) use nats::Nats;
pub(crate) use postgres::Postgres;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Result as IoResult;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::host::Host;
use crate::process::Process;

/// A server has this long to become ready; a loaded machine needs some of it.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// Where the programs of the servers are.
pub(crate) struct Servers {
    /// Folder of PostgreSQL's programs.
    pub(crate) postgres_bin: PathBuf,
    /// The nats-server program.
    pub(crate) nats_server: PathBuf,
}

impl Servers {
    /// Finds both: configured → on the machine → the pinned package.
    ///
    /// # Errors
    /// Refused when a configured one does not fit, or when a package is needed and cannot be had.
    pub(crate) fn find(host: &Host) -> Result<Self, Failure> {
        let postgres = postgres::look(host)?;
        let nats = nats::look(host)?;
        if postgres.is_none() || nats.is_none() {
            wheel::can_be_had()?;
        }
        let postgres_bin = postgres.map_or_else(|| postgres::fetch(host), Ok)?;
        let nats_server = nats.map_or_else(|| nats::fetch(host), Ok)?;
        println!("PostgreSQL: {}", postgres_bin.display());
        println!("NATS: {}", nats_server.display());
        Ok(Self { postgres_bin, nats_server })
    }
}

/// Whether the machine's own servers may be used.
fn system_allowed() -> bool {
    env::var_os("GONGXIN_NO_SYSTEM").is_none_or(|value| value.is_empty() || value == "0")
}

/// The folders of PATH.
fn path() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// A configured path, as seen from any folder.
fn absolute(configured: OsString) -> PathBuf {
    let configured = PathBuf::from(configured);
    std::path::absolute(&configured).unwrap_or(configured)
}

/// The numbers at the start of the first word that begins with a digit, e.g. `v2.10.4` → 2, 10.
fn version_of(said: &str) -> Option<(u32, u32)> {
    let number = said
        .split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let mut parts = number.split(|other: char| !other.is_ascii_digit()).map(str::parse);
    let major = parts.next()?.ok()?;
    Some((major, parts.next().and_then(Result::ok).unwrap_or(0)))
}

/// A port of the loopback that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|cause| Failure::because("no free port", cause))
}

/// Waits for a server that was just started; what it wrote to its log explains a failure.
fn until_ready(
    host: &Host,
    process: &mut Process,
    log: &Path,
    is_ready: impl Fn() -> bool,
) -> Result<(), Failure> {
    let deadline = Instant::now() + READY_WITHIN;
    while !is_ready() {
        let ended = process.ended();
        if ended.is_some() || Instant::now() > deadline {
            let how = ended.map_or("is not ready".to_owned(), |status| format!("ended ({status})"));
            let said = last_lines(log).unwrap_or_default();
            return Err(Failure::Refused(format!(
                "the server {how}, see {}\n{said}",
                log.display()
            )));
        }
        host.signals.pause(Duration::from_millis(20))?;
    }
    Ok(())
}

fn last_lines(log: &Path) -> IoResult<String> {
    let text = fs::read_to_string(log)?;
    let lines: Vec<_> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(5)..].join("\n"))
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn versions_are_read_as_the_servers_say_them() {
        assert_eq!(version_of("postgres (PostgreSQL) 15.14 (Debian 15.14-0)"), Some((15, 14)));
        assert_eq!(version_of("postgres (PostgreSQL) 18beta1"), Some((18, 0)));
        assert_eq!(version_of("nats-server: v2.10.29"), Some((2, 10)));
        assert_eq!(version_of("no number"), None);
    }
}
