//! An exit: a paper that leaves the bureau, made out of an approved request and nothing else.

use jiff::Timestamp;

use crate::{Event, Period, ReviewRequestId};
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

words! {
    /// What the court finds at first instance.
    CourtVerdict {
        /// Guilty.
        Convicted = "convicted", "判决有罪";
        /// Not guilty.
        Acquitted = "acquitted", "宣告无罪";
    }
}

/// What the procuratorate decides on a transfer for prosecution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProsecutionDecision {
    /// It prosecutes (CPL 176).
    Prosecuted,
    /// It does not (CPL 177).
    NotProsecuted,
    /// It returns the case for supplementary investigation (退查, CPL 175), with these tasks.
    Returned(Vec<String>),
}

/// A return for supplementary investigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// What is to be investigated, item by item (补充侦查提纲).
    pub tasks: Vec<String>,
    /// When the report is due: the clock of the custody while the suspect is held, else a clock
    /// of the exit.
    pub clock: Period,
    /// Whether the report was not delivered in time to a procuratorate that holds nobody.
    pub overdue: bool,
}

/// What the other organ decided on a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// On a request for approval of arrest.
    Arrest(ArrestDecision),
    /// It prosecutes.
    Prosecuted,
    /// It does not.
    NotProsecuted,
    /// It returned the case for supplementary investigation.
    Returned(Box<Return>),
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
    pub outcome: Outcome,
    /// Number of the answering document.
    pub number: String,
    /// When it came back.
    pub received_at: Timestamp,
}

impl Outcome {
    /// The stable code that is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Arrest(decision) => decision.code(),
            Self::Prosecuted => "prosecuted",
            Self::NotProsecuted => "not_prosecuted",
            Self::Returned(_) => "returned",
        }
    }

    /// What it is called in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::Arrest(decision) => decision.zh(),
            Self::Prosecuted => "提起公诉",
            Self::NotProsecuted => "不起诉",
            Self::Returned(_) => "退回补充侦查",
        }
    }

    /// The return, when it is one.
    pub fn returned(&self) -> Option<&Return> {
        match self {
            Self::Returned(back) => Some(back),
            Self::Arrest(_) | Self::Prosecuted | Self::NotProsecuted => None,
        }
    }
}

impl Return {
    /// Marks that the report at `at` came too late, unless that was marked before. Of a person
    /// held the custody tells, whose clock it is.
    pub(crate) fn lapse(&mut self, exit: ExitId, at: Timestamp) -> Option<Event> {
        if self.overdue || self.clock.rule.is_custody() || at <= self.clock.due_at {
            return None;
        }
        self.overdue = true;
        Some(Event::SupplementaryOverdue { exit, period: self.clock.clone() })
    }
}

impl ExitStage {
    /// The return that stands as its answer.
    pub fn returned(&self) -> Option<&Return> {
        match self {
            Self::Answered(_, answer) => answer.outcome.returned(),
            Self::Ready | Self::Delivered(_) => None,
        }
    }

    /// The stable code that is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Delivered(_) => "delivered",
            Self::Answered(..) => "answered",
        }
    }
}
