//! `cargo xtask deploy`: what stands in deploy/, checked by its own tests with pinned tools.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;

use crate::failure::Failure;
use crate::host::Host;
use crate::process;
use crate::workspace;

/// What the tests need, as pip reads it.
const REQUIREMENTS: &str = "deploy/tests/requirements.txt";

/// Builds the programs and checks deploy/.
///
/// # Errors
/// `Failed` when something in deploy/ does not hold.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Failure> {
    if let Some(unknown) = arguments.into_iter().next() {
        return Err(Failure::Refused(format!("deploy takes no `{unknown}`")));
    }
    let host = Host::look()?;
    let mut build = workspace::cargo(&host.root);
    // The same choice of targets as for the tests, so that cargo finds everything fresh.
    build.args(["build", "--workspace", "--lib", "--bins", "--tests", "--examples"]);
    process::run(&host.signals, "build", &mut build)?;
    match tools(&host)? {
        Ok(tools) => check(&host, &tools),
        Err(_) => Ok(()),
    }
}

/// The folder of the pinned tools; or why they cannot be had, which is printed in one line and is no
/// failure of this checkout.
///
/// # Errors
/// `Interrupted` when somebody wants us to end.
pub(crate) fn tools(host: &Host) -> Result<Result<PathBuf, String>, Failure> {
    match fetched(host) {
        Ok(tools) => Ok(Ok(tools)),
        Err(Failure::Interrupted) => Err(Failure::Interrupted),
        Err(why) => {
            let left_out = format!("left out: {why}");
            println!("deploy: {left_out}");
            Ok(Err(left_out))
        }
    }
}

/// Checks deploy/ with these tools and with the programs that are built.
///
/// # Errors
/// `Failed` when something in deploy/ does not hold.
pub(crate) fn check(host: &Host, tools: &Path) -> Result<(), Failure> {
    let mut check = python();
    check
        .arg(host.root.join("deploy/tests/check.py"))
        .arg("--kubectl")
        .arg(tools.join("bin/kubectl"))
        .arg("--programs")
        .arg(workspace::programs(false)?)
        .env("PYTHONPATH", tools)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PATH", before_path(&tools.join("bin")));
    process::run(&host.signals, "deploy", &mut check)
}

/// The folder of the pinned tools, fetched unless an earlier run has done so.
fn fetched(host: &Host) -> Result<PathBuf, Failure> {
    let too_old = "needs python3, 3.11 or later, with pip; on Debian: apt install python3-pip";
    let asks = "import sys, pip; sys.exit(sys.version_info < (3, 11))";
    let mut asked = Command::new("python3");
    asked.args(["-c", asks]).stdout(Stdio::null()).stderr(Stdio::null());
    if !asked.status().is_ok_and(|status| status.success()) {
        return Err(Failure::Refused(too_old.to_owned()));
    }

    let pinned = host.root.join(REQUIREMENTS);
    let (tools, partial) =
        (host.state.join("deploy-tools"), host.state.join("deploy-tools.partial"));
    let trouble =
        |cause: io::Error| Failure::because(format_args!("in `{}`", host.state.display()), cause);
    let lock = File::create(tools.with_extension("lock")).map_err(trouble)?;
    lock.lock().map_err(trouble)?;
    let wanted = fs::read(&pinned).map_err(trouble)?;
    if fs::read(tools.join("requirements.txt")).is_ok_and(|there| there == wanted) {
        return Ok(tools);
    }

    println!("fetching the tools that check deploy/ …");
    for old in [&tools, &partial] {
        if old.exists() {
            fs::remove_dir_all(old).map_err(trouble)?;
        }
    }
    let mut install = python();
    install
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--root-user-action", "ignore", "--only-binary=:all:", "--require-hashes"])
        .arg("--requirement")
        .arg(&pinned)
        .arg("--target")
        .arg(&partial);
    process::run(&host.signals, "pip install of its pinned tools", &mut install)?;
    fs::write(partial.join("requirements.txt"), wanted).map_err(trouble)?;
    fs::rename(&partial, &tools).map_err(trouble)?;
    Ok(tools)
}

/// PATH with a folder in front.
fn before_path(folder: &Path) -> OsString {
    let mut path = folder.as_os_str().to_owned();
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    path
}

fn python() -> Command {
    process::bound(Path::new("python3"), None, Signal::SIGTERM)
}
