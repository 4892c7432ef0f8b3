//! The law has changed: what runs is computed again, by the same facts.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    CaseFile, Changed, ClockChange, Event, ExitId, ExitStage, Law, Outcome, Period, Refusal,
    RequestStage, Stage,
};

impl CaseFile {
    /// Computes the running clock of this rule and subject again. Nothing to do where it does not
    /// run, has ended by `at`, is one of the house, or comes out the same; `reason` says what of the
    /// law has changed.
    ///
    /// # Errors
    /// [`Refusal::Period`] where the law gives it no end.
    pub fn recompute(
        mut self,
        rule: &str,
        subject: Uuid,
        reason: &str,
        at: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let runs = |period: &&mut Period| {
            period.rule.code() == rule && period.subject == subject && at <= period.due_at
        };
        // The clock of a custody may stand at the exit too: one clock, one end.
        let mut both: Vec<&mut Period> = self.clocks_mut().filter(runs).collect();
        let Some(before) = both.first().map(|clock| Period::clone(clock)) else {
            return Ok(self.unchanged());
        };
        let after = law.again(&before).map_err(Refusal::Period)?;
        let Some(after) = after.filter(|after| *after != before) else {
            return Ok(self.unchanged());
        };
        both.iter_mut()
            .filter(|clock| ***clock == before)
            .for_each(|clock| **clock = after.clone());
        let event = Event::PeriodRecomputed {
            before: Box::new(before),
            after: Box::new(after.clone()),
            reason: reason.to_owned(),
        };
        Ok(self.changed(event, vec![ClockChange::Move(after)]))
    }

    fn clocks_mut(&mut self) -> impl Iterator<Item = &mut Period> {
        let returns = self.suspects.iter().filter_map(|suspect| self.open_return(suspect.id));
        let open: Vec<ExitId> = returns.map(|exit| exit.id).collect();
        let of_suspects = self.suspects.iter_mut().filter_map(|suspect| match &mut suspect.stage {
            Stage::Bail(bail) => Some(&mut bail.clock),
            held => held.custody_mut().map(|custody| &mut custody.clock),
        });
        let of_requests = self.requests.iter_mut().filter_map(|request| match &mut request.stage {
            RequestStage::Returned(correction) => Some(&mut correction.clock),
            _ => None,
        });
        let of_exits = self.exits.iter_mut().filter_map(move |exit| match &mut exit.stage {
            ExitStage::Delivered(delivery) => Some(&mut delivery.decision),
            ExitStage::Answered(_, answer) => match &mut answer.outcome {
                Outcome::Returned(back) if open.contains(&exit.id) => Some(&mut back.clock),
                _ => None,
            },
            ExitStage::Ready => None,
        });
        of_suspects.chain(of_requests).chain(of_exits)
    }
}
