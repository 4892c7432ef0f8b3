//! `gongxinctl`, the operator's tool: prepares a deployment, traces a case, shows cursors,
//! deadlines and quarantine, and verifies the log against the rows.

mod cursors;
mod deadlines;
mod deployment;
mod init;
mod output;
mod quarantine;
mod trace_case;
mod verify;
mod words;

use std::process::ExitCode;

use deployment::Deployment;
use output::Output;
use words::Words;

const USAGE: &str = "usage: gongxinctl COMMAND --settings DIR [--json]
  trace-case NUMBER      the way of a case, by report number, case number or id;
                         the first missing hop is marked
  quarantine list        messages set aside, of every service [--service NAME] [--all]
  quarantine show   --service NAME --source LOG --sequence N
                         headers and reason of one; never what it says
  quarantine replay --service NAME --source LOG --sequence N [--reason TEXT]
                         applies it with those parked behind it
  quarantine resolve --service NAME --source LOG --sequence N --reason TEXT
                         closes it unapplied, for ever, for this reason
  cursors                every log, what was relayed, where each follower stands
  deadlines              what is due next and what is overdue [--service NAME] [--limit N]
  verify                 the log against the rows [--service NAME] [--log-keys FILE]
  init                   prepares a deployment; `gongxinctl init` alone tells how

  --settings DIR   folder with NAME.toml of each service, as `init` writes them
  --json           one JSON object a line
  replay and resolve go through the service: they need a token of the identity provider, in the
  file of --token-file or in GONGXIN_TOKEN, of somebody who may resolve quarantine.

exit codes: 0 all is well, 1 something is wrong or was refused, 2 wrong usage or not reachable";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("gongxinctl: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Carries out the command line; tells whether all is well.
async fn run() -> anyhow::Result<bool> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    if ["help", "--help", "-h"].contains(&&*command) {
        println!("{USAGE}");
        return Ok(true);
    }
    if command == "init" {
        return init::run(arguments).await.map(|()| true);
    }
    let mut words = Words::read(arguments)?;
    let output = Output { json: words.flag("--json") };
    match command.as_str() {
        "trace-case" => {
            let number = words.positional().ok_or_else(|| usage("trace-case needs a number"))?;
            let deployment = Deployment::open(&mut words)?;
            words.end()?;
            trace_case::run(&deployment, output, &number).await
        }
        "quarantine" => {
            let what = words.positional().ok_or_else(|| usage("quarantine needs a command"))?;
            quarantine::run(words, output, &what).await
        }
        "cursors" => {
            let deployment = Deployment::open(&mut words)?;
            words.end()?;
            cursors::run(&deployment, output).await
        }
        "deadlines" => deadlines::run(words, output).await,
        "verify" => verify::run(words, output).await,
        _ => Err(usage("there is no such command")),
    }
}

/// An error that tells how the program is used.
fn usage(what: &str) -> anyhow::Error {
    anyhow::anyhow!("{what}\n{USAGE}")
}
