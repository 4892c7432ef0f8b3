//! `gongxinctl init`: prepares a deployment of the suite on one machine.
//!
//! Makes the database with its roles and schemas, the keys of services, logs and organs, and one
//! settings file for each service. Migrations are run by the services themselves (`--migrate`).

mod arguments;
mod database;
mod keys;
mod settings;

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;

use anyhow::Context as _;
use gongxin_kernel::ManualClock;

use arguments::Arguments;

pub(crate) use arguments::USAGE;

/// Prepares what the words of the command line say.
pub(crate) async fn run(words: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let arguments = Arguments::parse(words).context(USAGE)?;
    let folder = &arguments.folder;
    for part in ["", "keys", "settings"] {
        let path = folder.join(part);
        if !path.is_dir() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(&path);
            made.with_context(|| format!("cannot make {}", path.display()))?;
        }
    }
    if let Some(at) = arguments.clock {
        let clock = folder.join("clock");
        if !clock.exists() {
            ManualClock::set(clock, at).context("the manual clock cannot be set")?;
        }
    }
    let password = keys::password()?;
    fs::write(folder.join("keys/database"), &password)?;
    database::prepare(&arguments, &password).await?;
    keys::make(&arguments)?;
    settings::write(&arguments)?;
    println!("gongxinctl: deployment prepared in {}", folder.display());
    Ok(())
}
