//! What the first officer writes down, and what must be true of it.

use gongxin_law::identifiers::CallNumber;
use jiff::Timestamp;

use crate::{Nature, Person, Refusal, ReportId, Reporter, Source, Unit};

pub(crate) const FACTS: usize = 4000;
const PLACE: usize = 200;
const CHARGE: usize = 100;
pub(crate) const NAME: usize = 100;
const ITEMS: usize = 50;
const ITEM: usize = 200;

/// A report as the first officer heard it, each identifier parsed, nothing else checked yet.
#[derive(Clone, PartialEq, Eq)]
pub struct NewReport {
    /// Where it comes from.
    pub source: Source,
    /// Call number (接警编号); exactly for [`Source::Police110`].
    pub call_number: Option<CallNumber>,
    /// When it was told to the police.
    pub told_at: Timestamp,
    /// When it happened, if known.
    pub occurred_at: Option<Timestamp>,
    /// Where it happened; may be empty.
    pub place: String,
    /// Facts in the reporter's words.
    pub facts: String,
    /// Who told it; none when nobody is known.
    pub reporter: Option<Reporter>,
    /// The unit that handles it.
    pub unit: Unit,
    /// What kind of matter it is taken to be.
    pub nature: Nature,
    /// Charge (罪名) or cause; required for a criminal matter, only where a case is opened.
    pub charge: Option<String>,
    /// Evidence handed in, one line an item.
    pub evidence: Vec<String>,
    /// Suspects as far as known.
    pub suspects: Vec<Person>,
    /// The earlier report; exactly for [`Nature::Repeat`].
    pub repeat_of: Option<ReportId>,
    /// What the reporter was told; required where no case is opened (RF24-8, PCR 175).
    pub told: Option<String>,
}

impl std::fmt::Debug for NewReport {
    /// Leaves out every text that may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewReport")
            .field("source", &self.source)
            .field("told_at", &self.told_at)
            .field("unit", &self.unit)
            .field("nature", &self.nature)
            .finish_non_exhaustive()
    }
}

/// One field at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Path of the field in the request, e.g. `reporter.person.name`.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a field; never the value, which may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Empty where a value is needed.
    Required,
    /// Set where it has no meaning.
    NotWanted,
    /// Later than now.
    InFuture,
    /// Later than the report was told.
    AfterTold,
    /// Earlier than the decision.
    BeforeDecision,
    /// Earlier than the notice was served.
    BeforeService,
    /// An officer named where another is needed.
    SameOfficer,
    /// More than so many characters.
    TooLong(usize),
    /// More than so many items.
    TooMany(usize),
    /// A time at which no version of the rule was in force.
    NoRule,
    /// A control character in a text.
    ControlCharacter,
    /// A report with which no case was accepted.
    NoCase,
}

impl Problem {
    /// In Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Required => "必须填写".to_owned(),
            Self::NotWanted => "此处不应填写".to_owned(),
            Self::InFuture => "不能晚于当前时间".to_owned(),
            Self::AfterTold => "不能晚于接报时间".to_owned(),
            Self::BeforeDecision => "不能早于作出决定的时间".to_owned(),
            Self::BeforeService => "不能早于通知书送达的时间".to_owned(),
            Self::SameOfficer => "不能与作出决定的民警为同一人".to_owned(),
            Self::TooLong(most) => format!("不能超过{most}字"),
            Self::TooMany(most) => format!("不能超过{most}项"),
            Self::NoRule => "该时间没有可适用的期限规定".to_owned(),
            Self::ControlCharacter => "含有控制字符".to_owned(),
            Self::NoCase => "只能关联已经受理案件的接报案；其余应当另行登记".to_owned(),
        }
    }

    /// In English.
    pub fn en(self) -> String {
        match self {
            Self::Required => "is required".to_owned(),
            Self::NotWanted => "has no meaning here".to_owned(),
            Self::InFuture => "is in the future".to_owned(),
            Self::AfterTold => "is later than the report was told".to_owned(),
            Self::BeforeDecision => "is earlier than the decision".to_owned(),
            Self::BeforeService => "is earlier than the notice was served".to_owned(),
            Self::SameOfficer => "is the officer who decides".to_owned(),
            Self::TooLong(most) => format!("has more than {most} characters"),
            Self::TooMany(most) => format!("has more than {most} items"),
            Self::NoRule => "is a time for which no rule gives a period".to_owned(),
            Self::ControlCharacter => "has a control character".to_owned(),
            Self::NoCase => {
                "is a report without a case; register this one by its nature".to_owned()
            }
        }
    }
}

