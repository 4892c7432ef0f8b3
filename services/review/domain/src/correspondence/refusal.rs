//! Why something of the correspondence is refused.

use gongxin_kernel::{Fault, Reason};

use crate::{Refusal, reasons};

/// A typed refusal; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorrespondenceRefusal {
    /// The notice has an answer.
    #[error("the notice is answered")]
    Answered,
    /// Its number stands for another notice.
    #[error("the number is that of another notice")]
    NumberReused,
    /// Not one answer for each item.
    #[error("there must be one answer for each item")]
    Answers,
    /// Papers of this channel go by themselves.
    #[error("the channel is not one of the exchange")]
    NotByExchange,
    /// Another receipt is recorded.
    #[error("another receipt is recorded")]
    SignedForOtherwise,
    /// As a transition of a case would be refused.
    #[error(transparent)]
    Other(#[from] Refusal),
}

impl CorrespondenceRefusal {
    /// The stable reason for the caller.
    pub fn reason(&self) -> &'static Reason {
        match self {
            Self::Answered => &reasons::VIOLATION_NOTICE_ANSWERED,
            Self::NumberReused => &reasons::VIOLATION_NOTICE_NUMBER_REUSED,
            Self::Answers => &reasons::VIOLATION_ANSWER_INVALID,
            Self::NotByExchange => &reasons::CHANNEL_NOT_BY_EXCHANGE,
            Self::SignedForOtherwise => &reasons::EXIT_ALREADY_RECORDED,
            Self::Other(refusal) => refusal.reason(),
        }
    }
}

impl From<CorrespondenceRefusal> for Fault {
    fn from(refusal: CorrespondenceRefusal) -> Self {
        match refusal {
            CorrespondenceRefusal::Answers => {
                Self::field(refusal.reason(), "items", refusal.reason().zh)
            }
            CorrespondenceRefusal::Other(refusal) => refusal.into(),
            other => Self::new(other.reason()),
        }
    }
}
