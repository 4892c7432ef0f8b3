//! The checkout this program works on, and `cargo` within it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;

use crate::failure::Failure;
use crate::process;

/// The root of the checkout: the nearest folder above that holds the lock file and this package.
///
/// # Errors
/// Refused outside a checkout.
pub(crate) fn root() -> Result<PathBuf, Failure> {
    let here = env::current_dir().map_err(|cause| Failure::because("no current folder", cause))?;
    here.ancestors()
        .find(|folder| folder.join("Cargo.lock").exists() && folder.join("xtask").is_dir())
        .map(Path::to_path_buf)
        .ok_or_else(|| Failure::Refused("run this inside the checkout".to_owned()))
}

/// `cargo` at the root of the checkout, as a child that ends with us.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = process::bound(Path::new(&program), None, Signal::SIGTERM);
    command.current_dir(root);
    // `cargo run` tells us about our own package; the cargo we start must not take it for its own.
    for (name, _) in env::vars_os() {
        let about_us = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if about_us {
            command.env_remove(name);
        }
    }
    command
}

/// Where cargo puts the programs it builds, `optimised` or not: this very program is one of them.
///
/// # Errors
/// Refused when the kernel does not say where this program lies.
pub(crate) fn programs(optimised: bool) -> Result<PathBuf, Failure> {
    let own = env::current_exe()
        .map_err(|cause| Failure::because("cannot tell where the built programs are", cause))?;
    let here = own.parent().expect("a program lies in a folder");
    Ok(if optimised { here.with_file_name("release") } else { here.to_path_buf() })
}
