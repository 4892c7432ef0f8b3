//! `cargo xtask test`: the whole truth about this checkout, with the time each part took.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::deploy;
use crate::failure::Failure;
use crate::host::Host;
use crate::packages;
use crate::process::{self, Signals};
use crate::servers::{Nats, Postgres, Servers};
use crate::workspace;

/// The data of a test run is worth nothing, so nothing waits for the disk.
const FORGETFUL: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("max_connections", "500"),
];

/// What every test has in its name that needs a browser and its driver.
const IN_A_BROWSER: &str = "_in_a_browser::";

/// What every test has in its name that runs a Python program with packages of others.
const BY_A_STRANGER: &str = "_by_a_stranger";

/// Builds all, starts the servers, runs `cargo test` with the given arguments, then the lints.
///
/// # Errors
/// The first part that fails ends the run.
pub(crate) fn run(mut arguments: Vec<String>) -> Result<(), Failure> {
    let own_flag = arguments.iter().position(|argument| argument == "--no-lint");
    if let Some(position) = own_flag {
        arguments.remove(position);
    }
    let lint = own_flag.is_none();

    let mut parts = Parts::default();
    let outcome = all(&mut parts, &arguments, lint);
    parts.print();
    outcome
}

/// Runs the house rules only; they are tests of this package.
///
/// # Errors
/// `Failed` when a rule is broken.
pub(crate) fn tidy(arguments: Vec<String>) -> Result<(), Failure> {
    let signals = Signals::take()?;
    let mut cargo = workspace::cargo(&workspace::root()?);
    cargo.args(["test", "--quiet", "--package", "xtask", "tidy::"]).args(arguments);
    process::run(&signals, "tidy", &mut cargo)
}

fn all(parts: &mut Parts, arguments: &[String], lint: bool) -> Result<(), Failure> {
    let host = Host::look()?;
    let cargo = |arguments: &[&str]| {
        let mut command = workspace::cargo(&host.root);
        command.args(arguments);
        command
    };
    let run = |what, command: &mut Command| process::run(&host.signals, what, command);

    let servers = parts.time("find servers", || Servers::find(&host))?;
    let mut left_out = Vec::new();
    if !["chromium", "chromedriver"].into_iter().all(answers) {
        let how = "left out: they need chromium and chromedriver, see the README";
        parts.note("browser tests", how);
        println!("browser tests: {how}");
        left_out.push(IN_A_BROWSER);
    }
    let packages = match packages::find(&host)? {
        Ok(folder) => Some(folder),
        Err(why) => {
            let how = format!("left out: {why}");
            parts.note("strangers", &how);
            println!("tests with clients of strangers: {how}");
            left_out.push(BY_A_STRANGER);
            None
        }
    };

    // One build for the tests and for the programs they start: naming test targets makes cargo
    // choose the same features for both, and `cargo test` finds everything fresh.
    parts.time("build", || {
        let targets = ["build", "--workspace", "--lib", "--bins", "--tests", "--examples"];
        run("build", &mut cargo(&targets))
    })?;

    parts.time("test", || {
        let slot = host.claim("test")?;
        let bin = &servers.postgres_bin;
        let postgres = Postgres::start(&host, bin, &slot.folder.join("postgres"), FORGETFUL)?;
        let nats = Nats::start(&host, &servers.nats_server, &slot.folder.join("nats"))?;
        let state = slot.folder.join("state");
        host.private_folder(&state)?;

        let mut tests = cargo(&["test"]);
        let names_packages =
            arguments.iter().take_while(|argument| *argument != "--").any(|word| {
                word == "--package" || word.starts_with("--package=") || word.starts_with("-p")
            });
        if !names_packages {
            tests.arg("--workspace");
        }
        tests.args(arguments);
        if !left_out.is_empty() && !arguments.iter().any(|argument| argument == "--") {
            tests.arg("--");
        }
        tests.args(left_out.iter().flat_map(|name| ["--skip", *name]));
        tests.envs(packages.iter().map(|folder| ("GONGXIN_TEST_PYTHON_PACKAGES", folder)));
        tests
            .env("GONGXIN_TEST_POSTGRES", &postgres.url)
            .env("GONGXIN_TEST_POSTGRES_BIN", bin)
            .env("GONGXIN_TEST_NATS", &nats.url)
            .env("GONGXIN_TEST_NATS_SERVER", &servers.nats_server)
            .env("GONGXIN_TEST_STATE", &state)
            .env("GONGXIN_BIN_DIR", workspace::programs(false)?)
            .envs(host.server_user().map(|user| ("GONGXIN_TEST_SERVER_USER", user)));
        run("test", &mut tests)?;

        drop((postgres, nats));
        slot.clear();
        Ok(())
    })?;

    if lint {
        match deploy::tools(&host)? {
            Ok(tools) => parts.time("deploy", || deploy::check(&host, &tools))?,
            Err(left_out) => parts.note("deploy", &left_out),
        }
        lint_with(parts, "fmt", &mut cargo(&["fmt", "--all", "--check"]), &host)?;
        let deny = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
        lint_with(parts, "clippy", &mut cargo(&deny), &host)?;
    }
    Ok(())
}

/// Whether this program can be run here.
fn answers(program: &str) -> bool {
    let mut asks = Command::new(program);
    let asks = asks.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    asks.status().is_ok_and(|status| status.success())
}

/// A minimal toolchain lacks the lints; that is said, and is no failure of this checkout.
fn lint_with(
    parts: &mut Parts,
    name: &'static str,
    command: &mut Command,
    host: &Host,
) -> Result<(), Failure> {
    let mut asks = workspace::cargo(&host.root);
    let is_there = asks.args([name, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if !is_there.status().is_ok_and(|status| status.success()) {
        parts.note(name, "not run: this toolchain has no such component");
        return Ok(());
    }
    parts.time(name, || process::run(&host.signals, name, command))
}

/// The parts of a run, in order, with what became of them.
#[derive(Default)]
struct Parts(Vec<(&'static str, String)>);

impl Parts {
    fn time<T>(
        &mut self,
        name: &'static str,
        part: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let begun = Instant::now();
        let outcome = part();
        let became = if outcome.is_ok() { "ok" } else { "FAILED" };
        self.note(name, &format!("{} {became}", seconds(begun.elapsed())));
        outcome
    }

    fn note(&mut self, name: &'static str, became: &str) {
        self.0.push((name, became.to_owned()));
    }

    fn print(&self) {
        println!();
        for (name, became) in &self.0 {
            println!("{name:>14} {became}");
        }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:7.1} s", time.as_secs_f64())
}
