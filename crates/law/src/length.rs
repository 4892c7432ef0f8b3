//! How long a period is, with what was granted beyond it.

use crate::{Amount, Extension, Grant, LawError};

/// A whole period: a number in the unit of the rule, and days added to months or years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Length {
    /// In the unit of the rule.
    pub(crate) number: i64,
    /// Added to months or years.
    pub(crate) days: i64,
}

/// Whether this extension may be granted after the `earlier` ones.
pub(crate) fn check_turn(extension: &Extension, earlier: &[Grant]) -> Result<(), LawError> {
    let granted = |name: &str| earlier.iter().filter(|grant| grant.extension == name).count();
    match &extension.after {
        Some(after) if granted(after) == 0 => Err(LawError::ExtensionTooEarly {
            extension: extension.name.clone(),
            after: after.clone(),
        }),
        _ if granted(&extension.name) >= usize::from(extension.times) => {
            Err(LawError::ExtensionRepeated(extension.name.clone()))
        }
        _ => Ok(()),
    }
}

/// The length with one grant more.
pub(crate) fn add(
    extension: &Extension,
    amount: Option<u16>,
    before: Length,
) -> Result<Length, LawError> {
    let past = |limit| LawError::ExtensionPastCap { extension: extension.name.clone(), limit };
    let within = |limit: u16| match amount.unwrap_or(limit) {
        granted if granted <= limit => Ok(i64::from(granted)),
        _ => Err(past(limit)),
    };
    let length = match extension.amount {
        Amount::Total(total) => Length { number: within(total)?, days: 0 },
        Amount::Plus(more) => Length { number: before.number + within(more)?, ..before },
        Amount::PlusDays(days) => Length { days: before.days + within(days)?, ..before },
    };
    match extension.cap {
        Some(limit) if length > (Length { number: i64::from(limit), days: 0 }) => Err(past(limit)),
        _ => Ok(length),
    }
}
