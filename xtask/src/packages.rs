//! Python packages for the clients in tests/strangers: pinned by hash, in a folder of their own.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;

use crate::failure::Failure;
use crate::host::Host;
use crate::process;

/// The requirements file, as pip reads it.
const PINS: &str = "tests/strangers/requirements.txt";

/// The folder with the packages, fetched unless an earlier run has done so; why there is none,
/// when this machine cannot have them.
///
/// # Errors
/// `Interrupted` when we are asked to end, refused when the folder cannot be written.
pub(crate) fn find(host: &Host) -> Result<Result<PathBuf, String>, Failure> {
    let trouble =
        |cause: io::Error| Failure::because("packages of clients that are not ours", cause);
    let pins = fs::read_to_string(host.root.join(PINS)).map_err(trouble)?;
    let Some(python) = python() else { return Ok(Err("they need python3 with pip".to_owned())) };

    let all = host.state.join("strangers");
    fs::create_dir_all(&all).map_err(trouble)?;
    let lock = File::create(all.join("lock")).map_err(trouble)?;
    lock.lock().map_err(trouble)?;
    let folder = all.join(name(&pins, &python));
    if folder.exists() {
        return Ok(Ok(folder));
    }

    println!("fetching the packages of {PINS} …");
    let partial = all.join("partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(trouble)?;
    }
    let mut install = process::bound(Path::new("python3"), None, Signal::SIGTERM);
    install
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--retries=2", "--timeout=20"])
        .args(["--no-deps", "--only-binary=:all:", "--require-hashes"])
        .arg("--requirement")
        .arg(host.root.join(PINS))
        .arg("--target")
        .arg(&partial)
        // An option that older ones do not know; in the environment they pass over it.
        .env("PIP_ROOT_USER_ACTION", "ignore");
    match process::run(&host.signals, "pip install", &mut install) {
        Ok(()) => {}
        Err(Failure::Interrupted) => return Err(Failure::Interrupted),
        Err(failure) => return Ok(Err(format!("their packages cannot be had: {failure}"))),
    }
    fs::rename(&partial, &folder).map_err(trouble)?;
    Ok(Ok(folder))
}

/// Which Python this machine has, if it has one that can fetch packages.
fn python() -> Option<String> {
    let asks = "import pip, sys, platform; print(sys.implementation.cache_tag, platform.machine())";
    let output = Command::new("python3").args(["-c", asks]).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.trim().to_owned())
}

/// Another list or another Python needs another folder.
fn name(pins: &str, python: &str) -> String {
    let mut digest = DefaultHasher::new();
    (pins, python).hash(&mut digest);
    format!("{:016x}", digest.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn every_package_is_pinned_by_version_and_hash() {
        let pins = fs::read_to_string(workspace::root().unwrap().join(PINS)).unwrap();
        let lines = pins.lines().filter(|line| !line.starts_with('#'));
        let (hashes, names): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with("    "));

        assert!(!names.is_empty() && hashes.len() >= names.len());
        assert!(names.iter().all(|name| name.contains("==") && name.ends_with(" \\")));
        assert!(hashes.iter().all(|hash| hash.starts_with("    --hash=sha256:")));
    }

    #[test]
    fn another_list_or_another_python_has_another_folder() {
        let names = [name("a==1", "cpython-311"), name("a==2", "cpython-311"), name("a==1", "x")];
        assert!(names[0] != names[1] && names[0] != names[2]);
        assert_eq!(names[0], name("a==1", "cpython-311"));
    }
}
