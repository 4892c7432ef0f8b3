//! One statutory period or duty in one version, as its row in `rules/` says.

use std::fmt;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::{Approver, PauseGround, RestartGround};

/// The same words for a Chinese and an English reader.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A statutory period or duty: what starts it, how long it runs, what follows when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the rule files")]
pub struct Rule {
    /// Stable dotted name, shared by all versions.
    pub id: String,
    /// The row of the fact base the rule comes from, e.g. `REV-07`.
    pub fact: String,
    /// Which of several periods of the row this is; none for the main one.
    pub part: Option<String>,
    /// The kind of procedure it belongs to.
    pub procedure: Procedure,
    /// What the rule is called.
    pub title: Text,
    /// The act the period starts from, or the event it is counted back from.
    pub starts: Text,
    /// The number; its unit is in `count`. Zero exactly when the row has no period of its own.
    #[serde(default)]
    pub period: u16,
    /// How the number is counted.
    #[serde(default = "of_others")]
    pub count: Count,
    /// Days added to a period in months: one and a half months is one month and fifteen days.
    #[serde(default)]
    pub plus_days: u16,
    /// How a number that the paper names is counted; where absent, the paper says that too.
    pub unit: Option<Count>,
    /// The day of the year on which an annual duty is due.
    pub annual: Option<MonthDay>,
    /// The code of the fact base's row, where a reading or a correction counts it otherwise.
    pub row_code: Option<Count>,
    /// Counted back from the event.
    #[serde(default)]
    pub backward: bool,
    /// Whether the end is a limit, a minimum, or opens a window.
    #[serde(default)]
    pub bound: Bound,
    /// The paper of the case may name the period.
    #[serde(default)]
    pub paper_sets: bool,
    /// A person is held while the period runs, so no holiday ever moves its end (PER-03).
    #[serde(default)]
    pub custody: bool,
    /// The rulebook also has this period as `<id>.held`, for a person in custody.
    #[serde(default)]
    pub also_held: bool,
    /// The time that a person has to act: a bureau may give more, never less.
    #[serde(default)]
    pub right: bool,
    /// A measure against a person or property: at most so long, so never moved by a holiday.
    #[serde(default)]
    pub measure: bool,
    /// How long before the end to warn; a choice of the house. Present for a limit that runs forward.
    pub warn_before: Option<Lead>,
    /// What stops the period; nothing else does (PER-16).
    #[serde(default)]
    pub pauses: Vec<PauseGround>,
    /// What makes the period begin anew (PER-17).
    #[serde(default)]
    pub restarts: Vec<RestartGround>,
    /// No period of its own: the latest end of these rules.
    #[serde(default)]
    pub later_of: Vec<String>,
    /// No period of its own: the earliest end of these rules.
    #[serde(default)]
    pub earlier_of: Vec<String>,
    /// What follows when the period ends unused.
    pub consequence: Text,
    /// Papers owed, by their Chinese names.
    pub documents: Vec<String>,
    /// Where it is written; never empty.
    pub source: Vec<Source>,
    /// First day in force.
    pub from: Date,
    /// Last day in force; none while it is.
    pub to: Option<Date>,
    /// How well the row was checked.
    pub confidence: Confidence,
    /// Present when a bureau may set another value; none where the law leaves no choice.
    pub parameter: Option<Parameter>,
    /// The ways to lengthen it.
    #[serde(default, rename = "extension")]
    pub extensions: Vec<Extension>,
}

fn of_others() -> Count {
    Count::OfOthers
}

impl Rule {
    /// The version's stable name: the day it came into force, as `YYYY-MM-DD`.
    pub fn version(&self) -> String {
        self.from.to_string()
    }

    /// Whether this is the variant for a person held of a rule that has one.
    pub fn is_variant(&self) -> bool {
        self.also_held && self.custody
    }

    /// The period in calendar days, as papers say it; none where it is counted in another way.
    pub fn calendar_days(&self) -> Option<u16> {
        (self.count == Count::Days).then_some(self.period)
    }

