//! The one exit: deliveries, answers from outside, and attempts to go round it.

use jiff::Timestamp;

use crate::prosecution::HandedOver;
use crate::refusal::{SHORT, text};
use crate::{
    Answer, ArrestDecision, CaseFile, Changed, ClockChange, ClockRule, Delivery, Event, ExitId,
    ExitStage, Law, Outcome, Refusal, ReviewItem, Stage, SuspectId, Unit,
};

impl CaseFile {
    /// Records that the other organ signed for an exit. For a person held the paper is thereby
    /// in time or late, and the clock of the decision guards the custody from then on; at
    /// liberty the exit has a clock of its own. The same receipt again is nothing to do.
    ///
    /// # Errors
    /// [`Refusal::ExitNotFound`], [`Refusal::ExitRecorded`] when another receipt is there,
    /// [`Refusal::Text`], [`Refusal::Period`].
    pub fn exit_delivered(
        mut self,
        id: ExitId,
        receiver: &str,
        received_at: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let exit = self.exit(id)?;
        if let ExitStage::Delivered(delivery) | ExitStage::Answered(delivery, _) = &exit.stage {
            let same = delivery.receiver == receiver && delivery.received_at == received_at;
            return if same { Ok(self.unchanged()) } else { Err(Refusal::ExitRecorded) };
        }
        text("receiver", receiver, SHORT)?;
        let document_number = exit.document_number.clone();
        let request = self.request(exit.request)?;
        let (suspect, item) = (request.suspect, request.item);
        let HandedOver { decision, overdue, clocks } = match item {
            ReviewItem::ArrestRequest => self.arrest_requested(id, suspect, received_at, law)?,
            ReviewItem::ProsecutionTransfer | ReviewItem::SupplementaryReport => {
                self.hand_over(id, suspect, received_at, law)?
            }
        };
        let event = Event::ExitDelivered {
            exit: id,
            item,
            document_number,
            receiver: receiver.to_owned(),
            received_at,
            decision: decision.clone(),
        };
        let delivery = Delivery { receiver: receiver.to_owned(), received_at, decision };
        self.exit_mut(id)?.stage = ExitStage::Delivered(delivery);
        Ok(self.changed_late(overdue, event, clocks))
    }

    /// The request for approval of arrest is with the procuratorate: for a person detained in
    /// time or late, and the clock of the decision guards the custody from then on.
    fn arrest_requested(
        &mut self,
        exit: ExitId,
        id: SuspectId,
        received_at: Timestamp,
        law: &Law<'_>,
    ) -> Result<HandedOver, Refusal> {
        let suspect = self.suspect_mut(id)?;
        let (mut clocks, mut overdue) = (Vec::new(), Vec::new());
        let decision = if let Stage::Detained(custody) = &mut suspect.stage {
            let decision = law
                .statutory(ClockRule::DecisionDetained, id.0, received_at)
                .map_err(Refusal::Period)?;
            clocks.push(ClockChange::meet(&custody.clock, received_at));
            overdue.extend(custody.lapse(id, received_at));
            suspect.stage = Stage::ArrestRequested(custody.clone().under(decision.clone()));
            decision
        } else {
            law.statutory(ClockRule::DecisionAtLiberty, exit.0, received_at)
                .map_err(Refusal::Period)?
        };
        clocks.push(ClockChange::Start(decision.clone()));
        Ok(HandedOver { decision, overdue, clocks })
    }

