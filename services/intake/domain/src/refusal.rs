//! Why a transition is refused, one variant per thing the caller can do something about.

use gongxin_kernel::{Fault, Reason};
use gongxin_law::{Approver, LawError};

use crate::{FieldError, Receiver, reasons};

/// A refused transition; the report stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Fields at fault.
    #[error("the content is not valid")]
    Invalid(Vec<FieldError>),
    /// A case number is missing, or given where no case is opened.
    #[error("the case number does not go with the nature of the report")]
    CaseNumberMismatch,
    /// No filing review runs.
    #[error("the report is not under filing review")]
    NotUnderReview,
    /// The review is over: a clock that is past stays past.
    #[error("the filing review has ended and cannot be extended")]
    AlreadyOverdue,
    /// The rule does not allow this extension.
    #[error("the extension is refused")]
    ExtensionRefused(#[source] ExtensionProblem),
    /// No ground was given.
    #[error("the ground must be given")]
    GroundRequired,
    /// Who registered the report does not decide it.
    #[error("the officer who registered the report does not decide it")]
    OwnMatter,
    /// The charge is one that only the supervisory commission investigates.
    #[error("a duty crime is transferred to the supervisory commission, not filed")]
    DutyCrime,
    /// No notice waits to be served.
    #[error("no notice of non-filing is waiting to be served")]
    NoticeNotOwed,
    /// No reconsideration can be asked for, or waits to be decided.
    #[error("no reconsideration can be asked for or waits to be decided")]
    ReconsiderationNotOpen,
    /// The request came after the end of its time.
    #[error("the time to ask for reconsideration has ended")]
    ReconsiderationTooLate,
    /// Who took part does not reconsider; the field that names the officer, empty for the caller.
    #[error("the officer took part in what is reconsidered")]
    TookPart(&'static str),
    /// The procuratorate cannot ask about this case, or nothing waits for an answer.
    #[error("no demand for reasons can be entered or waits for an answer")]
    QuestionNotOpen,
    /// The rules give no period for the act.
    #[error("the rules give no period for this act")]
    Law(#[source] LawError),
}

/// Why an extension is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionProblem {
    /// The rule does not know it, or not now.
    #[error("{0}")]
    Rule(LawError),
    /// The approver does not hold the rank that the rule names.
    #[error("the rule names another rank: {}", .0.en())]
    Rank(Approver),
}

impl Refusal {
    /// The stable reason.
    pub fn reason(&self) -> &'static Reason {
        match self {
            Self::Invalid(_) => &reasons::REPORT_INVALID,
            Self::CaseNumberMismatch => &reasons::CASE_NUMBER_MISMATCH,
            Self::NotUnderReview => &reasons::NOT_UNDER_REVIEW,
            Self::AlreadyOverdue => &reasons::REVIEW_OVERDUE,
            Self::ExtensionRefused(_) => &reasons::EXTENSION_REFUSED,
            Self::GroundRequired => &reasons::GROUND_REQUIRED,
            Self::OwnMatter => &reasons::OWN_MATTER,
            Self::DutyCrime => &reasons::DUTY_CRIME,
            Self::NoticeNotOwed => &reasons::NOTICE_NOT_OWED,
            Self::ReconsiderationNotOpen => &reasons::RECONSIDERATION_NOT_OPEN,
            Self::ReconsiderationTooLate => &reasons::RECONSIDERATION_TOO_LATE,
            Self::TookPart(_) => &reasons::TOOK_PART,
            Self::QuestionNotOpen => &reasons::QUESTION_NOT_OPEN,
            Self::Law(_) => &reasons::LAW_UNAVAILABLE,
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let fault = Self::new(refusal.reason());
        match &refusal {
            Refusal::Invalid(errors) => errors
                .iter()
                .fold(fault, |fault, error| fault.with_violation(error.field, error.problem.zh())),
            Refusal::ExtensionRefused(ExtensionProblem::Rank(rank)) => {
                fault.with_fact("approver", rank.zh())
            }
            Refusal::TookPart(field) if !field.is_empty() => {
                fault.with_violation(field, refusal.reason().zh)
            }
            Refusal::DutyCrime => {
                fault.with_fact("transfer_to", Receiver::SupervisoryCommission.zh())
            }
            Refusal::ExtensionRefused(_) | Refusal::Law(_) => fault.caused_by(refusal),
            _ => fault,
        }
    }
}