impl NewReport {
    /// Checks the content as of `now`. Whether the unit is of the caller's bureau is the
    /// caller's to check.
    ///
    /// # Errors
    /// Every field at fault, in the order of the request.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<FieldError>> {
        let mut found = Findings::default();
        found.presence(
            "call_number",
            self.call_number.is_some(),
            Some(self.source == Source::Police110),
        );
        found.when(self.told_at > now, "told_at", Problem::InFuture);
        let after_told = self.occurred_at.is_some_and(|at| at > self.told_at);
        found.when(after_told, "occurred_at", Problem::AfterTold);
        found.line("place", &self.place, PLACE);
        found.prose("facts", &self.facts, FACTS);
        if let Some(reporter) = &self.reporter {
            found.required_line("reporter.person.name", &reporter.person.name, NAME);
        }
        found.required_line("unit.name", &self.unit.name, NAME);
        let charge_wanted = match self.nature {
            Nature::Criminal => Some(true),
            Nature::Administrative => None,
            Nature::NotPolice | Nature::Repeat => Some(false),
        };
        found.presence("charge", self.charge.is_some(), charge_wanted);
        if let Some(charge) = &self.charge {
            found.required_line("charge", charge, CHARGE);
        }
        found.when(self.evidence.len() > ITEMS, "evidence", Problem::TooMany(ITEMS));
        for item in &self.evidence {
            found.required_line("evidence", item, ITEM);
        }
        found.when(self.suspects.len() > ITEMS, "suspects", Problem::TooMany(ITEMS));
        for suspect in &self.suspects {
            found.required_line("suspects.name", &suspect.name, NAME);
        }
        let repeats = self.nature == Nature::Repeat;
        found.presence("repeat_of", self.repeat_of.is_some(), Some(repeats));
        let told_wanted = (!self.nature.opens_case()).then_some(true);
        found.presence("told", self.told.is_some(), told_wanted);
        if let Some(told) = &self.told {
            found.prose("told", told, FACTS);
        }
        found.end()
    }
}

/// The field errors of one prose field, such as the ground of a decision.
pub(crate) fn check_prose(field: &'static str, text: &str) -> Result<(), Vec<FieldError>> {
    let mut found = Findings::default();
    found.prose(field, text, FACTS);
    found.end()
}

/// The field errors of one line that is required, such as a name.
pub(crate) fn check_line(field: &'static str, text: &str) -> Result<(), Refusal> {
    let mut found = Findings::default();
    found.required_line(field, text, NAME);
    found.end().map_err(Refusal::Invalid)
}

/// The fields at fault so far.
#[derive(Default)]
pub(crate) struct Findings(Vec<FieldError>);

impl Findings {
    /// Notes a finding once a field and problem, however many items share it.
    pub(crate) fn when(&mut self, wrong: bool, field: &'static str, problem: Problem) {
        let finding = FieldError { field, problem };
        if wrong && !self.0.contains(&finding) {
            self.0.push(finding);
        }
    }

    /// `wanted` is none where the field may be set or not.
    pub(crate) fn presence(&mut self, field: &'static str, set: bool, wanted: Option<bool>) {
        self.when(wanted == Some(true) && !set, field, Problem::Required);
        self.when(wanted == Some(false) && set, field, Problem::NotWanted);
    }

    pub(crate) fn line(&mut self, field: &'static str, text: &str, most: usize) {
        self.when(text.chars().count() > most, field, Problem::TooLong(most));
        self.when(text.chars().any(char::is_control), field, Problem::ControlCharacter);
    }

    pub(crate) fn required_line(&mut self, field: &'static str, text: &str, most: usize) {
        self.when(text.trim().is_empty(), field, Problem::Required);
        self.line(field, text, most);
    }

    /// Text of several lines.
    pub(crate) fn prose(&mut self, field: &'static str, text: &str, most: usize) {
        let is_foreign = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        self.when(text.trim().is_empty(), field, Problem::Required);
        self.when(text.chars().count() > most, field, Problem::TooLong(most));
        self.when(text.chars().any(is_foreign), field, Problem::ControlCharacter);
    }

    /// # Errors
    /// Every field at fault, if there is one.
    pub(crate) fn end(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
