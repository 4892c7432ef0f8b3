//! When a period ends: the law as a bureau applies it, asked about a rule and the facts of a case.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::counting::Counting;
use crate::explain::Step;
use crate::{
    Calendar, Count, Facts, LawError, Reading, Readings, Rule, Rulebook, Start, legal_day,
};

/// The end of a period and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last instant of the period; an act at this instant is in time, after it is late.
    ///
    /// A period in hours ends on its exact minute. Any other ends with its last day, at
    /// 23:59:59.999999 in Asia/Shanghai, the last microsecond before midnight. Of a window it is
    /// the end of the day on which it opens.
    pub at: Timestamp,
    /// The last day; none for a period in hours or minutes.
    pub last_day: Option<Date>,
    /// When to warn; never before the start. The end itself where nothing is warned of.
    pub warn_at: Timestamp,
    /// The date rests on a year without a notice of days off, of which only weekends are known.
    pub assumed: bool,
    /// How the end was found, in order.
    pub steps: Vec<Step>,
}

impl Due {
    /// Whether an act at `now` comes too late.
    pub fn is_late(&self, now: Timestamp) -> bool {
        now > self.at
    }

    /// The explanation in Chinese, a line a step.
    pub fn render_zh(&self) -> Vec<String> {
        self.steps.iter().map(Step::render_zh).collect()
    }

    /// The explanation in English, a line a step.
    pub fn render_en(&self) -> Vec<String> {
        self.steps.iter().map(Step::render_en).collect()
    }
}

/// The law as one bureau applies it.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// The rules.
    pub rules: &'a Rulebook,
    /// The days off.
    pub calendar: &'a Calendar,
    /// Readings other than the default ones.
    pub readings: Readings,
}

impl Law<'static> {
    /// The law this build carries, with the default readings.
    pub fn builtin() -> Self {
        Self {
            rules: Rulebook::builtin(),
            calendar: Calendar::builtin(),
            readings: Readings::default(),
        }
    }
}

impl<'a> Law<'a> {
    /// Computes a stored period again: by the version that governs the day of its start, with the
    /// facts it was computed with.
    ///
    /// # Errors
    /// Any [`LawError`].
    pub fn again(
        &self,
        rule: &str,
        started_at: Timestamp,
        facts: &Facts,
    ) -> Result<(&'a Rule, Due), LawError> {
        let rule = self.rules.rule(rule, legal_day(started_at))?;
        Ok((rule, self.due(rule, started_at, facts)?))
    }

    /// Computes when the period of `rule` ends. The same arguments give the same answer for ever,
    /// so a stored deadline can be computed again.
    ///
    /// # Errors
    /// Any [`LawError`] but the ones that concern finding a rule.
    pub fn due(
        &self,
        rule: &Rule,
        start: impl Into<Start>,
        facts: &Facts,
    ) -> Result<Due, LawError> {
        let start = start.into();
        let named = Step::Rule {
            id: rule.id.clone(),
            version: rule.version(),
            title: rule.title.clone(),
            sources: rule.source.clone(),
        };
        if rule.count == Count::OfOthers {
            return self.of_others(rule, named, start, facts);
        }
        let due = Counting::new(self, rule, named).due(start, facts)?;
        if due.assumed && self.readings.has(Reading::NoCalendarNoDate) {
            return Err(LawError::NoCalendar(rule.id.clone()));
        }
        Ok(due)
    }

    /// The latest or the earliest of the rules that are in force; of equal ones the first.
    fn of_others(
        &self,
        rule: &Rule,
        named: Step,
        start: Start,
        facts: &Facts,
    ) -> Result<Due, LawError> {
        let act = facts.act.unwrap_or(start.day());
        let (ids, later) = if rule.later_of.is_empty() {
            (&rule.earlier_of, false)
        } else {
            (&rule.later_of, true)
        };
        if let Some(grant) = facts.extensions.first() {
            let extension = grant.extension.clone();
            return Err(LawError::UnknownExtension { rule: rule.id.clone(), extension });
        }
        let (mut steps, mut assumed) = (vec![named], false);
        let mut chosen: Option<Due> = None;
        for id in ids {
            let component = match self.rules.find(id, act, rule.custody) {
                Ok(component) => component,
                Err(LawError::NotInForce { .. }) => continue,
                Err(error) => return Err(error),
            };
            let due = self.due(component, start, facts)?;
            steps.push(Step::Compared { id: component.id.clone(), at: due.at });
            assumed |= due.assumed;
            let better = chosen
                .as_ref()
                .is_none_or(|best| if later { due.at > best.at } else { due.at < best.at });
            if better {
                chosen = Some(due);
            }
        }
        let Some(mut due) = chosen else {
            return Err(LawError::NotInForce { rule: rule.id.clone(), on: act });
        };
        steps.append(&mut due.steps);
        Ok(Due { assumed, steps, ..due })
    }
}