    /// Whether the version governs acts of that day.
    pub fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }

    /// The key under which a bureau sets another period; none where it may not.
    pub fn parameter_key(&self) -> Option<&str> {
        let parameter = self.parameter.as_ref()?;
        Some(parameter.key.as_deref().unwrap_or(&self.id))
    }

    /// The most that the rule itself and a total of its extensions allow, in its unit.
    pub fn most(&self) -> u16 {
        let totals = self.extensions.iter().filter_map(|extension| match extension.amount {
            Amount::Total(total) => Some(total),
            Amount::Plus(_) | Amount::PlusDays(_) => None,
        });
        totals.fold(self.period, u16::max)
    }

    /// The extension of that name.
    pub fn extension(&self, name: &str) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.name == name)
    }
}

/// A kind of procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Procedure {
    /// Criminal, from the report to the execution of the judgment.
    Criminal,
    /// Administrative cases of the police.
    Administrative,
    /// Road traffic accidents and violations.
    Traffic,
    /// Administrative reconsideration.
    Reconsideration,
    /// Administrative litigation.
    Litigation,
    /// State compensation.
    Compensation,
    /// Petitions.
    Petition,
    /// Applications for, and publication of, government information.
    Information,
    /// Discipline and liability of officers.
    Discipline,
    /// Supervision of enforcement, inside and from outside.
    Supervision,
    /// A rule of the bureau itself.
    House,
}

/// What the end of a period means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The act is due by the end.
    #[default]
    AtMost,
    /// A minimum: nothing may be done before the end.
    AtLeast,
    /// Counted back: the act belongs between the day found and the event.
    Window,
}

/// That, and why, a bureau may set another value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The key in the settings; the id of the rule unless named.
    pub key: Option<String>,
    /// Why the value is not certain or not national.
    pub reason: String,
}

/// A day of the year, written `01-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// That day of `year`; 29 February is the 28th in a year without one.
    pub fn of(self, year: i16) -> Date {
        let first = date(year, self.month, 1);
        date(year, self.month, self.day.min(first.days_in_month()))
    }
}

impl TryFrom<String> for MonthDay {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let leap: Date = format!("2000-{text}").parse().map_err(|_| "annual is MM-DD")?;
        Ok(Self { month: leap.month(), day: leap.day() })
    }
}

/// A counting code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Count {
    /// At once.
    #[serde(rename = "imm")]
    Immediate,
    /// A standing duty or prohibition without a clock.
    #[serde(rename = "duty")]
    Duty,
    /// The paper of the case names the period.
    #[serde(rename = "set")]
    Set,
    /// The end of other rules counts.
    #[serde(rename = "of others", skip_deserializing)]
    OfOthers,
    /// Minutes; the one in which the period begins is not counted.
    #[serde(rename = "min")]
    Minutes,
    /// Hours; the one in which the period begins is not counted.
    #[serde(rename = "H")]
    Hours,
    /// Hours tied to liberty, from the exact minute.
    #[serde(rename = "H!")]
    HoursOfLiberty,
    /// Calendar days, moved off a non-working last day.
    #[serde(rename = "D")]
    Days,
    /// Calendar days of custody, never moved.
    #[serde(rename = "D!")]
    DaysOfCustody,
    /// Working days.
    #[serde(rename = "WD")]
    WorkingDays,
    /// Months to the same day.
    #[serde(rename = "M")]
    Months,
    /// Months of custody, never moved.
    #[serde(rename = "M!")]
    MonthsOfCustody,
    /// Years to the same day.
    #[serde(rename = "Y")]
    Years,
    /// A fixed day of each year.
    #[serde(rename = "annual")]
    Annual,
}

