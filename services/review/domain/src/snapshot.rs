//! The case as plain rows for the store, and reading them back: an impossible combination is
//! [`Inconsistent`], never a guess.

use std::collections::BTreeSet;

use gongxin_kernel::Revision;
use jiff::Timestamp;

use crate::{
    Answer, Answered, Bail, CaseFile, CaseId, ClockRule, Correction, CourtVerdict, Custody,
    Decision, Delivery, DossierPart, Exit, ExitId, ExitStage, Investigation, Officer, Outcome,
    Period, Release, Request, RequestStage, Review, ReviewItem, ReviewRequestId, Ruling, Signed,
    Stage, Suspect, SuspectId, Unit, Verdict,
};

/// A case as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The case.
    pub id: CaseId,
    /// National case number.
    pub number: String,
    /// Charge.
    pub charge: String,
    /// The handling unit.
    pub unit: Unit,
    /// Who registered the report.
    pub registered_by: Officer,
    /// Police numbers of all handlers, sorted.
    pub handlers: BTreeSet<String>,
    /// How often it has changed.
    pub revision: Revision,
    /// The record of the pre-trial examination, once it is concluded.
    pub examination: Option<Signed>,
    /// The approved report on the conclusion.
    pub conclusion: Option<Signed>,
    /// The suspects in their order.
    pub suspects: Vec<SuspectRow>,
    /// The requests in their order.
    pub requests: Vec<RequestRow>,
    /// The exits in their order.
    pub exits: Vec<ExitRow>,
}

/// A suspect as stored; `stage` says which of the columns are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspectRow {
    /// The suspect.
    pub id: SuspectId,
    /// Name.
    pub name: String,
    /// Code of the stage.
    pub stage: String,
    /// When the measure began or the release paper was served.
    pub since: Option<Timestamp>,
    /// Number of the paper of that act.
    pub document_number: Option<String>,
    /// The running clock.
    pub clock: Option<Period>,
    /// Whether a custody clock ended without a decision.
    pub overdue: bool,
}

/// A request as stored; `stage` says which of the columns are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// The request.
    pub id: ReviewRequestId,
    /// Whom it is about.
    pub suspect: SuspectId,
    /// What is asked.
    pub item: ReviewItem,
    /// Dossier parts.
    pub parts: BTreeSet<DossierPart>,
    /// Why the unit asks.
    pub ground: String,
    /// What was found on each task of a return.
    pub findings: Vec<String>,
    /// Who submitted it.
    pub submitted_by: Officer,
    /// Answered corrections in their order.
    pub answered: Vec<Answered>,
    /// Code of the stage.
    pub stage: String,
    /// The open correction.
    pub correction: Option<Correction>,
    /// The opinion.
    pub review: Option<Review>,
    /// The decision.
    pub decision: Option<Decision>,
}

/// An exit as stored; `stage` says which of the columns are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitRow {
    /// The exit.
    pub id: ExitId,
    /// The request it came out of.
    pub request: ReviewRequestId,
    /// Number of the document.
    pub document_number: String,
    /// Code of the stage.
    pub stage: String,
    /// The other organ's receipt.
    pub delivery: Option<Delivery>,
    /// The other organ's answer.
    pub answer: Option<Answer>,
}

/// A stored combination that no sequence of transitions makes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored {noun} {id} is inconsistent")]
pub struct Inconsistent {
    /// `case`, `suspect`, `request` or `exit`.
    pub noun: &'static str,
    /// Its id.
    pub id: uuid::Uuid,
}

impl From<CaseFile> for Snapshot {
    fn from(case: CaseFile) -> Self {
        let (examination, conclusion) = match case.investigation {
            Investigation::Open => (None, None),
            Investigation::Examined(examination) => (Some(examination), None),
            Investigation::Concluded { examination, report } => (Some(examination), Some(report)),
        };
        Self {
            id: case.id,
            examination,
            conclusion,
            number: case.number,
            charge: case.charge,
            unit: case.unit,
            registered_by: case.registered_by,
            handlers: case.handlers,
            revision: case.revision,
            suspects: case.suspects.into_iter().map(SuspectRow::from).collect(),
            requests: case.requests.into_iter().map(RequestRow::from).collect(),
            exits: case.exits.into_iter().map(ExitRow::from).collect(),
        }
    }
}

impl TryFrom<Snapshot> for CaseFile {
    type Error = Inconsistent;

