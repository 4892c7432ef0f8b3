//! `cargo xtask chaos`: the long tier of the fault harness.

use crate::failure::Failure;
use crate::host::Host;
use crate::process;
use crate::servers::{Nats, Servers};
use crate::workspace;

/// Builds the suite and runs one seed after the other, each on servers of its own.
///
/// # Errors
/// Refused when an option is none; failed when an invariant does not hold.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let (mut minutes, mut seed, mut seeds) = (60, 1, u64::from(u32::MAX));
    let mut words = arguments.into_iter();
    while let Some(word) = words.next() {
        let value = words.next().and_then(|value| value.parse().ok());
        let value = value.ok_or_else(|| Failure::Refused(format!("{word} needs a number")))?;
        match word.as_str() {
            "--minutes" => minutes = value,
            "--seed" => seed = value,
            "--seeds" => seeds = value,
            _ => return Err(Failure::Refused(format!("chaos takes no `{word}`"))),
        }
    }
    let host = Host::look()?;
    let servers = Servers::find(&host)?;
    let mut cargo = workspace::cargo(&host.root);
    // The same choice of targets as for the tests, so that cargo finds everything fresh.
    cargo.args(["build", "--workspace", "--lib", "--bins", "--tests", "--examples"]);
    process::run(&host.signals, "build", &mut cargo)?;

    let slot = host.claim("chaos")?;
    let state = slot.folder.join("state");
    host.private_folder(&state)?;
    // A county under fire has its own bus; every world asks for the common one before it is told.
    let nats = Nats::start(&host, &servers.nats_server, &slot.folder.join("nats"))?;
    let programs = workspace::programs(false)?;
    let mut chaos =
        process::bound(&programs.join("chaos"), None, nix::sys::signal::Signal::SIGTERM);
    chaos
        .args([seed, seeds, minutes].map(|number| number.to_string()))
        .env("GONGXIN_TEST_POSTGRES_BIN", &servers.postgres_bin)
        .env("GONGXIN_TEST_NATS", &nats.url)
        .env("GONGXIN_TEST_NATS_SERVER", &servers.nats_server)
        .env("GONGXIN_TEST_STATE", &state)
        .env("GONGXIN_BIN_DIR", &programs)
        .envs(host.server_user().map(|user| ("GONGXIN_TEST_SERVER_USER", user)));
    let outcome = process::run(&host.signals, "chaos", &mut chaos);
    drop(nats);
    if outcome.is_ok() {
        slot.clear();
    } else {
        println!("histories, logs and settings stay in {}", slot.folder.display());
    }
    outcome
}
