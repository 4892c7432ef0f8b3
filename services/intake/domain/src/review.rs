//! The filing review: more time, its end, the decision.

use std::collections::BTreeSet;

use gongxin_kernel::Post;
use gongxin_law::identifiers::CaseNumber;
use gongxin_law::{Approver, DocumentNumber, LawError};
use jiff::Timestamp;

use crate::content::check_prose;
use crate::duty_crime::names_duty_crime;
use crate::{
    Changed, Deadline, Decision, Event, ExtensionProblem, FieldError, Law, Notice, Officer,
    Outcome, Period, Problem, Receiver, Refusal, Report, Stage,
};

const NOTICE_RULE: &str = "intake.non_filing.notice";

/// A grant of more time.
#[derive(Clone, Debug)]
pub struct ExtendReview {
    /// Name of the extension in the rule, e.g. `major`.
    pub extension: String,
    /// Why; required.
    pub ground: String,
    /// Who grants it.
    pub approver: Officer,
    /// The posts the approver holds now.
    pub posts: BTreeSet<Post>,
    /// When.
    pub at: Timestamp,
}

/// A decision on a filing review.
#[derive(Clone, Debug)]
pub struct DecideFiling {
    /// Filed, not filed or transferred.
    pub outcome: Outcome,
    /// The organ that receives it; exactly where it is transferred.
    pub receiver: Option<Receiver>,
    /// Facts and law; required.
    pub ground: String,
    /// Who decides.
    pub decided_by: Officer,
    /// Number of the decision (立案决定书) or notice (不予立案通知书, 移送案件通知书).
    pub document_number: DocumentNumber,
    /// When.
    pub at: Timestamp,
}

/// The end of a review, with what goes with it.
enum End {
    Filed,
    NotFiled,
    Transferred(Receiver),
}

impl Report {
    /// Gives a running review more time, counted from its start by its own rule version.
    ///
    /// # Errors
    /// [`Refusal::NotUnderReview`], [`Refusal::AlreadyOverdue`], [`Refusal::OwnMatter`],
    /// [`Refusal::GroundRequired`], [`Refusal::Invalid`], [`Refusal::ExtensionRefused`], [`Refusal::Law`].
    pub fn extend(mut self, extend: ExtendReview, law: Law<'_>) -> Result<Changed, Refusal> {
        let ExtendReview { extension, ground, approver, posts, at } = extend;
        let Stage::FilingReview { case_number, review } = &mut self.0.stage else {
            return Err(Refusal::NotUnderReview);
        };
        if review.is_over(at) {
            return Err(Refusal::AlreadyOverdue);
        }
        if approver.police_number == self.0.registered_by.police_number {
            return Err(Refusal::OwnMatter);
        }
        check_ground(&ground)?;
        check_rank(&review.period, &extension, &posts, law)?;
        let after = review.period.extended(&extension, law).map_err(refused_by_rule)?;
        let before = std::mem::replace(&mut review.period, after.clone());
        let case_number = case_number.clone();
        let report_id = self.0.id;
        let event = Event::FilingReviewExtended {
            report_id,
            case_number,
            extension,
            ground,
            approver,
            before,
            after,
        };
        Ok(self.changed(vec![event]))
    }

    /// Decides the review, also after its end: an overdue case is decided all the same, and the
    /// overrun is noted first if it was not before.
    ///
    /// # Errors
    /// [`Refusal::NotUnderReview`], [`Refusal::OwnMatter`], [`Refusal::GroundRequired`],
    /// [`Refusal::Invalid`], [`Refusal::DutyCrime`] where the police would file what is the
    /// supervisory commission's, [`Refusal::Law`].
    pub fn decide(mut self, decide: DecideFiling, law: Law<'_>) -> Result<Changed, Refusal> {
        let Stage::FilingReview { case_number, review } = &self.0.stage else {
            return Err(Refusal::NotUnderReview);
        };
        let (case_number, mut review) = (case_number.clone(), review.clone());
        if decide.decided_by.police_number == self.0.registered_by.police_number {
            return Err(Refusal::OwnMatter);
        }
        check_ground(&decide.ground)?;
        let end = self.end_of_review(decide.outcome, decide.receiver)?;
        let decision = Decision {
            ground: decide.ground,
            decided_by: decide.decided_by,
            decided_at: decide.at,
            document_number: decide.document_number,
        };

        let mut events = Vec::new();
        if review.lapse(decide.at, decide.at) {
            events.push(self.review_overdue(&review));
        }
        let was_overdue = review.lapsed_at.is_some();
        self.0.stage = match end {
            End::Filed => {
                events.push(self.filed(
                    &decision.decided_by,
                    &decision.document_number,
                    was_overdue,
                ));
                Stage::Filed { case_number, review, decision }
            }
            End::NotFiled => {
                let notice = self.notice_owed(decide.at, law)?;
                let period = notice.as_ref().map(|notice| notice.deadline.period.clone());
                events.push(self.not_filed(&decision, period, was_overdue));
                Stage::NotFiled { case_number, review, decision, notice, question: None }
            }
            End::Transferred(receiver) => {
                events.push(self.transferred(&decision, receiver, was_overdue));
                Stage::Transferred { case_number, review, decision, receiver }
            }
        };
        Ok(self.changed(events))
    }