    /// Records the procuratorate's decision on a request for approval of arrest. A person held stays under a clock until the arrest
    /// is executed or the release paper is served, both due at once. The same answer again is
    /// nothing to do.
    ///
    /// # Errors
    /// [`Refusal::ExitNotFound`], [`Refusal::AnswerOfOtherMatter`],
    /// [`Refusal::ExitNotDelivered`], [`Refusal::ExitRecorded`] when another answer is there,
    /// [`Refusal::Text`], [`Refusal::Period`].
    pub fn exit_answered(
        mut self,
        id: ExitId,
        decision: ArrestDecision,
        answer_number: &str,
        received_at: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let exit = self.exit(id)?;
        let request = self.request(exit.request)?;
        if request.item != ReviewItem::ArrestRequest {
            return Err(Refusal::AnswerOfOtherMatter);
        }
        let suspect = request.suspect;
        let delivery = match &exit.stage {
            ExitStage::Ready => return Err(Refusal::ExitNotDelivered),
            ExitStage::Delivered(delivery) => delivery.clone(),
            // The second copy may come at another time and still be the same decision.
            ExitStage::Answered(_, answer) => {
                let same =
                    answer.outcome == Outcome::Arrest(decision) && answer.number == answer_number;
                return if same { Ok(self.unchanged()) } else { Err(Refusal::ExitRecorded) };
            }
        };
        text("answer_number", answer_number, SHORT)?;

        let mut clocks = Vec::new();
        if delivery.decision.rule == ClockRule::DecisionAtLiberty {
            clocks.push(ClockChange::meet(&delivery.decision, received_at));
        }
        let custody = self.suspect_mut(suspect)?.stage.custody_mut();
        let overdue = custody.and_then(|custody| custody.lapse(suspect, received_at));
        clocks.extend(self.apply_answer(suspect, decision, received_at, law)?);
        let outcome = Outcome::Arrest(decision);
        let answer = Answer { outcome, number: answer_number.to_owned(), received_at };
        self.exit_mut(id)?.stage = ExitStage::Answered(delivery, answer);
        let event = Event::ArrestRequestAnswered {
            exit: id,
            suspect,
            decision,
            answer_number: answer_number.to_owned(),
            received_at,
        };
        Ok(self.changed_late(overdue, event, clocks))
    }

    /// Records that a unit tried to send a paper past the gate. The call itself is refused
    /// (`ONLY_EXIT`); this is the trace it leaves.
    ///
    /// # Errors
    /// [`Refusal::Text`].
    pub fn refuse_direct_sending(self, document: &str, unit: Unit) -> Result<Changed, Refusal> {
        text("document", document, SHORT)?;
        let event = Event::DirectSendingRefused { unit, document: document.to_owned() };
        Ok(self.changed(event, Vec::new()))
    }

    /// What the decision means for the suspect, by where he or she stands when it comes in.
    fn apply_answer(
        &mut self,
        suspect: SuspectId,
        decision: ArrestDecision,
        at: Timestamp,
        law: &Law<'_>,
    ) -> Result<Vec<ClockChange>, Refusal> {
        let suspect = self.suspect_mut(suspect)?;
        let approved = decision == ArrestDecision::Approved;
        match &suspect.stage {
            Stage::Detained(custody) | Stage::ArrestRequested(custody) => {
                let rule =
                    if approved { ClockRule::ArrestExecution } else { ClockRule::ReleaseExecution };
                let guard = law.at_once(rule, at, &custody.clock).map_err(Refusal::Period)?;
                let clocks =
                    vec![ClockChange::meet(&custody.clock, at), ClockChange::Start(guard.clone())];
                let custody = custody.clone().under(guard);
                suspect.stage = if approved {
                    Stage::ArrestApproved(Some(custody))
                } else {
                    Stage::ReleaseDue(custody)
                };
                Ok(clocks)
            }
            // The arrest takes the place of the bail.
            Stage::Bail(bail) if approved => {
                let clocks = vec![ClockChange::cancel(&bail.clock)];
                suspect.stage = Stage::ArrestApproved(None);
                Ok(clocks)
            }
            Stage::Free | Stage::Released(_) if approved => {
                suspect.stage = Stage::ArrestApproved(None);
                Ok(Vec::new())
            }
            // Refused at liberty: nobody is held, so there is nobody to release. The other
            // stages cannot have a request out: there is one open request a suspect.
            Stage::Free
            | Stage::Released(_)
            | Stage::Bail(_)
            | Stage::ArrestApproved(_)
            | Stage::Arrested(_)
            | Stage::ReleaseDue(_)
            | Stage::Transferred(_)
            | Stage::Supplementing(_)
            | Stage::Prosecuted(_)
            | Stage::NotProsecuted(_)
            | Stage::Judged(..) => Ok(Vec::new()),
        }
    }
}
