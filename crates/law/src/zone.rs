//! Days and instants in the one legal zone.
//!
//! Asia/Shanghai has stood at UTC+8 without summer time since 1991-09-15, before any rule here
//! came into force, so the fixed offset gives the same answer and asks no zone database.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Span, Timestamp};

use crate::LawError;

const SHANGHAI: Offset = Offset::constant(8);

/// The day an instant falls on in Asia/Shanghai.
pub fn legal_day(at: Timestamp) -> Date {
    SHANGHAI.to_datetime(at).date()
}

/// Midnight with which `day` begins in Asia/Shanghai.
///
/// # Errors
/// [`LawError::OutOfRange`] at the ends of the calendar the program knows.
pub fn first_instant(day: Date) -> Result<Timestamp, LawError> {
    SHANGHAI.to_timestamp(day.at(0, 0, 0, 0)).map_err(|_| LawError::OutOfRange)
}

/// 23:59:59.999999 of `day` in Asia/Shanghai: the last instant the database can tell from the
/// midnight that follows.
///
/// # Errors
/// [`LawError::OutOfRange`] at the ends of the calendar the program knows.
pub fn last_instant(day: Date) -> Result<Timestamp, LawError> {
    SHANGHAI.to_timestamp(day.at(23, 59, 59, 999_999_000)).map_err(|_| LawError::OutOfRange)
}

/// The instant as RFC 3339 in the time of Asia/Shanghai, cut to the second, as people there read
/// it: 2026-01-05T08:00:00+08:00.
pub fn legal_text(at: Timestamp) -> String {
    SHANGHAI.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

/// The instant as RFC 3339 at +08:00, to the microsecond where there is a fraction of a second.
pub(crate) fn exact_text(at: Timestamp) -> String {
    SHANGHAI.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S%.f+08:00").to_string()
}

/// The instant as `YYYY-MM-DD HH:MM` in Asia/Shanghai, for explanations.
pub(crate) fn minute_text(at: Timestamp) -> String {
    SHANGHAI.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `minutes` after `at`; negative counts back.
pub(crate) fn minutes_after(at: Timestamp, minutes: i64) -> Result<Timestamp, LawError> {
    at.checked_add(SignedDuration::from_mins(minutes)).map_err(|_| LawError::OutOfRange)
}

/// `days` after `day`; negative counts back.
pub(crate) fn days_after(day: Date, days: i64) -> Result<Date, LawError> {
    day.checked_add(Span::new().try_days(days).map_err(|_| LawError::OutOfRange)?)
        .map_err(|_| LawError::OutOfRange)
}

/// The same day `months` later (PER-04): from the last day of a month to the last day of that
/// month; where the day does not exist, the last one that does.
pub(crate) fn months_after(day: Date, months: i64) -> Result<Date, LawError> {
    let later = same_day_after(day, months)?;
    Ok(if day == day.last_of_month() { later.last_of_month() } else { later })
}

/// The same day `months` later, or the last one that exists, also from the last day of a month.
pub(crate) fn same_day_after(day: Date, months: i64) -> Result<Date, LawError> {
    day.checked_add(Span::new().try_months(months).map_err(|_| LawError::OutOfRange)?)
        .map_err(|_| LawError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;

    fn count_2025(differs: impl Fn(Date) -> bool) -> usize {
        date(2025, 1, 1).series(Span::new().days(1)).take(365).filter(|day| differs(*day)).count()
    }

    #[test]
    fn the_fixed_offset_is_asia_shanghai_on_every_day_a_rule_can_reach() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        for day in date(2000, 1, 1).series(Span::new().days(1)).take(366 * 60) {
            let midnight = first_instant(day).unwrap();

            assert_eq!(midnight, zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap());
            assert_eq!(legal_day(midnight), day);
            assert_eq!(legal_day(last_instant(day).unwrap()), day);
        }
    }

    #[test]
    fn months_end_on_the_same_day_or_the_last_one_there_is() {
        for (start, months, end) in [
            (date(2026, 1, 31), 2, date(2026, 3, 31)),
            (date(2025, 12, 31), 2, date(2026, 2, 28)),
            (date(2025, 12, 30), 2, date(2026, 2, 28)),
            (date(2026, 2, 28), 3, date(2026, 5, 31)),
            (date(2026, 1, 15), 1, date(2026, 2, 15)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2023, 2, 28), 12, date(2024, 2, 29)),
        ] {
            assert_eq!(months_after(start, months).unwrap(), end, "{start} + {months} months");
        }
    }

    #[test]
    fn one_sum_differs_from_a_chain_of_month_ends_on_four_and_on_ten_days_of_2025() {
        let chain = |day, parts: &[i64]| {
            parts.iter().fold(day, |end, months| months_after(end, *months).unwrap())
        };

        let short = count_2025(|day| months_after(day, 3).unwrap() != chain(day, &[2, 1]));
        let long = count_2025(|day| months_after(day, 7).unwrap() != chain(day, &[2, 1, 2, 2]));

        assert_eq!((short, long), (4, 10));
    }

    #[test]
    fn a_month_and_a_half_is_not_forty_five_days_on_244_days_of_2025() {
        let differs = |day| {
            days_after(months_after(day, 1).unwrap(), 15).unwrap() != days_after(day, 45).unwrap()
        };

        assert_eq!(count_2025(differs), 244);
    }
}
