//! What a clue says when it is opened, and what is wrong with what people write.

use gongxin_law::identifiers::CaseNumber;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Conduct, Source, Unit};

const PROSE: usize = 4_000;
const SHORT: usize = 200;

/// A clue as somebody brings it: a matter, no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClue {
    /// Channel.
    pub source: Source,
    /// Class of the conduct.
    pub conduct: Conduct,
    /// The case, when there is one.
    pub case_number: Option<CaseNumber>,
    /// The unit concerned.
    pub unit: Unit,
    /// What happened.
    pub facts: String,
    /// When; picks the version of the clauses.
    pub occurred_at: Timestamp,
    /// The finding or report that it comes from.
    pub origin: Option<Uuid>,
}

impl NewClue {
    /// # Errors
    /// Every field at fault.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<FieldError>> {
        let mut errors = check_prose("facts", &self.facts).err().unwrap_or_default();
        errors.extend(check_short("unit.name", &self.unit.name).err().unwrap_or_default());
        if self.occurred_at > now {
            errors.push(FieldError { field: "occurred_at", problem: Problem::InFuture });
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Empty.
    Required,
    /// Set where it may not be.
    NotWanted,
    /// Longer than allowed.
    TooLong,
    /// Contains characters that no text has.
    Unprintable,
    /// After now.
    InFuture,
    /// Before what it answers.
    TooEarly,
    /// Twice, or more of them than may be.
    Repeated,
    /// Not in the catalogue of that day.
    UnknownClause,
    /// Graver than what was appealed against.
    Graver,
}

impl Problem {
    /// For the person who filled in the form.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Required => "必须填写",
            Self::NotWanted => "此处不得填写",
            Self::TooLong => "超过规定长度",
            Self::Unprintable => "含有不可显示的字符",
            Self::InFuture => "不得晚于现在",
            Self::TooEarly => "早于所依据的事项",
            Self::Repeated => "重复或者超过规定数量",
            Self::UnknownClause => "行为发生时没有此条款",
            Self::Graver => "不得因申诉加重责任",
        }
    }
}

/// One field at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field in the contract.
    pub field: &'static str,
    /// What is wrong.
    pub problem: Problem,
}

/// Checks a text of at most 4,000 characters that must be there.
///
/// # Errors
/// The field.
pub fn check_prose(field: &'static str, text: &str) -> Result<(), Vec<FieldError>> {
    check(field, text, PROSE)
}

/// Checks a line of at most 200 characters that must be there.
///
/// # Errors
/// The field.
pub fn check_short(field: &'static str, text: &str) -> Result<(), Vec<FieldError>> {
    check(field, text, SHORT)
}

fn check(field: &'static str, text: &str, most: usize) -> Result<(), Vec<FieldError>> {
    let problem = if text.trim().is_empty() {
        Problem::Required
    } else if text.chars().count() > most {
        Problem::TooLong
    } else if text.chars().any(|c| c.is_control() && c != '\n') {
        Problem::Unprintable
    } else {
        return Ok(());
    };
    Err(vec![FieldError { field, problem }])
}
