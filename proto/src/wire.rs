//! Between the nouns that all services share and the messages that carry them.

use gongxin_kernel as kernel;
use jiff::Timestamp;

use crate::common::v1::{Officer, Unit};

/// The years that the database and the calendar know: 1 to 9986.
const YEARS: std::ops::RangeInclusive<i64> = -62_000_000_000..=253_000_000_000;

impl From<&kernel::Unit> for Unit {
    fn from(unit: &kernel::Unit) -> Self {
        Self { code: unit.code.to_string(), name: unit.name.clone() }
    }
}

impl From<&kernel::Officer> for Officer {
    fn from(officer: &kernel::Officer) -> Self {
        Self {
            police_number: officer.police_number.clone(),
            name: officer.name.clone(),
            unit: Some((&officer.unit).into()),
        }
    }
}

/// An instant as messages carry it.
pub fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    let (seconds, nanos) = (at.as_second(), at.subsec_nanosecond());
    // Before 1970 jiff counts the fraction downwards and the message upwards.
    let (seconds, nanos) =
        if nanos < 0 { (seconds - 1, nanos + 1_000_000_000) } else { (seconds, nanos) };
    prost_types::Timestamp { seconds, nanos }
}

/// An instant out of a message, cut to the microseconds that the database keeps; nothing when the
/// message breaks the rules of its type or names a year that nobody means.
pub fn instant(value: prost_types::Timestamp) -> Option<Timestamp> {
    let nanos = u32::try_from(value.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    // The message counts its fraction upwards, so that cutting it never makes an instant later.
    let micros = nanos - nanos % 1000;
    let at = Timestamp::new(value.seconds, micros.cast_signed()).ok()?;
    YEARS.contains(&at.as_second()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_comes_back_to_the_microsecond_and_nonsense_does_not() {
        for text in
            ["2026-01-05T01:00:00.000001Z", "1969-12-31T23:59:59.25Z", "1954-06-01T00:00:00Z"]
        {
            let at: Timestamp = text.parse().unwrap();
            let mut sent = timestamp(at);
            assert!(sent.nanos >= 0, "{text}");
            sent.nanos += 999;
            assert_eq!(instant(sent), Some(at), "{text}");
        }
        for (seconds, nanos) in [(0, -1), (0, 1_000_000_000), (i64::MAX, 0), (i64::MIN, 0)] {
            assert_eq!(instant(prost_types::Timestamp { seconds, nanos }), None);
        }
    }
}
