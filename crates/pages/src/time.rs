//! Instants and periods as people in the bureau read them: Beijing time, and how much is left.

use askama::Template;
use jiff::{Timestamp, ZonedDateTime, tz};

use crate::{Tag, Text, Tone};

/// Beijing time has had no summer time since 1991, so it is an offset; no time zone data needed.
fn beijing(at: Timestamp) -> ZonedDateTime {
    at.to_zoned_datetime(tz::TimeZone::fixed(tz::offset(8)))
}

/// The instant in Beijing time to the minute, e.g. `2026-02-09 08:15`.
pub fn local_time(at: Timestamp) -> String {
    beijing(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The day in China as documents write it, e.g. `2026年2月9日`.
pub(crate) fn local_date(at: Timestamp) -> String {
    let day = beijing(at);
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// An instant that programs can read too.
#[derive(Clone, Copy, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ self.machine() }}">{{ self::local_time(*at) }}</time>"#
)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
}

impl Moment {
    fn machine(&self) -> String {
        beijing(self.at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self { at }
    }
}

/// How much of a period is left, or by how much it is overdue, in its two largest units.
///
/// A day is 24 hours here; which days count is the law's business and already in `due`.
pub fn remaining(now: Timestamp, due: Timestamp) -> Text {
    let seconds = due.as_second() - now.as_second();
    let (zh, en) = duration(seconds.unsigned_abs() / 60);
    if now <= due {
        Text::made(format!("还剩 {zh}"), format!("{en} left"))
    } else {
        Text::made(format!("已超期 {zh}"), format!("{en} overdue"))
    }
}

fn duration(minutes: u64) -> (String, String) {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => ("不到 1 分钟".to_owned(), "under 1 min".to_owned()),
        (0, 0, m) => (format!("{m} 分钟"), format!("{m} min")),
        (0, h, 0) => (format!("{h} 小时"), format!("{h} h")),
        (0, h, m) => (format!("{h} 小时 {m} 分钟"), format!("{h} h {m} min")),
        (d, 0, _) => (format!("{d} 天"), format!("{d} d")),
        (d, h, _) => (format!("{d} 天 {h} 小时"), format!("{d} d {h} h")),
    }
}

/// When something is due: the date, and what is left of the period as word and colour.
#[derive(Clone, Copy, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<span class="due">{{ Moment::from(*due) }} {{ self.tag() }}</span>"#
)]
pub struct Due {
    /// The current legal instant.
    pub now: Timestamp,
    /// When the period ends.
    pub due: Timestamp,
    /// From when on the period is to draw attention, if it has such a time.
    pub warn_at: Option<Timestamp>,
}

impl Due {
    fn tag(&self) -> Tag {
        let warned = self.warn_at.is_some_and(|at| at <= self.now);
        let tone = match (self.due < self.now, warned) {
            (true, _) => Tone::Danger,
            (false, true) => Tone::Warning,
            (false, false) => Tone::Neutral,
        };
        Tag { tone, word: remaining(self.now, self.due) }
    }
}

crate::html::component!(Moment, Due);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_instant_is_shown_in_beijing_time() {
        assert_eq!(local_time(at("2026-02-09T00:15:59Z")), "2026-02-09 08:15");
        assert_eq!(
            Moment::from(at("2026-02-08T16:00:00Z")).to_string(),
            "<time datetime=\"2026-02-09T00:00:00+08:00\">2026-02-09 00:00</time>"
        );
    }

    #[test]
    fn what_is_left_is_said_in_its_two_largest_units() {
        let due = at("2026-02-09T00:00:00Z");
        let cases = [
            ("2026-02-06T21:00:00Z", "还剩 2 天 3 小时", "2 d 3 h left"),
            ("2026-02-08T00:00:00Z", "还剩 1 天", "1 d left"),
            ("2026-02-08T20:40:00Z", "还剩 3 小时 20 分钟", "3 h 20 min left"),
            ("2026-02-08T23:35:00Z", "还剩 25 分钟", "25 min left"),
            ("2026-02-09T00:00:00Z", "还剩 不到 1 分钟", "under 1 min left"),
            ("2026-02-09T01:00:00Z", "已超期 1 小时", "1 h overdue"),
            ("2026-02-10T02:30:00Z", "已超期 1 天 2 小时", "1 d 2 h overdue"),
        ];
        for (now, zh, en) in cases {
            assert_eq!(remaining(at(now), due), Text::made(zh, en));
        }
    }

    #[test]
    fn the_colour_of_a_period_follows_its_words() {
        let due = at("2026-02-09T00:00:00Z");
        let warn_at = Some(at("2026-02-08T00:00:00Z"));
        let tone = |now| Due { now: at(now), due, warn_at }.tag().tone;
        assert_eq!(tone("2026-02-07T23:59:59Z"), Tone::Neutral);
        assert_eq!(tone("2026-02-08T00:00:00Z"), Tone::Warning);
        assert_eq!(tone("2026-02-09T00:00:01Z"), Tone::Danger);
    }
}