    /// Notes that the review ended without a decision. Nothing to do before the end, after the
    /// decision, or a second time.
    ///
    /// # Errors
    /// [`Refusal::NotUnderReview`] when the report never was.
    pub fn overdue(mut self, at: Timestamp) -> Result<Changed, Refusal> {
        let Stage::FilingReview { review, .. } = &mut self.0.stage else {
            let was_decided = self.decision().is_some();
            return if was_decided { Ok(self.unchanged()) } else { Err(Refusal::NotUnderReview) };
        };
        if !review.lapse(at, at) {
            return Ok(self.unchanged());
        }
        let review = review.clone();
        let event = self.review_overdue(&review);
        Ok(self.changed(vec![event]))
    }

    pub(crate) fn changed(mut self, events: Vec<Event>) -> Changed {
        for _ in &events {
            self.0.revision = self.0.revision.next();
        }
        Changed::new(self, events)
    }

    pub(crate) fn unchanged(self) -> Changed {
        Changed::new(self, Vec::new())
    }

    /// The complainant must have the notice in three days (PCR 178); where no reporter is known
    /// nobody can be served.
    fn notice_owed(&self, at: Timestamp, law: Law<'_>) -> Result<Option<Box<Notice>>, Refusal> {
        if self.0.content.reporter.is_none() {
            return Ok(None);
        }
        let period = Period::start(NOTICE_RULE, at, law).map_err(Refusal::Law)?;
        Ok(Some(Box::new(Notice { deadline: Deadline::running(period), served: None })))
    }

    /// The end that a decision asks for; a duty crime is transferred or not filed, never filed.
    fn end_of_review(&self, outcome: Outcome, receiver: Option<Receiver>) -> Result<End, Refusal> {
        let wrong =
            |problem| Refusal::Invalid(vec![FieldError { field: "receiving_organ", problem }]);
        let is_duty_crime = self.0.content.charge.as_deref().is_some_and(names_duty_crime);
        match (outcome, receiver) {
            (Outcome::Transferred, Some(receiver)) => Ok(End::Transferred(receiver)),
            (Outcome::Transferred, None) => Err(wrong(Problem::Required)),
            (_, Some(_)) => Err(wrong(Problem::NotWanted)),
            (Outcome::Filed, None) if is_duty_crime => Err(Refusal::DutyCrime),
            (Outcome::Filed, None) => Ok(End::Filed),
            (Outcome::NotFiled, None) => Ok(End::NotFiled),
        }
    }

    fn transferred(&self, decision: &Decision, receiver: Receiver, was_overdue: bool) -> Event {
        Event::Transferred {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            charge: self.0.content.charge.clone().expect("a criminal report has a charge"),
            unit: self.0.content.unit.clone(),
            decided_by: decision.decided_by.clone(),
            receiver,
            document_number: decision.document_number.clone(),
            was_overdue,
        }
    }

    fn review_overdue(&self, review: &Deadline) -> Event {
        Event::FilingReviewOverdue {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            filing_review: review.period.clone(),
        }
    }

    pub(crate) fn filed(
        &self,
        decided_by: &Officer,
        decision_number: &DocumentNumber,
        was_overdue: bool,
    ) -> Event {
        Event::Filed {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            charge: self.0.content.charge.clone().expect("a criminal report has a charge"),
            unit: self.0.content.unit.clone(),
            decided_by: decided_by.clone(),
            registered_by: self.0.registered_by.clone(),
            decision_number: decision_number.clone(),
            suspects: self.0.content.suspects.clone(),
            was_overdue,
        }
    }

    fn not_filed(&self, decision: &Decision, notice: Option<Period>, was_overdue: bool) -> Event {
        Event::NotFiled {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            decided_by: decision.decided_by.clone(),
            notice_number: decision.document_number.clone(),
            notice,
            was_overdue,
        }
    }

    pub(crate) fn accepted_case(&self) -> CaseNumber {
        self.case_number().expect("a criminal report has a case number").clone()
    }
}

fn check_ground(ground: &str) -> Result<(), Refusal> {
    if ground.trim().is_empty() {
        return Err(Refusal::GroundRequired);
    }
    check_prose("ground", ground).map_err(Refusal::Invalid)
}

/// The rank that the rule names must be the approver's, so a bureau cannot grant what only a
/// higher organ may.
fn check_rank(
    period: &Period,
    extension: &str,
    posts: &BTreeSet<Post>,
    law: Law<'_>,
) -> Result<(), Refusal> {
    let rule = period.law_rule(law).map_err(Refusal::Law)?;
    let Some(extension) = rule.extension(extension) else {
        let extension = extension.to_owned();
        let unknown = LawError::UnknownExtension { rule: rule.id.clone(), extension };
        return Err(refused_by_rule(unknown));
    };
    let leads_bureau = posts.contains(&Post::BureauLeader) || posts.contains(&Post::DutyLeader);
    let has_rank = match extension.approver {
        Approver::NoneNamed => true,
        Approver::HandlingDepartmentHead => leads_bureau || posts.contains(&Post::UnitHead),
        Approver::DutyHead | Approver::CountyHead => leads_bureau,
        _ => false,
    };
    if has_rank {
        return Ok(());
    }
    Err(Refusal::ExtensionRefused(ExtensionProblem::Rank(extension.approver)))
}

fn refused_by_rule(error: LawError) -> Refusal {
    match error {
        LawError::UnknownExtension { .. }
        | LawError::ExtensionRepeated(_)
        | LawError::ExtensionTooEarly { .. }
        | LawError::ExtensionPastCap { .. }
        | LawError::ExtensionWithoutEffect(_) => {
            Refusal::ExtensionRefused(ExtensionProblem::Rule(error))
        }
        other => Refusal::Law(other),
    }
}
