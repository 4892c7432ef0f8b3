//! What the law engine refuses, one variant per thing the caller can do something about.

use jiff::civil::Date;

/// Why no rule was found or no due date was computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LawError {
    /// No rule has this id.
    #[error("no rule is called {0}")]
    UnknownRule(String),
    /// The rule has no version in force on the day of the act.
    #[error("no version of {rule} is in force on {on}")]
    NotInForce {
        /// The rule asked for.
        rule: String,
        /// The day of the act.
        on: Date,
    },
    /// No version of the rule came into force on the day that names it.
    #[error("{rule} has no version {version}")]
    UnknownVersion {
        /// The rule asked for.
        rule: String,
        /// The version asked for.
        version: String,
    },
    /// The act is due at once; elapsed time is measured, no date is computed.
    #[error("{0} is due at once and has no period")]
    NoPeriod(String),
    /// A period in hours needs the time of day it starts at.
    #[error("{0} runs in hours and needs the time it starts at")]
    StartNeedsTime(String),
    /// The rule knows no such extension.
    #[error("{rule} has no extension {extension}")]
    UnknownExtension {
        /// The rule.
        rule: String,
        /// The extension asked for.
        extension: String,
    },
    /// The extension was granted more often than the rule allows.
    #[error("extension {0} was granted too often")]
    ExtensionRepeated(String),
    /// The extension asks for another one before it.
    #[error("extension {extension} comes only after {after}")]
    ExtensionTooEarly {
        /// The extension asked for.
        extension: String,
        /// The one that must come first.
        after: String,
    },
    /// The extension passes what the law allows.
    #[error("extension {extension} passes its limit of {limit}")]
    ExtensionPastCap {
        /// The extension asked for.
        extension: String,
        /// The limit that was passed, in the unit of the extension.
        limit: u16,
    },
    /// The extension would add nothing.
    #[error("extension {0} does not lengthen the period")]
    ExtensionWithoutEffect(String),
    /// Nothing of this kind stops the period.
    #[error("{0} is not stopped by this ground")]
    PauseNotAllowed(String),
    /// A pause that ends before it begins, or begins before the period does.
    #[error("the pause from {from} to {to} is not possible")]
    ImpossiblePause {
        /// First day.
        from: Date,
        /// The day the period goes on.
        to: Date,
    },
    /// Two pauses share days, which would be counted twice.
    #[error("pauses overlap on {0}")]
    PausesOverlap(Date),
    /// Past the ends of the calendar the program knows.
    #[error("the date is out of range")]
    OutOfRange,
}
