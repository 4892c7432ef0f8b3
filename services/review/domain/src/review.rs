//! Review: submit, return for correction, answer, give the opinion, decide.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::refusal::{LONG, SHORT, items, text};
use crate::{
    Answered, CaseFile, Changed, ClockChange, Correction, Decision, DossierPart, Event, Exit,
    ExitStage, Law, Officer, Opinion, Refusal, Request, RequestStage, Review, ReviewItem,
    ReviewRequestId, Stage, SuspectId, Verdict,
};

/// A matter that a unit puts to the legal department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// A fresh id for it.
    pub request: ReviewRequestId,
    /// Whom it is about.
    pub suspect: SuspectId,
    /// What is asked.
    pub item: ReviewItem,
    /// Dossier parts that are there.
    pub parts: BTreeSet<DossierPart>,
    /// Why the unit asks.
    pub ground: String,
    /// What was found on each task of a return for supplementary investigation, in their order.
    pub findings: Vec<String>,
    /// Who submits.
    pub officer: Officer,
}

impl CaseFile {
    /// Puts a matter to the legal department. One open request for each suspect. An arrest is
    /// asked for a suspect who is detained or at liberty without a measure; a transfer for
    /// prosecution once the investigation is concluded; a report on each task of a return.
    ///
    /// # Errors
    /// [`Refusal::SuspectNotFound`], [`Refusal::NotRequestable`], [`Refusal::RequestOpen`],
    /// [`Refusal::NotConcluded`], [`Refusal::Items`], [`Refusal::Incomplete`],
    /// [`Refusal::Text`].
    pub fn submit(mut self, submission: Submission) -> Result<Changed, Refusal> {
        let Submission { request, suspect, item, parts, ground, findings, officer } = submission;
        let held = self.may_request(suspect, item)?;
        let tasks = match item {
            ReviewItem::SupplementaryReport => self.tasks_of(suspect),
            ReviewItem::ArrestRequest | ReviewItem::ProsecutionTransfer => 0,
        };
        if findings.len() != tasks {
            return Err(Refusal::Items { field: "findings" });
        }
        if tasks > 0 {
            items("findings", &findings)?;
        }
        let required = item.required(held).iter().copied();
        let missing: Vec<_> = required.filter(|part| !parts.contains(part)).collect();
        if !missing.is_empty() {
            return Err(Refusal::Incomplete(missing));
        }
        text("ground", &ground, LONG)?;

        self.add_handler(&officer);
        let event = Event::RequestSubmitted {
            request,
            suspect,
            item,
            submitted_by: officer.clone(),
            round: 1,
        };
        self.requests.push(Request {
            id: request,
            suspect,
            item,
            parts,
            ground,
            findings,
            submitted_by: officer,
            answered: Vec::new(),
            stage: RequestStage::Submitted,
        });
        Ok(self.changed(event, Vec::new()))
    }

    /// Returns a request for correction (退回补正), item by item. The answer is due in time to
    /// leave a day of custody; where no such time is left, the reviewer must conclude instead.
    ///
    /// # Errors
    /// [`Refusal::RequestNotFound`], [`Refusal::RequestStage`], [`Refusal::SeparationOfDuties`],
    /// [`Refusal::ReturnsExhausted`], [`Refusal::Items`], [`Refusal::CorrectionWithoutTime`],
    /// [`Refusal::Period`].
    pub fn return_for_correction(
        mut self,
        id: ReviewRequestId,
        defects: Vec<String>,
        reviewer: Officer,
        now: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let request = self.under_review_by(id, &reviewer)?;
        if request.returns() >= usize::from(law.parameters.max_returns) {
            return Err(Refusal::ReturnsExhausted);
        }
        items("defects", &defects)?;
        let custody = self.suspect(request.suspect)?.stage.custody().map(|held| &held.clock);
        let clock = law.correction(id.0, now, custody).map_err(Refusal::Period)?;
        if clock.due_at <= now {
            return Err(Refusal::CorrectionWithoutTime);
        }

        let event = Event::RequestReturned {
            request: id,
            reviewer: reviewer.clone(),
            defects: defects.clone(),
            answer_due_at: clock.due_at,
        };
        let clocks = vec![ClockChange::Start(clock.clone())];
        let correction = Correction { defects, reviewer, clock, overdue: false };
        self.request_mut(id)?.stage = RequestStage::Returned(correction);
        Ok(self.changed(event, clocks))
    }

    /// Answers every defect and submits again; a late answer is taken too, and says that it is.
    ///
    /// # Errors
    /// [`Refusal::RequestNotFound`], [`Refusal::RequestStage`], [`Refusal::SeparationOfDuties`]
    /// when a reviewer of the request answers, [`Refusal::Items`] when not one answer a defect.
    pub fn answer_correction(
        mut self,
        id: ReviewRequestId,
        answers: Vec<String>,
        officer: Officer,
        now: Timestamp,
    ) -> Result<Changed, Refusal> {
        let request = self.request_mut(id)?;
        let RequestStage::Returned(correction) = &request.stage else {
            return Err(Refusal::RequestStage);
        };
        if request.is_reviewer(&officer) {
            return Err(Refusal::SeparationOfDuties);
        }
        items("answers", &answers)?;
        if answers.len() != correction.defects.len() {
            return Err(Refusal::Items { field: "answers" });
        }

        let mut correction = correction.clone();
        let clocks = vec![ClockChange::meet(&correction.clock, now)];
        let overdue = correction.lapse(id, now);
        request.answered.push(Answered { correction, answers, officer: officer.clone() });
        request.stage = RequestStage::Submitted;
        let (suspect, item, round) = (request.suspect, request.item, request.round());
        self.add_handler(&officer);
        let event =
            Event::RequestSubmitted { request: id, suspect, item, submitted_by: officer, round };
        Ok(self.changed_late(overdue, event, clocks))
    }

