//! `cargo xtask law`: due dates with their steps, the rules as a page, proofs of the data.

use std::process::Command;

use crate::failure::Failure;
use crate::host::Host;
use crate::process;
use crate::workspace;

/// Builds the program and hands it the rest of the line.
///
/// # Errors
/// Refused when it does not build; failed when there is no date, or the data are wrong.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let host = Host::look()?;
    let mut cargo = workspace::cargo(&host.root);
    cargo.args(["build", "--quiet", "--package", "gongxin-law-table", "--bin", "law"]);
    process::run(&host.signals, "build", &mut cargo)?;
    // In our own group and with our input: questions come as lines.
    let program = workspace::programs(false)?.join("law");
    let status = Command::new(&program).args(arguments).status();
    let status = status.map_err(|cause| Failure::because(program.display(), cause))?;
    if status.success() { Ok(()) } else { Err(Failure::Failed { what: "law", status }) }
}