impl Count {
    /// The unit counted; none where no number is.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Self::Immediate | Self::Duty | Self::Set | Self::OfOthers | Self::Annual => None,
            Self::Minutes => Some(Unit::Minute),
            Self::Hours | Self::HoursOfLiberty => Some(Unit::Hour),
            Self::Days | Self::DaysOfCustody => Some(Unit::Day),
            Self::WorkingDays => Some(Unit::WorkingDay),
            Self::Months | Self::MonthsOfCustody => Some(Unit::Month),
            Self::Years => Some(Unit::Year),
        }
    }

    /// The same code for a person in custody.
    #[must_use]
    pub fn held(self) -> Self {
        match self {
            Self::Hours => Self::HoursOfLiberty,
            Self::Days => Self::DaysOfCustody,
            Self::Months => Self::MonthsOfCustody,
            other => other,
        }
    }

    /// Whether the code carries `!`: tied to liberty, never moved.
    pub fn is_strict(self) -> bool {
        matches!(self, Self::HoursOfLiberty | Self::DaysOfCustody | Self::MonthsOfCustody)
    }
}

/// What a period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Calendar days.
    Day,
    /// Days on which offices work.
    WorkingDay,
    /// Months by the same-day rule.
    Month,
    /// Years by the same-day rule.
    Year,
}

impl Unit {
    /// Its name in answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::WorkingDay => "working_day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Whether it is shorter than a day, so that a period in it ends on an instant.
    pub fn is_short(self) -> bool {
        matches!(self, Self::Minute | Self::Hour)
    }
}

/// One way to lengthen a period.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Name, unique in the rule.
    pub name: String,
    /// The row of the fact base, where it has its own.
    pub fact: Option<String>,
    /// How far it goes.
    pub amount: Amount,
    /// What the whole period may reach with it, in the unit of the rule.
    pub cap: Option<u16>,
    /// Who grants it.
    pub approver: Approver,
    /// When it may be granted.
    pub ground: Text,
    /// The extension that must have been granted before.
    pub after: Option<String>,
    /// How often it may be granted.
    #[serde(default = "once")]
    pub times: u16,
    /// How many days before the end it must be asked for, where the law says so.
    pub ask_before_days: Option<u16>,
    /// Papers owed, by their Chinese names.
    #[serde(default)]
    pub documents: Vec<String>,
}

fn once() -> u16 {
    1
}

/// How far an extension goes; less may be granted, never more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// The whole period reaches this, in the unit of the rule.
    Total(u16),
    /// This is added, in the unit of the rule.
    Plus(u16),
    /// This many calendar days are added to a period in months or years.
    PlusDays(u16),
}

/// How long before the end a warning is due; written `30m`, `2h` or `3d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Lead {
    /// So many minutes before the last instant.
    Minutes(u16),
    /// So many hours before the last instant.
    Hours(u16),
    /// At the start of the day so many days before the last day, which is not counted.
    Days(u16),
}

impl TryFrom<String> for Lead {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const FORM: &str = "warn_before is a number and m, h or d";
        let number = |digits: &str| digits.parse().map_err(|_| FORM);
        if let Some(minutes) = text.strip_suffix('m') {
            return number(minutes).map(Self::Minutes);
        }
        if let Some(hours) = text.strip_suffix('h') {
            return number(hours).map(Self::Hours);
        }
        number(text.strip_suffix('d').ok_or(FORM)?).map(Self::Days)
    }
}

/// Where a rule is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Chinese title of the instrument.
    pub instrument: String,
    /// Article, in the numbering of the edition.
    pub article: String,
    /// Year of the edition, where there are several.
    pub edition: Option<String>,
}

impl fmt::Display for Source {
    /// As a Chinese reader cites it, e.g. 《刑事诉讼法》（2018年）第91条.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "《{}》", self.instrument)?;
        if let Some(year) = &self.edition {
            write!(f, "（{year}年）")?;
        }
        f.write_str(&self.article)
    }
}

/// How well a row was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Confidence {
    /// Against the text.
    #[serde(rename = "V")]
    Text,
    /// Against an excerpt or a quotation.
    #[serde(rename = "V*")]
    Excerpt,
    /// From memory, sure.
    #[serde(rename = "M-high")]
    MemoryHigh,
    /// From memory, fairly sure.
    #[serde(rename = "M-med")]
    MemoryMedium,
    /// From memory, unsure: only ever a parameter.
    #[serde(rename = "M-low")]
    MemoryLow,
    /// Inferred; a legal officer confirms.
    #[serde(rename = "INF")]
    Inference,
}