    fn try_from(row: Snapshot) -> Result<Self, Inconsistent> {
        let investigation = match (row.examination, row.conclusion) {
            (None, None) => Investigation::Open,
            (Some(examination), None) => Investigation::Examined(examination),
            (Some(examination), Some(report)) => Investigation::Concluded { examination, report },
            (None, Some(_)) => return Err(Inconsistent { noun: "case", id: row.id.0 }),
        };
        let case = Self {
            id: row.id,
            investigation,
            number: row.number,
            charge: row.charge,
            unit: row.unit,
            registered_by: row.registered_by,
            handlers: row.handlers,
            revision: row.revision,
            suspects: row.suspects.into_iter().map(Suspect::try_from).collect::<Result<_, _>>()?,
            requests: row.requests.into_iter().map(Request::try_from).collect::<Result<_, _>>()?,
            exits: row.exits.into_iter().map(Exit::try_from).collect::<Result<_, _>>()?,
        };
        case.check_whole()?;
        Ok(case)
    }
}

impl CaseFile {
    /// What ties the rows to each other.
    fn check_whole(&self) -> Result<(), Inconsistent> {
        if self.revision < Revision::FIRST || !self.is_handler(&self.registered_by) {
            return Err(Inconsistent { noun: "case", id: self.id.0 });
        }
        for request in &self.requests {
            let known = self.suspect(request.suspect).is_ok();
            let made = match &request.stage {
                RequestStage::Decided(_, decision) => self.has_its_exit(request, decision),
                _ => true,
            };
            if !known || !made {
                return Err(Inconsistent { noun: "request", id: request.id.0 });
            }
        }
        for exit in &self.exits {
            let approved = self.request(exit.request).is_ok_and(|request| {
                matches!(&request.stage, RequestStage::Decided(_, decision)
                    if matches!(&decision.verdict, Verdict::Approve { exit: id, .. } if *id == exit.id))
            });
            let fits = |answer: &Answer| {
                let item = self.request(exit.request).map(|request| request.item);
                let arrest = matches!(answer.outcome, Outcome::Arrest(_));
                item.is_ok_and(|item| (item == ReviewItem::ArrestRequest) == arrest)
            };
            let answered = match &exit.stage {
                ExitStage::Answered(_, answer) => fits(answer),
                ExitStage::Ready | ExitStage::Delivered(_) => true,
            };
            if !approved || !answered {
                return Err(Inconsistent { noun: "exit", id: exit.id.0 });
            }
        }
        Ok(())
    }

    fn has_its_exit(&self, request: &Request, decision: &Decision) -> bool {
        match &decision.verdict {
            Verdict::Refuse => true,
            Verdict::Approve { exit, document_number } => self.exit(*exit).is_ok_and(|exit| {
                exit.request == request.id && exit.document_number == *document_number
            }),
        }
    }
}

impl From<Suspect> for SuspectRow {
    fn from(suspect: Suspect) -> Self {
        let stage = suspect.stage.code().to_owned();
        let (since, document_number, clock, overdue) = match suspect.stage {
            Stage::Free
            | Stage::ArrestApproved(None)
            | Stage::Transferred(None)
            | Stage::Supplementing(None) => (None, None, None, false),
            Stage::Detained(held)
            | Stage::ArrestRequested(held)
            | Stage::ArrestApproved(Some(held))
            | Stage::Arrested(held)
            | Stage::ReleaseDue(held)
            | Stage::Transferred(Some(held))
            | Stage::Supplementing(Some(held)) => {
                (Some(held.since), Some(held.document_number), Some(held.clock), held.overdue)
            }
            Stage::Released(release) => {
                (Some(release.served_at), Some(release.document_number), None, false)
            }
            Stage::Bail(bail) => {
                (Some(bail.since), Some(bail.document_number), Some(bail.clock), false)
            }
            Stage::Prosecuted(paper) | Stage::NotProsecuted(paper) | Stage::Judged(_, paper) => {
                (Some(paper.received_at), Some(paper.document_number), None, false)
            }
        };
        let Suspect { id, name, .. } = suspect;
        Self { id, name, stage, since, document_number, clock, overdue }
    }
}

impl TryFrom<SuspectRow> for Suspect {
    type Error = Inconsistent;

