//! An exit: a paper that leaves the bureau, made out of an approved request and nothing else.

use jiff::Timestamp;

use crate::{Period, ReviewRequestId};
use gongxin_kernel::words;

gongxin_kernel::id! {
    /// Names one exit; also the key of its envelope in the exchange.
    ExitId
}

words! {
    /// What the procuratorate decides on a request for approval of arrest.
    ArrestDecision {
        /// Approved.
        Approved = "approved", "批准逮捕";
        /// Refused.
        Refused = "refused", "不批准逮捕";
    }
}

/// A paper that leaves the bureau.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// The exit's id.
    pub id: ExitId,
    /// The approved request it came out of.
    pub request: ReviewRequestId,
    /// Number of the document.
    pub document_number: String,
    /// Where it stands.
    pub stage: ExitStage,
}

/// Where an exit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExitStage {
    /// Ready to go.
    Ready,
    /// The other organ signed for it.
    Delivered(Delivery),
    /// The other organ decided.
    Answered(Delivery, Answer),
}

/// That the other organ has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Organ id, e.g. `procuratorate:619921`.
    pub receiver: String,
    /// When it was received, by the receiver's signed receipt.
    pub received_at: Timestamp,
    /// By when the decision is due, as computed at delivery.
    pub decision: Period,
}

/// The other organ's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was decided.
    pub decision: ArrestDecision,
    /// Number of the answering document.
    pub number: String,
    /// When it came back.
    pub received_at: Timestamp,
}

impl ExitStage {
    /// The stable code that is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Delivered(_) => "delivered",
            Self::Answered(..) => "answered",
        }
    }
}
