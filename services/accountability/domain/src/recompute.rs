//! The law has changed: the time to appeal and the time to decide are computed again.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{Changed, Clue, Law, Period, PeriodRule, Refusal, What};

impl Clue {
    /// Computes the running period of this rule and subject again. Nothing to do where it does not
    /// run, has ended by `at`, or comes out the same; `reason` says what of the law has changed.
    ///
    /// # Errors
    /// [`Refusal::Law`] where the law gives it no end.
    pub fn recompute(
        self,
        rule: PeriodRule,
        subject: Uuid,
        reason: &str,
        at: Timestamp,
        law: Law<'_>,
    ) -> Result<Changed, Refusal> {
        let concerned = self.concerned();
        let person = concerned.iter().find(|person| person.subject == subject);
        let running = person.and_then(|person| Some((person, person.running(rule)?)));
        let recomputed = match running.filter(|(_, period)| at <= period.due_at) {
            Some((person, before)) => {
                let after = law.again(before)?;
                let person = person.officer.police_number.clone();
                let reason = reason.to_owned();
                (after != *before).then_some(What::Recomputed { person, period: after, reason })
            }
            None => None,
        };
        self.add(None, at, recomputed)
    }

    /// The period that the act at `place` of the list replaced.
    pub fn replaced(&self, place: usize) -> Option<&Period> {
        let What::Recomputed { person, period: after, .. } = &self.acts.get(place)?.what else {
            return None;
        };
        self.acts[..place].iter().rev().find_map(|act| match &act.what {
            What::Served { person: whose, appeal: period, .. }
            | What::Appealed { person: whose, decision: period, .. }
            | What::Recomputed { person: whose, period, .. }
                if whose == person && period.rule == after.rule =>
            {
                Some(period)
            }
            _ => None,
        })
    }
}
