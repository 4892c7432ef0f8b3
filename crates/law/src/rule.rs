//! One statutory period in one version, as its row in `rules/` says.

use jiff::civil::Date;
use serde::Deserialize;

/// The same words for a Chinese and an English reader.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A statutory period: what starts it, how long it runs, what follows when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable dotted name, shared by all versions.
    pub id: String,
    /// The row of the fact base the rule comes from, e.g. `REV-07`.
    pub fact: String,
    /// What the rule is called.
    pub title: Text,
    /// The act the period starts from.
    pub starts: Text,
    /// The number; its unit is in `count`. Zero exactly when the act is due at once.
    #[serde(default)]
    pub period: u16,
    /// How the number is counted.
    pub count: Count,
    /// A person is held while the period runs, so no holiday ever moves its end (PER-03).
    #[serde(default)]
    pub custody: bool,
    /// The rulebook also has this period as `<id>.held`, for a person in custody.
    #[serde(default)]
    pub also_held: bool,
    /// A measure against a person or property: at most so long, so never moved by a holiday.
    #[serde(default)]
    pub measure: bool,
    /// How long before the end to warn; a choice of the house. Absent when due at once.
    pub warn_before: Option<Lead>,
    /// What stops the period; nothing else does (PER-16).
    #[serde(default)]
    pub pauses: Vec<PauseGround>,
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
    /// Why a bureau may need another value; none where the law leaves no choice.
    pub parameter: Option<String>,
    /// The ways to lengthen it.
    #[serde(default, rename = "extension")]
    pub extensions: Vec<Extension>,
}

impl Rule {
    /// The version's stable name: the day it came into force, as `YYYY-MM-DD`.
    pub fn version(&self) -> String {
        self.from.to_string()
    }

    /// The period in calendar days, as papers say it; none where it is counted in another way.
    pub fn calendar_days(&self) -> Option<u16> {
        (self.count == Count::Days).then_some(self.period)
    }

    /// Whether the version governs acts of that day.
    pub fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }

    /// The extension of that name.
    pub fn extension(&self, name: &str) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.name == name)
    }
}

/// A counting code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Count {
    /// At once.
    #[serde(rename = "imm")]
    Immediate,
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
}

impl Count {
    /// The unit counted; none when due at once.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Self::Immediate => None,
            Self::Hours | Self::HoursOfLiberty => Some(Unit::Hour),
            Self::Days | Self::DaysOfCustody => Some(Unit::Day),
            Self::WorkingDays => Some(Unit::WorkingDay),
            Self::Months | Self::MonthsOfCustody => Some(Unit::Month),
            Self::Years => Some(Unit::Year),
        }
    }

    /// Whether the code carries `!`: tied to liberty, never moved.
    pub fn is_strict(self) -> bool {
        matches!(self, Self::HoursOfLiberty | Self::DaysOfCustody | Self::MonthsOfCustody)
    }
}

/// What a period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
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

/// The rank that grants an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// The instrument names no rank.
    NoneNamed,
    /// Head of the handling department.
    HandlingDepartmentHead,
    /// Duty head of the county bureau.
    DutyHead,
    /// Head of a police organ of county level or above.
    CountyHead,
    /// Head of a police organ of city level.
    CityHead,
    /// Head of the police organ one level up.
    SuperiorHead,
    /// The procuratorate that handles the case.
    Procuratorate,
    /// The procuratorate one level up.
    SuperiorProcuratorate,
    /// The procuratorate of the province.
    ProvincialProcuratorate,
}

impl Approver {
    /// The rank as a Chinese reader knows it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::NoneNamed => "未规定",
            Self::HandlingDepartmentHead => "办案部门负责人",
            Self::DutyHead => "县级公安机关值班负责人",
            Self::CountyHead => "县级以上公安机关负责人",
            Self::CityHead => "地市级公安机关负责人",
            Self::SuperiorHead => "上一级公安机关负责人",
            Self::Procuratorate => "人民检察院",
            Self::SuperiorProcuratorate => "上一级人民检察院",
            Self::ProvincialProcuratorate => "省级人民检察院",
        }
    }

    /// The rank in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::NoneNamed => "no rank named",
            Self::HandlingDepartmentHead => "head of the handling department",
            Self::DutyHead => "duty head of the county bureau",
            Self::CountyHead => "head of a county-level or higher bureau",
            Self::CityHead => "head of a city-level bureau",
            Self::SuperiorHead => "head of the police organ one level up",
            Self::Procuratorate => "procuratorate",
            Self::SuperiorProcuratorate => "procuratorate one level up",
            Self::ProvincialProcuratorate => "provincial procuratorate",
        }
    }
}

/// What may stop a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseGround {
    /// Psychiatric identification of the suspect; the only one in criminal periods.
    PsychiatricIdentification,
}

impl PauseGround {
    /// The ground as a Chinese reader knows it.
    pub fn zh(self) -> &'static str {
        match self {
            Self::PsychiatricIdentification => "精神病鉴定",
        }
    }

    /// The ground in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::PsychiatricIdentification => "psychiatric identification",
        }
    }
}

/// How long before the end a warning is due; written `2h` or `3d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Lead {
    /// So many hours before the last instant.
    Hours(u16),
    /// At the start of the day so many days before the last day, which is not counted.
    Days(u16),
}

impl TryFrom<String> for Lead {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const FORM: &str = "warn_before is a number and h or d";
        let number = |digits: &str| digits.parse().map_err(|_| FORM);
        if let Some(hours) = text.strip_suffix('h') {
            return number(hours).map(Self::Hours);
        }
        number(text.strip_suffix('d').ok_or(FORM)?).map(Self::Days)
    }
}

/// Where a rule is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Chinese title of the instrument.
    pub instrument: String,
    /// Article, in the numbering of the edition.
    pub article: String,
    /// Year of the edition, where there are several.
    pub edition: Option<String>,
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
