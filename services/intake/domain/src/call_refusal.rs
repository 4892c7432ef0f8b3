//! Why a transition of a call is refused, and what happens to one.

use gongxin_kernel::{Fault, Reason};

use crate::{FieldError, Problem, reasons};

/// One thing that happened to a call; each made one revision. What it tells is in the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEvent {
    /// The call is in the register.
    Recorded,
    /// The daily check found it open.
    Unregistered,
    /// A report that came of it is registered.
    Settled,
    /// It needs no report.
    Justified,
}

/// A refused transition; the call stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallRefusal {
    /// Fields at fault.
    #[error("the content is not valid")]
    Invalid(Vec<FieldError>),
    /// The call is there with other content; the fields that differ.
    #[error("the call is in the register with other content")]
    Differs(Vec<&'static str>),
    /// Another report settled it; the number of its receipt.
    #[error("another report settled the call")]
    Settled(String),
    /// It is in a report or justified.
    #[error("the call is not open")]
    NotOpen,
    /// The officer is of the unit that was dispatched.
    #[error("the unit that was dispatched does not justify its own call")]
    OwnUnit,
}

impl CallRefusal {
    /// One field at fault.
    pub(crate) fn of(field: &'static str, problem: Problem) -> Self {
        Self::Invalid(vec![FieldError { field, problem }])
    }

    /// The stable reason.
    pub fn reason(&self) -> &'static Reason {
        match self {
            Self::Invalid(_) => &reasons::CALL_INVALID,
            Self::Differs(_) => &reasons::CALL_DIFFERS,
            Self::Settled(_) => &reasons::CALL_SETTLED,
            Self::NotOpen => &reasons::CALL_NOT_OPEN,
            Self::OwnUnit => &reasons::CALL_OF_OWN_UNIT,
        }
    }
}

impl From<CallRefusal> for Fault {
    fn from(refusal: CallRefusal) -> Self {
        let fault = Self::new(refusal.reason());
        match refusal {
            CallRefusal::Invalid(errors) => errors
                .iter()
                .fold(fault, |fault, error| fault.with_violation(error.field, error.problem.zh())),
            CallRefusal::Differs(fields) => fields
                .iter()
                .fold(fault, |fault, field| fault.with_violation(field, "与已登记的内容不一致")),
            CallRefusal::Settled(number) => fault
                .with_violation("call_number", "该警情已登记为其他接报案")
                .with_fact("report_number", number),
            CallRefusal::NotOpen | CallRefusal::OwnUnit => fault,
        }
    }
}
