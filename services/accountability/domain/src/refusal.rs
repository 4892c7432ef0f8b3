//! Why a transition is refused, one variant per thing the caller can do something about.

use gongxin_kernel::{Fault, Reason};
use gongxin_law::LawError;

use crate::{FieldError, Problem, reasons};

/// A refused transition; the clue stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Fields at fault.
    #[error("the content is not valid")]
    Invalid(Vec<FieldError>),
    /// The clue waits for another step.
    #[error("the clue does not wait for this step")]
    Stage,
    /// The officer, or the officer's unit or department, is concerned.
    #[error("the officer is concerned by the clue")]
    ConflictOfInterest,
    /// The officer has been another hand of this clue.
    #[error("each hand of a clue is another officer")]
    HandTwice,
    /// Determination is for the legal department here.
    #[error("the legal department determines this clue")]
    WrongHand,
    /// Somebody named was not heard.
    #[error("an officer named has not been heard")]
    NotHeard,
    /// The officer is not named in the clue.
    #[error("the officer is not named in the clue")]
    NotNamed,
    /// Nothing of that kind is open for the officer.
    #[error("no decision, notice or appeal of this officer is open")]
    NotOwed,
    /// The appeal comes too late.
    #[error("the time to appeal has ended")]
    AppealEnded,
    /// The lifelong file has no entry to correct.
    #[error("there is no such entry")]
    NoEntry,
    /// The rules give no period for the act.
    #[error("the rules give no period for this act")]
    Law(#[source] LawError),
}

impl Refusal {
    pub(crate) fn field(field: &'static str, problem: Problem) -> Self {
        Self::Invalid(vec![FieldError { field, problem }])
    }

    /// The stable reason.
    pub fn reason(&self) -> &'static Reason {
        match self {
            Self::Invalid(_) => &reasons::CLUE_INVALID,
            Self::Stage => &reasons::CLUE_STAGE,
            Self::ConflictOfInterest => &reasons::CONFLICT_OF_INTEREST,
            Self::HandTwice => &reasons::CLUE_HAND_TWICE,
            Self::WrongHand => &reasons::CLUE_HAND_WRONG,
            Self::NotHeard => &reasons::NOT_HEARD,
            Self::NotNamed => &reasons::OFFICER_NOT_NAMED,
            Self::NotOwed => &reasons::DECISION_NOT_OWED,
            Self::AppealEnded => &reasons::APPEAL_PERIOD_ENDED,
            Self::NoEntry => &reasons::FILE_ENTRY_NOT_FOUND,
            Self::Law(_) => &reasons::CLUE_PERIOD_UNKNOWN,
        }
    }
}

impl From<Vec<FieldError>> for Refusal {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Invalid(errors)
    }
}

impl From<LawError> for Refusal {
    fn from(error: LawError) -> Self {
        Self::Law(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let fault = Self::new(refusal.reason());
        match &refusal {
            Refusal::Invalid(errors) => errors
                .iter()
                .fold(fault, |fault, error| fault.with_violation(error.field, error.problem.zh())),
            Refusal::Law(_) => fault.caused_by(refusal),
            _ => fault,
        }
    }
}
