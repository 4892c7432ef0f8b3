//! Which days are working days, by the yearly notices of the State Council.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::basis::digest;

const BUILTIN: [&str; 16] = [
    include_str!("../calendar/2015-2.toml"),
    include_str!("../calendar/2015.toml"),
    include_str!("../calendar/2016.toml"),
    include_str!("../calendar/2017.toml"),
    include_str!("../calendar/2018-2.toml"),
    include_str!("../calendar/2018.toml"),
    include_str!("../calendar/2019-2.toml"),
    include_str!("../calendar/2019.toml"),
    include_str!("../calendar/2020-2.toml"),
    include_str!("../calendar/2020.toml"),
    include_str!("../calendar/2021.toml"),
    include_str!("../calendar/2022.toml"),
    include_str!("../calendar/2023.toml"),
    include_str!("../calendar/2024.toml"),
    include_str!("../calendar/2025.toml"),
    include_str!("../calendar/2026.toml"),
];

/// A calendar file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadCalendar {
    /// Not the form of a calendar file.
    #[error("a calendar file cannot be read")]
    Form(#[from] toml::de::Error),
    /// A table that contradicts itself.
    #[error("calendar of {year}: {problem}")]
    Year {
        /// The year of the table.
        year: i16,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// The days off and made-up working days of every year that has a notice.
#[derive(Clone, Debug)]
pub struct Calendar {
    years: BTreeMap<i16, YearTable>,
    published: Vec<Date>,
    digest: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearTable {
    year: i16,
    version: u16,
    notice: String,
    published: Date,
    off: Vec<Off>,
    work: Vec<Date>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Off {
    from: Date,
    to: Date,
    name: Text,
}

/// Why a day is or is not a working day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// What kind of day it is.
    pub kind: DayKind,
    /// The notice it rests on; none when the year has none and only weekends are known, so that
    /// everything computed from the day is assumed.
    pub notice: Option<String>,
}

/// What kind of day a day is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Monday to Friday.
    Workday,
    /// A Saturday or Sunday on which offices work in exchange for a day off.
    MadeUpWorkday,
    /// Saturday or Sunday.
    Weekend,
    /// Within the days off of this holiday.
    Holiday(Text),
}

impl Why {
    /// Whether offices work.
    pub fn is_working(&self) -> bool {
        matches!(self.kind, DayKind::Workday | DayKind::MadeUpWorkday)
    }

    /// Whether the year has no notice.
    pub fn assumed(&self) -> bool {
        self.notice.is_none()
    }

    /// In Chinese.
    pub fn render_zh(&self) -> String {
        let kind = match &self.kind {
            DayKind::Workday => "工作日",
            DayKind::MadeUpWorkday => "调休上班日",
            DayKind::Weekend => "休息日",
            DayKind::Holiday(name) => &name.zh,
        };
        let basis = self.notice.as_deref().unwrap_or("该年无放假通知，按周末推定");
        format!("{kind}（{basis}）")
    }

    /// In English.
    pub fn render_en(&self) -> String {
        let kind = match &self.kind {
            DayKind::Workday => "working day",
            DayKind::MadeUpWorkday => "made-up working day",
            DayKind::Weekend => "weekend",
            DayKind::Holiday(name) => &name.en,
        };
        let basis = self.notice.as_deref().unwrap_or("no notice for the year, weekends assumed");
        format!("{kind} ({basis})")
    }
}

impl Calendar {
    /// The calendar this build carries.
    pub fn builtin() -> &'static Self {
        static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
            Calendar::parse(&BUILTIN).expect("the calendar files of the build pass their test")
        });
        &CALENDAR
    }

    /// The calendar of this build as it could be known at the end of `day`: without the notices
    /// published later, so that a date computed then can be computed again.
    pub fn known_on(day: Date) -> Self {
        Self::read(&BUILTIN, |notice| notice.published <= day)
            .expect("the calendar files of the build pass their test")
    }

    /// Reads one file per notice; of several for one year the highest version counts, since a
    /// holiday can be changed after its notice was published.
    ///
    /// # Errors
    /// A file that has not the form, or contradicts itself or another one.
    pub fn parse(files: &[&str]) -> Result<Self, BadCalendar> {
        Self::read(files, |_| true)
    }

    /// The calendar of this build and notices that came out after it, one file each.
    ///
    /// # Errors
    /// As [`Calendar::parse`].
    pub fn with(notices: &[&str]) -> Result<Self, BadCalendar> {
        Self::parse(&[&BUILTIN, notices].concat())
    }

    fn read(files: &[&str], known: impl Fn(&YearTable) -> bool) -> Result<Self, BadCalendar> {
        let (mut years, mut published) = (BTreeMap::<i16, YearTable>::new(), Vec::new());
        let mut texts = Vec::new();
        for text in files {
            let notice: YearTable = toml::from_str(text)?;
            if !known(&notice) {
                continue;
            }
            published.push(notice.published);
            texts.push(*text);
            let year = notice.year;
            check(&notice).map_err(|problem| BadCalendar::Year { year, problem })?;
            match years.get(&year) {
                Some(other) if other.version == notice.version => {
                    return Err(BadCalendar::Year { year, problem: "two tables of one version" });
                }
                Some(other) if other.version > notice.version => {}
                _ => {
                    years.insert(year, notice);
                }
            }
        }
        Ok(Self { years, published, digest: digest(texts) })
    }

    /// Digest of the notices, in hexadecimal: two calendars that differ in anything differ here.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The version of each year's table, e.g. `2025.1 2026.1`; names what a date rests on.
    pub fn version(&self) -> String {
        let parts: Vec<String> =
            self.years.values().map(|n| format!("{}.{}", n.year, n.version)).collect();
        parts.join(" ")
    }

    /// The days on which a notice of this build was published, also of those that a later one
    /// replaced, in no order.
    pub fn published(&self) -> impl Iterator<Item = Date> {
        self.published.iter().copied()
    }

    /// The years that have a notice, with its number and the day it was published. A date in any
    /// other year is assumed.
    pub fn notices(&self) -> impl Iterator<Item = (i16, &str, Date)> {
        self.years.values().map(|table| (table.year, table.notice.as_str(), table.published))
    }

    /// Whether offices work on that day; in a year without a notice, whether it is a weekday.
    pub fn is_working(&self, day: Date) -> bool {
        self.why(day).is_working()
    }

    /// What kind of day it is and on what notice that rests.
    pub fn why(&self, day: Date) -> Why {
        let plain = if is_weekend(day) { DayKind::Weekend } else { DayKind::Workday };
        let Some(notice) = self.years.get(&day.year()) else {
            return Why { kind: plain, notice: None };
        };
        let off = notice.off.iter().find(|off| off.from <= day && day <= off.to);
        let kind = match off {
            Some(off) => DayKind::Holiday(off.name.clone()),
            None if notice.work.contains(&day) => DayKind::MadeUpWorkday,
            None => plain,
        };
        Why { kind, notice: Some(notice.notice.clone()) }
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn check(notice: &YearTable) -> Result<(), &'static str> {
    let of_year = |day: Date| day.year() == notice.year;
    let is_off = |day: Date| notice.off.iter().any(|off| off.from <= day && day <= off.to);
    if !notice.off.iter().all(|off| of_year(off.from) && of_year(off.to) && off.from <= off.to) {
        return Err("days off that run backwards or leave the year");
    }
    if !notice.off.is_sorted_by(|earlier, later| earlier.to < later.from) {
        return Err("days off that overlap or are out of order");
    }
    if !notice.work.iter().all(|day| of_year(*day) && is_weekend(*day) && !is_off(*day)) {
        return Err("a made-up working day must be a weekend day that is not off");
    }
    Ok(())
}
