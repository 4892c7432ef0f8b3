//! One question about a date, and its answer, as outside programs ask and read it.
//!
//! The form is documented in `docs/formats/periods.md`.

use std::num::NonZeroU16;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::explain::Step;
use crate::zone::exact_text;
use crate::{
    Count, Due, Facts, Grant, Law, LawError, Named, Pause, Readings, Restart, Rule, Start,
};

/// What an outside program asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Id of a rule, or a row of the fact base, with its part after a colon.
    pub rule: String,
    /// What the period starts from.
    pub start: Start,
    /// The day whose law counts; the day of the start unless given.
    #[serde(default)]
    pub act: Option<Date>,
    /// The held variant of the rule.
    #[serde(default)]
    pub in_custody: bool,
    /// The number that the paper of the case names.
    #[serde(default)]
    pub period: Option<NonZeroU16>,
    /// How that number is counted, for a rule that leaves it to the paper.
    #[serde(default)]
    pub unit: Option<Count>,
    /// Granted extensions in order.
    #[serde(default)]
    pub extensions: Vec<Granted>,
    /// Times that do not count.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// Facts upon which the period began anew, in order.
    #[serde(default)]
    pub restarts: Vec<Restart>,
    /// Days on the road.
    #[serde(default)]
    pub travel_days: u16,
    /// Names of readings other than the default ones, each true or false.
    #[serde(default)]
    pub readings: std::collections::BTreeMap<String, bool>,
}

/// A granted extension: its name, or its name and how much was granted.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Granted {
    /// All that it allows.
    Full(String),
    /// So much.
    Of(Amounted),
}

/// An extension with the total or the addition granted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounted {
    /// Its name in the rule.
    pub name: String,
    /// The total or the addition; all that it allows unless given.
    pub amount: Option<u16>,
}

/// The date and how it was found.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// Id of the rule.
    pub rule: String,
    /// The row of the fact base.
    pub fact: String,
    /// Its part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Version of the rule.
    pub version: String,
    /// Tables of days off the answer may rest on.
    pub calendar: String,
    /// The last instant, at +08:00.
    pub due: String,
    /// The last day; none for hours and minutes.
    pub last_day: Option<Date>,
    /// When to warn, at +08:00.
    pub warn_at: String,
    /// Rests on a year without a notice of days off.
    pub assumed: bool,
    /// Each step as data.
    pub steps: Vec<Step>,
    /// Each step as a Chinese line.
    pub zh: Vec<String>,
    /// Each step as an English line.
    pub en: Vec<String>,
}

/// Why there is no date.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// Stable reason, e.g. `UNKNOWN_RULE`.
    pub reason: &'static str,
    /// The field of the question.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
}

impl From<LawError> for Refusal {
    fn from(error: LawError) -> Self {
        Self { reason: error.reason(), field: error.field(), message: error.to_string() }
    }
}

impl Question {
    /// Finds the rule and computes its end by the law of a bureau, with the readings of the question
    /// added.
    ///
    /// # Errors
    /// [`Refusal`] with the reason of the [`LawError`]; `BAD_QUESTION` for an unknown reading.
    pub fn due<'a>(&self, law: &Law<'a>) -> Result<(&'a Rule, Due), Refusal> {
        let readings = self.readings(law.readings)?;
        let law = Law { readings, ..*law };
        let act = self.act.unwrap_or(self.start.day());
        let rule = law.rules.find(&self.rule, act, self.in_custody)?;
        let facts = self.facts(act);
        // A unit alone names nothing.
        let fixed = !matches!(rule.count, Count::Set | Count::Immediate | Count::Duty);
        if self.unit.is_some() && self.period.is_none() && fixed {
            return Err(LawError::PeriodFixed(rule.id.clone()).into());
        }
        Ok((rule, law.due(rule, self.start, &facts)?))
    }

    /// The same as an answer in the form of `docs/formats/periods.md`.
    ///
    /// # Errors
    /// As [`Question::due`].
    pub fn ask(&self, law: &Law<'_>) -> Result<Answer, Refusal> {
        let (rule, due) = self.due(law)?;
        Ok(Answer {
            rule: rule.id.clone(),
            fact: rule.fact.clone(),
            part: rule.part.clone(),
            version: rule.version(),
            calendar: law.calendar.version(),
            due: exact_text(due.at),
            last_day: due.last_day,
            warn_at: exact_text(due.warn_at),
            assumed: due.assumed,
            zh: due.render_zh(),
            en: due.render_en(),
            steps: due.steps,
        })
    }

    fn readings(&self, set: Readings) -> Result<Readings, Refusal> {
        let mut all: Vec<_> =
            crate::Reading::ALL.iter().copied().filter(|reading| set.has(*reading)).collect();
        for (name, on) in &self.readings {
            let known = crate::Reading::ALL.iter().find(|reading| reading.key() == name);
            let Some(reading) = known else {
                let message = format!("there is no reading {name}");
                return Err(Refusal { reason: "BAD_QUESTION", field: "readings", message });
            };
            all.retain(|other| other != reading);
            all.extend(on.then_some(*reading));
        }
        Ok(all.into_iter().collect())
    }

    fn facts(&self, act: Date) -> Facts {
        let named = match (self.period, self.unit) {
            (Some(number), count) => Some(Named { number, count }),
            (None, _) => None,
        };
        let grant = |granted: &Granted| match granted {
            Granted::Full(name) => Grant::full(name),
            Granted::Of(Amounted { name, amount }) => {
                Grant { extension: name.clone(), amount: *amount }
            }
        };
        Facts {
            extensions: self.extensions.iter().map(grant).collect(),
            pauses: self.pauses.clone(),
            restarts: self.restarts.clone(),
            travel_days: self.travel_days,
            named,
            act: Some(act),
        }
    }
}
