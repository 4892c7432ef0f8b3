//! A legal period as the report keeps it, with the steps by which its end was found.

use gongxin_law::{Facts, Grant, LawError, Rule, legal_day};

pub use gongxin_law::Law;
use jiff::Timestamp;

/// A period that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Rule id, e.g. `intake.filing_review.criminal`.
    pub rule: String,
    /// Version of the rule, picked by the day of the act.
    pub rule_version: String,
    /// The act it is counted from.
    pub started_at: Timestamp,
    /// The last instant that is still in time.
    pub due_at: Timestamp,
    /// When to warn.
    pub warn_at: Timestamp,
    /// It rests on a year without a notice of days off.
    pub assumed: bool,
    /// The extensions granted, in order.
    pub grants: Vec<Grant>,
    /// How the end was found, a line a step, in Chinese.
    pub explained_zh: Vec<String>,
}

impl Period {
    /// Starts the period of `rule` at `started_at`, in the version in force on that day.
    pub(crate) fn start(rule: &str, started_at: Timestamp, law: Law<'_>) -> Result<Self, LawError> {
        let rule = law.rules.rule(rule, legal_day(started_at))?;
        Self::compute(rule, started_at, Vec::new(), law)
    }

    /// The same period with all that one more extension allows.
    pub(crate) fn extended(&self, extension: &str, law: Law<'_>) -> Result<Self, LawError> {
        let mut grants = self.grants.clone();
        grants.push(Grant::full(extension));
        let rule = self.law_rule(law)?;
        Self::compute(rule, self.started_at, grants, law)
    }

    /// The same period by another law: by the version that governs the day it started, with what
    /// was granted.
    pub(crate) fn again(&self, law: Law<'_>) -> Result<Self, LawError> {
        Self::compute(self.law_rule(law)?, self.started_at, self.grants.clone(), law)
    }

    /// What it was computed from beside its start.
    pub fn facts(&self) -> Facts {
        Facts { extensions: self.grants.clone(), ..Facts::default() }
    }

    /// The row of the rulebook that governs it: by the day it started, also where the law has changed
    /// and the period was not computed again yet.
    pub(crate) fn law_rule<'a>(&self, law: Law<'a>) -> Result<&'a Rule, LawError> {
        law.rules.rule(&self.rule, legal_day(self.started_at))
    }

    /// Whether an act at `at` comes too late.
    pub fn is_late(&self, at: Timestamp) -> bool {
        at > self.due_at
    }

    fn compute(
        rule: &Rule,
        started_at: Timestamp,
        grants: Vec<Grant>,
        law: Law<'_>,
    ) -> Result<Self, LawError> {
        let facts = Facts { extensions: grants.clone(), ..Facts::default() };
        let due = law.due(rule, started_at, &facts)?;
        Ok(Self {
            rule: rule.id.clone(),
            rule_version: rule.version(),
            started_at,
            due_at: due.at,
            warn_at: due.warn_at,
            assumed: due.assumed,
            grants,
            explained_zh: due.render_zh(),
        })
    }
}

/// A period and whether its unused end was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The period.
    pub period: Period,
    /// When it was noted that the period had ended unused; happens once.
    pub lapsed_at: Option<Timestamp>,
}

impl Deadline {
    pub(crate) fn running(period: Period) -> Self {
        Self { period, lapsed_at: None }
    }

    /// Whether the period has ended at `at`, noted or not.
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.lapsed_at.is_some() || self.period.is_late(at)
    }

    /// Notes at `noted_at` that an act at `acted_at` is too late; false when it is in time or
    /// when that was noted before.
    pub(crate) fn lapse(&mut self, acted_at: Timestamp, noted_at: Timestamp) -> bool {
        let newly_late = self.lapsed_at.is_none() && self.period.is_late(acted_at);
        if newly_late {
            self.lapsed_at = Some(noted_at);
        }
        newly_late
    }
}
