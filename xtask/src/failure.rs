//! Why a command ends without success, and with which exit code.

use std::fmt;
use std::process::{ExitCode, ExitStatus};

/// The end of a command that did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It could not go on; the sentence says why and, where it can, what helps.
    Refused(String),
    /// A program that was run ended badly and has said why itself.
    Failed {
        /// What was run, in a word.
        what: &'static str,
        /// How it ended.
        status: ExitStatus,
    },
    /// Ctrl-C, or somebody asked the process to end.
    Interrupted,
}

impl Failure {
    /// A refusal with its technical cause.
    pub(crate) fn because(what: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Refused(format!("{what}: {cause}"))
    }

    /// The exit code by the shell's habits: 130 for an interrupt, the program's own, else 1.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Refused(_) => ExitCode::FAILURE,
            Self::Failed { status, .. } => {
                let code = status.code().and_then(|code| u8::try_from(code).ok());
                ExitCode::from(code.unwrap_or(1))
            }
            Self::Interrupted => ExitCode::from(130),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => f.write_str(why),
            Self::Failed { what, status } => write!(f, "{what} failed ({status})"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}
