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
    /// The row is a way to lengthen another rule, which is the one to ask.
    #[error("{asked} is no rule of its own: ask {rule} with the extension {extension}")]
    IsExtension {
        /// The row asked for.
        asked: String,
        /// The rule that it lengthens.
        rule: String,
        /// Its name there.
        extension: String,
    },
    /// The act is due at once, or a duty without a clock; no date is computed.
    #[error("{0} has no period: it is due at once, or always")]
    NoPeriod(String),
    /// The paper of the case has to name the period.
    #[error("the period of {0} is named by the paper of the case, and none was given")]
    PeriodNotSet(String),
    /// A period was given for a rule that has its own.
    #[error("the period of {0} is fixed by the rule")]
    PeriodFixed(String),
    /// The paper names more than the rule allows for custody or a measure.
    #[error("the period of {rule} is at most {limit}, whatever the paper says")]
    PeriodPastCap {
        /// The rule.
        rule: String,
        /// The most it allows, in its unit.
        limit: u16,
    },
    /// Nothing of this kind, or not at this time, makes the period begin anew.
    #[error("{0} does not begin anew by this")]
    RestartNotAllowed(String),
    /// Days on the road do not prolong the period.
    #[error("{0} is not prolonged by days on the road")]
    TravelNotAllowed(String),
    /// The date would rest on a year without a notice of days off, and the bureau takes none.
    #[error("{0} ends in a year whose days off are not known")]
    NoCalendar(String),
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

impl LawError {
    /// Stable name for programs.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::UnknownRule(_) | Self::IsExtension { .. } => "UNKNOWN_RULE",
            Self::NotInForce { .. } => "NOT_IN_FORCE",
            Self::UnknownVersion { .. } => "UNKNOWN_VERSION",
            Self::NoPeriod(_) => "NO_PERIOD",
            Self::PeriodNotSet(_) => "PERIOD_NOT_SET",
            Self::PeriodFixed(_) => "PERIOD_FIXED",
            Self::PeriodPastCap { .. } => "PERIOD_PAST_CAP",
            Self::RestartNotAllowed(_) => "RESTART_NOT_ALLOWED",
            Self::TravelNotAllowed(_) => "TRAVEL_NOT_ALLOWED",
            Self::NoCalendar(_) => "NO_CALENDAR",
            Self::StartNeedsTime(_) => "START_NEEDS_TIME",
            Self::UnknownExtension { .. } => "UNKNOWN_EXTENSION",
            Self::ExtensionRepeated(_) => "EXTENSION_REPEATED",
            Self::ExtensionTooEarly { .. } => "EXTENSION_TOO_EARLY",
            Self::ExtensionPastCap { .. } => "EXTENSION_PAST_CAP",
            Self::ExtensionWithoutEffect(_) => "EXTENSION_WITHOUT_EFFECT",
            Self::PauseNotAllowed(_) => "PAUSE_NOT_ALLOWED",
            Self::ImpossiblePause { .. } => "IMPOSSIBLE_PAUSE",
            Self::PausesOverlap(_) => "PAUSES_OVERLAP",
            Self::OutOfRange => "OUT_OF_RANGE",
        }
    }

    /// The field of a [question](crate::question::Question) that is wrong.
    pub fn field(&self) -> &'static str {
        match self {
            Self::UnknownRule(_) | Self::IsExtension { .. } | Self::NoPeriod(_) => "rule",
            Self::NotInForce { .. } => "act",
            Self::UnknownVersion { .. } => "version",
            Self::PeriodNotSet(_) | Self::PeriodFixed(_) | Self::PeriodPastCap { .. } => "period",
            Self::RestartNotAllowed(_) => "restarts",
            Self::TravelNotAllowed(_) => "travel_days",
            Self::NoCalendar(_) | Self::StartNeedsTime(_) | Self::OutOfRange => "start",
            Self::UnknownExtension { .. }
            | Self::ExtensionRepeated(_)
            | Self::ExtensionTooEarly { .. }
            | Self::ExtensionPastCap { .. }
            | Self::ExtensionWithoutEffect(_) => "extensions",
            Self::PauseNotAllowed(_) | Self::ImpossiblePause { .. } | Self::PausesOverlap(_) => {
                "pauses"
            }
        }
    }
}