    /// Marks that a correction was not answered in time. Marked once; afterwards nothing to do.
    ///
    /// # Errors
    /// [`Refusal::RequestNotFound`]; [`Refusal::ClockNotRunning`] when no correction is open or
    /// its time has not ended.
    pub fn correction_overdue(
        mut self,
        id: ReviewRequestId,
        now: Timestamp,
    ) -> Result<Changed, Refusal> {
        let correction = match &mut self.request_mut(id)?.stage {
            RequestStage::Returned(correction) if now > correction.clock.due_at => correction,
            _ => return Err(Refusal::ClockNotRunning),
        };
        match correction.lapse(id, now) {
            Some(event) => Ok(self.changed(event, Vec::new())),
            None => Ok(self.unchanged()),
        }
    }

    /// Gives the review opinion (审核意见).
    ///
    /// # Errors
    /// [`Refusal::RequestNotFound`], [`Refusal::RequestStage`], [`Refusal::SeparationOfDuties`],
    /// [`Refusal::Text`].
    pub fn give_opinion(
        mut self,
        id: ReviewRequestId,
        opinion: Opinion,
        grounds: String,
        reviewer: Officer,
    ) -> Result<Changed, Refusal> {
        self.under_review_by(id, &reviewer)?;
        text("text", &grounds, LONG)?;

        let event = Event::RequestReviewed { request: id, reviewer: reviewer.clone(), opinion };
        let review = Review { opinion, text: grounds, reviewer };
        self.request_mut(id)?.stage = RequestStage::Reviewed(review);
        Ok(self.changed(event, Vec::new()))
    }

    /// Decides by the leader the law names (审批), who had no other hand in the case. Approving makes the exit; the suspect's stage
    /// changes only when the exit is delivered.
    ///
    /// # Errors
    /// [`Refusal::RequestNotFound`], [`Refusal::RequestStage`], [`Refusal::SeparationOfDuties`],
    /// [`Refusal::ReasonsRequired`], [`Refusal::Text`].
    pub fn decide(
        mut self,
        id: ReviewRequestId,
        verdict: Verdict,
        reasons: String,
        approver: Officer,
    ) -> Result<Changed, Refusal> {
        let handled = self.is_handler(&approver);
        let request = self.request_mut(id)?;
        let RequestStage::Reviewed(review) = &request.stage else {
            return Err(Refusal::RequestStage);
        };
        if handled || request.is_reviewer(&approver) {
            return Err(Refusal::SeparationOfDuties);
        }
        let differs = verdict.differs_from(review.opinion);
        let reasons = if reasons.trim().is_empty() { String::new() } else { reasons };
        match reasons.is_empty() {
            true if differs => return Err(Refusal::ReasonsRequired),
            true => {}
            false => text("reasons", &reasons, LONG)?,
        }

        let mut made = None;
        if let Verdict::Approve { exit, document_number } = &verdict {
            text("document_number", document_number, SHORT)?;
            made = Some((*exit, document_number.clone()));
        }
        let event = Event::RequestDecided {
            request: id,
            approver: approver.clone(),
            differs,
            exit: made.clone(),
        };
        let decision = Decision { verdict, reasons, approver };
        request.stage = RequestStage::Decided(review.clone(), decision);
        self.exits.extend(made.map(|(exit, document_number)| Exit {
            id: exit,
            request: id,
            document_number,
            stage: ExitStage::Ready,
        }));
        Ok(self.changed(event, Vec::new()))
    }

    /// Whether the suspect is held, when this may be asked for him or her now.
    fn may_request(&self, id: SuspectId, item: ReviewItem) -> Result<bool, Refusal> {
        let stage = &self.suspect(id)?.stage;
        let free = matches!(stage, Stage::Free | Stage::Released(_));
        let fits = match item {
            ReviewItem::ArrestRequest => free || matches!(stage, Stage::Detained(_)),
            ReviewItem::ProsecutionTransfer => {
                let at_hand = free || matches!(stage, Stage::Arrested(_) | Stage::Bail(_));
                at_hand && self.open_return(id).is_none()
            }
            ReviewItem::SupplementaryReport => {
                self.open_return(id).is_some() && !matches!(stage, Stage::Detained(_))
            }
        };
        if !fits {
            return Err(Refusal::NotRequestable);
        }
        if self.requests.iter().any(|other| other.suspect == id && self.is_open(other)) {
            return Err(Refusal::RequestOpen);
        }
        match (item, self.investigation.missing()) {
            (ReviewItem::ProsecutionTransfer, Some(step)) => Err(Refusal::NotConcluded(step)),
            _ => Ok(stage.custody().is_some()),
        }
    }

    /// The request, when it lies before a reviewer and this officer may be the one.
    fn under_review_by(&self, id: ReviewRequestId, by: &Officer) -> Result<&Request, Refusal> {
        let request = self.request(id)?;
        if request.stage != RequestStage::Submitted {
            return Err(Refusal::RequestStage);
        }
        if self.is_handler(by) {
            return Err(Refusal::SeparationOfDuties);
        }
        Ok(request)
    }
}
