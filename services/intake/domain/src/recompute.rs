//! The law has changed: what runs is computed again, by the same facts.

use jiff::Timestamp;

use crate::{Changed, Deadline, Event, Law, Refusal, Report, Stage};

impl Report {
    /// Computes the running period of `rule` again. Nothing to do where it does not run, has ended
    /// by `at`, or comes out the same; `reason` says what of the law has changed.
    ///
    /// # Errors
    /// [`Refusal::Law`] where the law gives it no end.
    pub fn recompute(
        mut self,
        rule: &str,
        reason: &str,
        at: Timestamp,
        law: Law<'_>,
    ) -> Result<Changed, Refusal> {
        let mut running = self.0.stage.running_mut().into_iter();
        let running =
            running.find(|deadline| deadline.period.rule == rule && !deadline.is_over(at));
        let Some(deadline) = running else { return Ok(self.unchanged()) };
        let after = deadline.period.again(law).map_err(Refusal::Law)?;
        if after == deadline.period {
            return Ok(self.unchanged());
        }
        let before = std::mem::replace(&mut deadline.period, after.clone());
        let event = Event::PeriodRecomputed {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            before: Box::new(before),
            after: Box::new(after),
            reason: reason.to_owned(),
        };
        Ok(self.changed(vec![event]))
    }
}

impl Stage {
    /// The periods that run: nobody has done yet what they ask for.
    fn running_mut(&mut self) -> Vec<&mut Deadline> {
        match self {
            Self::FilingReview { review, .. } => vec![review],
            Self::NotFiled { notice, question, .. } => {
                let question = question.as_deref_mut().filter(|question| question.answer.is_none());
                let of_notice = notice.as_deref_mut().and_then(|notice| match &mut notice.served {
                    None => Some(&mut notice.deadline),
                    Some(service) => match service.asked.as_deref_mut() {
                        None => Some(&mut service.reconsideration),
                        Some(asked) => asked.decided.is_none().then_some(&mut asked.deadline),
                    },
                });
                let of_question = question.map(|question| &mut question.deadline);
                of_notice.into_iter().chain(of_question).collect()
            }
            Self::Filed { .. }
            | Self::Transferred { .. }
            | Self::Administrative { .. }
            | Self::NotPolice
            | Self::Linked => Vec::new(),
        }
    }
}
