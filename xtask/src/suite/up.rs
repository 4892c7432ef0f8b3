//! `cargo xtask up`: the suite with demo staff, in the time of this machine, until Ctrl-C.

use crate::failure::Failure;
use crate::host::Host;
use crate::suite::{Plan, Suite};

/// # Errors
/// Refused when a step of the start fails or a program of the suite ends by itself.
pub(crate) fn run(arguments: Vec<String>) -> Result<(), Failure> {
    if let Some(unknown) = arguments.into_iter().next() {
        return Err(Failure::Refused(format!("up takes no `{unknown}`")));
    }
    let host = Host::look()?;
    let mut suite = Suite::start(&host, host.claim("up")?, Plan::default())?;
    suite.print_links(false);
    suite.wait(&host)?;
    suite.clear();
    Ok(())
}
