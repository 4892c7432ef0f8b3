//! What is known of one period: its start, and what was granted, paused, restarted, named.

use std::num::NonZeroU16;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Count, LawError, PauseGround, RestartGround, first_instant, legal_day};

/// What a period starts from; as text an RFC 3339 time with its offset, or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, try_from = "String")]
pub enum Start {
    /// An instant; its day is taken in Asia/Shanghai.
    At(Timestamp),
    /// A day whose time is not known; no start for a period in hours.
    On(Date),
}

impl TryFrom<String> for Start {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at));
        }
        let day = text.len() == "2026-02-13".len();
        match text.parse::<Date>() {
            Ok(on) if day => Ok(Self::On(on)),
            _ => Err(format!("`{text}` is no RFC 3339 time with its offset and no date")),
        }
    }
}

impl From<Timestamp> for Start {
    fn from(at: Timestamp) -> Self {
        Self::At(at)
    }
}

impl From<Date> for Start {
    fn from(day: Date) -> Self {
        Self::On(day)
    }
}

impl Start {
    /// The day in Asia/Shanghai.
    pub fn day(self) -> Date {
        match self {
            Self::At(at) => legal_day(at),
            Self::On(day) => day,
        }
    }

    pub(crate) fn instant(self) -> Result<Timestamp, LawError> {
        match self {
            Self::At(at) => Ok(at),
            Self::On(day) => first_instant(day),
        }
    }

    /// Whether this is before `other`, by the time where both have one, else by the day.
    pub(crate) fn precedes(self, other: Self) -> bool {
        match (self, other) {
            (Self::At(at), Self::At(other)) => at < other,
            _ => self.day() < other.day(),
        }
    }
}

/// An extension that was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Name of the extension in the rule.
    pub extension: String,
    /// The total or the addition granted, when less than the rule allows; else all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<u16>,
}

impl Grant {
    /// All that the extension allows.
    pub fn full(extension: impl Into<String>) -> Self {
        Self { extension: extension.into(), amount: None }
    }

    /// The total reached, or the number added, by what the extension's amount is.
    pub fn of(extension: impl Into<String>, amount: u16) -> Self {
        Self { extension: extension.into(), amount: Some(amount) }
    }
}

/// A time that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The day it begins; this day still counts.
    pub from: Date,
    /// The day it ends; the period goes on the day after.
    pub to: Date,
    /// Why.
    pub ground: PauseGround,
}

/// A fact upon which the period begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restart {
    /// When.
    pub at: Start,
    /// Why.
    pub ground: RestartGround,
}

/// The period that the paper of the case names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The number.
    pub number: NonZeroU16,
    /// How it is counted, where the rule leaves that to the paper too.
    pub count: Option<Count>,
}

/// What is known of one period beside its start; kept with it as JSON, without what is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Granted extensions in the order they were made, those since the last restart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Grant>,
    /// Pauses in any order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Restarts in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub restarts: Vec<Restart>,
    /// Days on the road (PER-06).
    #[serde(skip_serializing_if = "is_zero")]
    pub travel_days: u16,
    /// What the paper of the case says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named: Option<Named>,
    /// The day whose law counts for rules that others refer to; the day of the start unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Date>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn is_zero(number: &u16) -> bool {
    *number == 0
}