    fn try_from(row: SuspectRow) -> Result<Self, Inconsistent> {
        let inconsistent = Inconsistent { noun: "suspect", id: row.id.0 };
        let own_clock = row.clock.as_ref().is_none_or(|clock| clock.subject == row.id.0);
        let rule = row.clock.as_ref().map(|clock| clock.rule);
        let facts = (row.since, row.document_number, row.clock, row.overdue);
        let stage = match (row.stage.as_str(), rule, facts) {
            ("free", None, (None, None, None, false)) => Stage::Free,
            ("arrest_approved", None, (None, None, None, false)) => Stage::ArrestApproved(None),
            ("transferred", None, (None, None, None, false)) => Stage::Transferred(None),
            ("supplementing", None, (None, None, None, false)) => Stage::Supplementing(None),
            ("released", None, (Some(served_at), Some(document_number), None, false)) => {
                Stage::Released(Release { document_number, served_at })
            }
            (code, None, (Some(received_at), Some(document_number), None, false)) => {
                let paper = Ruling { document_number, received_at };
                match (code, CourtVerdict::of_code(code)) {
                    ("prosecuted", None) => Stage::Prosecuted(paper),
                    ("not_prosecuted", None) => Stage::NotProsecuted(paper),
                    (_, Some(verdict)) => Stage::Judged(verdict, paper),
                    _ => return Err(inconsistent),
                }
            }
            (
                "bail",
                Some(ClockRule::Bail),
                (Some(since), Some(document_number), Some(clock), false),
            ) => Stage::Bail(Bail { since, document_number, clock }),
            (code, Some(rule), (Some(since), Some(document_number), Some(clock), overdue)) => {
                let custody = Custody { since, document_number, clock, overdue };
                match (code, rule) {
                    ("detained", ClockRule::ArrestRequest) => Stage::Detained(custody),
                    ("arrest_requested", ClockRule::DecisionDetained) => {
                        Stage::ArrestRequested(custody)
                    }
                    ("arrest_approved", ClockRule::ArrestExecution) => {
                        Stage::ArrestApproved(Some(custody))
                    }
                    ("arrested", ClockRule::InvestigationCustody) => Stage::Arrested(custody),
                    ("release_due", ClockRule::ReleaseExecution) => Stage::ReleaseDue(custody),
                    ("transferred", ClockRule::ExaminationHeld) => {
                        Stage::Transferred(Some(custody))
                    }
                    ("supplementing", ClockRule::SupplementaryHeld) => {
                        Stage::Supplementing(Some(custody))
                    }
                    _ => return Err(inconsistent),
                }
            }
            _ => return Err(inconsistent),
        };
        if own_clock { Ok(Self { id: row.id, name: row.name, stage }) } else { Err(inconsistent) }
    }
}

impl From<Request> for RequestRow {
    fn from(request: Request) -> Self {
        let stage = request.stage.code().to_owned();
        let (correction, review, decision) = match request.stage {
            RequestStage::Submitted => (None, None, None),
            RequestStage::Returned(correction) => (Some(correction), None, None),
            RequestStage::Reviewed(review) => (None, Some(review), None),
            RequestStage::Decided(review, decision) => (None, Some(review), Some(decision)),
        };
        Self {
            id: request.id,
            suspect: request.suspect,
            item: request.item,
            parts: request.parts,
            ground: request.ground,
            findings: request.findings,
            submitted_by: request.submitted_by,
            answered: request.answered,
            stage,
            correction,
            review,
            decision,
        }
    }
}

impl TryFrom<RequestRow> for Request {
    type Error = Inconsistent;

    fn try_from(row: RequestRow) -> Result<Self, Inconsistent> {
        let inconsistent = Inconsistent { noun: "request", id: row.id.0 };
        let stage = match (row.correction, row.review, row.decision) {
            (None, None, None) => RequestStage::Submitted,
            (Some(correction), None, None) => RequestStage::Returned(correction),
            (None, Some(review), None) => RequestStage::Reviewed(review),
            (None, Some(review), Some(decision)) => RequestStage::Decided(review, decision),
            _ => return Err(inconsistent),
        };
        // The code tells an approval from a refusal, so it must agree with the facts.
        if stage.code() != row.stage {
            return Err(inconsistent);
        }
        Ok(Self {
            id: row.id,
            suspect: row.suspect,
            item: row.item,
            parts: row.parts,
            ground: row.ground,
            findings: row.findings,
            submitted_by: row.submitted_by,
            answered: row.answered,
            stage,
        })
    }
}

impl From<Exit> for ExitRow {
    fn from(exit: Exit) -> Self {
        let stage = exit.stage.code().to_owned();
        let (delivery, answer) = match exit.stage {
            ExitStage::Ready => (None, None),
            ExitStage::Delivered(delivery) => (Some(delivery), None),
            ExitStage::Answered(delivery, answer) => (Some(delivery), Some(answer)),
        };
        let Exit { id, request, document_number, .. } = exit;
        Self { id, request, document_number, stage, delivery, answer }
    }
}

impl TryFrom<ExitRow> for Exit {
    type Error = Inconsistent;

    fn try_from(row: ExitRow) -> Result<Self, Inconsistent> {
        let stage = match (row.delivery, row.answer) {
            (None, None) => Some(ExitStage::Ready),
            (Some(delivery), None) => Some(ExitStage::Delivered(delivery)),
            (Some(delivery), Some(answer)) => Some(ExitStage::Answered(delivery, answer)),
            (None, Some(_)) => None,
        };
        match stage.filter(|stage| stage.code() == row.stage) {
            Some(stage) => Ok(Self {
                id: row.id,
                request: row.request,
                document_number: row.document_number,
                stage,
            }),
            None => Err(Inconsistent { noun: "exit", id: row.id.0 }),
        }
    }
}
