//! Why a step of a deliberation, or a decision before its end, is refused.

use gongxin_kernel::{Fault, Reason};

use crate::{Refusal, reasons};

/// A typed refusal; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliberationRefusal {
    /// What review itself refuses.
    #[error(transparent)]
    Review(#[from] Refusal),
    /// The members are not a body that can deliberate; the text says why, in Chinese.
    #[error("the members cannot deliberate: {0}")]
    Members(&'static str),
    /// A session on this request stands.
    #[error("a deliberation was called")]
    AlreadyCalled,
    /// The session is closed.
    #[error("the deliberation is concluded")]
    Concluded,
    /// The officer is no member, or does not hold the post under which he or she is one.
    #[error("no member of the deliberation")]
    NotMember,
    /// Each member speaks and votes once.
    #[error("the member has spoken")]
    AlreadySpoken,
    /// The head has spoken, after whom nobody speaks.
    #[error("the chair has spoken")]
    VotingEnded,
    /// The head speaks when two thirds are reached with him or her.
    #[error("the chair speaks last")]
    ChairSpeaksLast,
    /// Fewer than two thirds of the members have spoken.
    #[error("no quorum")]
    Quorum,
    /// The head has not spoken.
    #[error("the chair has not spoken")]
    ChairToSpeak,
    /// No vote has more than half of the members.
    #[error("no majority")]
    WithoutOutcome,
    /// The request must be deliberated before it is decided.
    #[error("a deliberation is required")]
    Required,
    /// The deliberation on the request goes on.
    #[error("the deliberation is not concluded")]
    NotConcluded,
    /// The decision departs from the outcome and says no reasons.
    #[error("a decision that departs from the deliberation needs reasons")]
    DeviationReasons,
}

impl DeliberationRefusal {
    /// The stable reason for the caller.
    pub fn reason(&self) -> &'static Reason {
        match self {
            Self::Review(refusal) => refusal.reason(),
            Self::Members(_) => &reasons::DELIBERATION_MEMBERS_INVALID,
            Self::AlreadyCalled => &reasons::DELIBERATION_ALREADY_CALLED,
            Self::Concluded => &reasons::DELIBERATION_CONCLUDED,
            Self::NotMember => &reasons::NOT_DELIBERATION_MEMBER,
            Self::AlreadySpoken => &reasons::DELIBERATION_ALREADY_SPOKEN,
            Self::VotingEnded => &reasons::DELIBERATION_VOTING_ENDED,
            Self::ChairSpeaksLast => &reasons::DELIBERATION_CHAIR_SPEAKS_LAST,
            Self::Quorum => &reasons::DELIBERATION_QUORUM_MISSING,
            Self::ChairToSpeak => &reasons::DELIBERATION_CHAIR_TO_SPEAK,
            Self::WithoutOutcome => &reasons::DELIBERATION_WITHOUT_OUTCOME,
            Self::Required => &reasons::DELIBERATION_REQUIRED,
            Self::NotConcluded => &reasons::DELIBERATION_NOT_CONCLUDED,
            Self::DeviationReasons => &reasons::DEVIATION_REASONS_REQUIRED,
        }
    }
}

impl From<DeliberationRefusal> for Fault {
    /// Names the fields at fault.
    fn from(refusal: DeliberationRefusal) -> Self {
        let reason = refusal.reason();
        match refusal {
            DeliberationRefusal::Review(refusal) => refusal.into(),
            DeliberationRefusal::Members(wrong) => Self::field(reason, "members", wrong),
            DeliberationRefusal::DeviationReasons => {
                Self::field(reason, "deviation_reasons", reason.zh)
            }
            _ => Self::new(reason),
        }
    }
}
