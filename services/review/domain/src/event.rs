//! What happened to a case. Names, numbers and unit of the case itself are on the case.

use gongxin_kernel::Revision;
use jiff::Timestamp;

use crate::{
    ArrestDecision, CourtVerdict, ExitId, MeasureKind, Officer, Opinion, Outcome, Period,
    ReviewItem, ReviewRequestId, Signed, SuspectId, Unit,
};

/// One fact; each makes the next revision of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the facts that each variant's line names")]
pub enum Event {
    /// The legal department has the filed case.
    CaseReceived { suspects: Vec<SuspectId> },
    /// A detention or bail was carried out; `again` when it detains somebody released before in
    /// this case, whose three days thereby begin anew: lawful on new grounds only, so it shows.
    MeasureEntered {
        suspect: SuspectId,
        kind: MeasureKind,
        started_at: Timestamp,
        document_number: String,
        entered_by: Officer,
        period: Period,
        again: bool,
    },
    /// A detention got more days.
    DetentionExtended {
        suspect: SuspectId,
        extension: String,
        ground: String,
        approver: Officer,
        before: Period,
        after: Period,
    },
    /// The law has changed, and with it a clock that runs, or what its end rests on.
    PeriodRecomputed { before: Box<Period>, after: Box<Period>, reason: String },
    /// A custody clock ended without a decision or a release paper.
    CustodyOverdue { suspect: SuspectId, period: Period },
    /// A release paper was served; or, with `bail`, the decision that lifts a bail.
    SuspectReleased {
        suspect: SuspectId,
        document_number: String,
        served_at: Timestamp,
        entered_by: Officer,
        bail: bool,
    },
    /// An approved arrest was carried out.
    SuspectArrested {
        suspect: SuspectId,
        document_number: String,
        executed_at: Timestamp,
        entered_by: Officer,
        period: Period,
    },
    /// A matter was put to the legal department, for the first time or again.
    RequestSubmitted {
        request: ReviewRequestId,
        suspect: SuspectId,
        item: ReviewItem,
        submitted_by: Officer,
        round: u32,
    },
    /// A request was returned for correction.
    RequestReturned {
        request: ReviewRequestId,
        reviewer: Officer,
        defects: Vec<String>,
        answer_due_at: Timestamp,
    },
    /// A correction was not answered in time.
    CorrectionOverdue { request: ReviewRequestId },
    /// The review opinion was given.
    RequestReviewed { request: ReviewRequestId, reviewer: Officer, opinion: Opinion },
    /// The approver decided; approving made the exit.
    RequestDecided {
        request: ReviewRequestId,
        approver: Officer,
        differs: bool,
        exit: Option<(ExitId, String)>,
    },
    /// A unit tried to send past the gate.
    DirectSendingRefused { unit: Unit, document: String },
    /// The other organ signed for an exit; the period is when its decision is due.
    ExitDelivered {
        exit: ExitId,
        item: ReviewItem,
        document_number: String,
        receiver: String,
        received_at: Timestamp,
        decision: Period,
    },
    /// The procuratorate's decision came back.
    ArrestRequestAnswered {
        exit: ExitId,
        suspect: SuspectId,
        decision: ArrestDecision,
        answer_number: String,
        received_at: Timestamp,
    },
    /// The pre-trial examination (预审) was concluded.
    ExaminationConcluded { paper: Signed },
    /// The report that the investigation is concluded (侦查终结) was approved.
    InvestigationConcluded { paper: Signed },
    /// The procuratorate decided on a transfer for prosecution; `outcome` is no arrest.
    ProsecutionDecided {
        exit: ExitId,
        suspect: SuspectId,
        outcome: Outcome,
        answer_number: String,
        received_at: Timestamp,
    },
    /// A supplementary investigation on a person at liberty was not reported in time.
    SupplementaryOverdue { exit: ExitId, period: Period },
    /// The court's judgment came in.
    Judged {
        exit: ExitId,
        suspect: SuspectId,
        verdict: CourtVerdict,
        document_number: String,
        received_at: Timestamp,
    },
}

/// A fact and the revision it made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The revision of the case after it.
    pub revision: Revision,
    /// The fact.
    pub event: Event,
}

impl Event {
    /// The event's public name, `<entity>.<event>`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CaseReceived { .. } => "case.received",
            Self::MeasureEntered { again: false, .. } => "suspect.measure_entered",
            Self::MeasureEntered { again: true, .. } => "suspect.detained_again",
            Self::DetentionExtended { .. } => "suspect.detention_extended",
            Self::PeriodRecomputed { .. } => "case.period_recomputed",
            Self::CustodyOverdue { .. } => "suspect.custody_overdue",
            Self::SuspectReleased { bail: false, .. } => "suspect.released",
            Self::SuspectReleased { bail: true, .. } => "suspect.bail_lifted",
            Self::SuspectArrested { .. } => "suspect.arrested",
            Self::RequestSubmitted { .. } => "request.submitted",
            Self::RequestReturned { .. } => "request.returned",
            Self::CorrectionOverdue { .. } => "request.correction_overdue",
            Self::RequestReviewed { .. } => "request.reviewed",
            Self::RequestDecided { .. } => "request.decided",
            Self::DirectSendingRefused { .. } => "gate.direct_sending_refused",
            Self::ExitDelivered { .. } => "exit.delivered",
            Self::ArrestRequestAnswered { .. } => "exit.answered",
            Self::ExaminationConcluded { .. } => "case.examination_concluded",
            Self::InvestigationConcluded { .. } => "case.investigation_concluded",
            Self::ProsecutionDecided { outcome, .. } => match outcome {
                Outcome::Returned(_) => "exit.returned_for_investigation",
                Outcome::NotProsecuted => "exit.not_prosecuted",
                Outcome::Arrest(_) | Outcome::Prosecuted => "exit.prosecuted",
            },
            Self::SupplementaryOverdue { .. } => "exit.supplementary_overdue",
            Self::Judged { .. } => "suspect.judged",
        }
    }
}
