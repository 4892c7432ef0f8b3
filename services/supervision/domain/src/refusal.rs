//! Why a transition is refused, one variant per thing the caller can do something about.

use gongxin_kernel::{Fault, Reason};

use crate::{ForbiddenMeasure, reasons};

/// A refused transition; the finding stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The stage does not allow it.
    #[error("the finding's stage does not allow this")]
    Stage,
    /// The officer belongs to the unit concerned.
    #[error("nobody judges a finding about the own unit")]
    OwnUnit,
    /// The officer does not belong to the unit concerned.
    #[error("only the unit concerned rectifies a finding")]
    OtherUnit,
    /// The date to rectify is not in the future.
    #[error("the date to rectify must be in the future")]
    RectifyByPast,
    /// The matter was not determined as a violation.
    #[error("only a violation is sent on as a clue")]
    NotAViolation,
    /// There is a clue already.
    #[error("the clue was sent already")]
    ClueAlreadySent,
    /// A text of this field is missing, too long or not plain.
    #[error("{0} is missing, too long or not plain")]
    Text(&'static str),
    /// A value of this field cannot be read.
    #[error("{0} cannot be read")]
    Value(&'static str),
    /// A scheme wants to measure what must not be measured.
    #[error("{} is forbidden as a measure", .0.code())]
    ForbiddenMeasure(ForbiddenMeasure),
    /// The items of a scheme are none, too many, repeated or of impossible points.
    #[error("the items of the scheme cannot be so")]
    SchemeItems,
    /// A recording cannot have these times; names the field.
    #[error("{0} cannot be so")]
    RecordingTime(&'static str),
}

impl Refusal {
    /// The stable reason.
    pub fn reason(&self) -> &'static Reason {
        match self {
            Self::Stage => &reasons::FINDING_STAGE,
            Self::OwnUnit => &reasons::FINDING_OF_OWN_UNIT,
            Self::OtherUnit => &reasons::FINDING_OF_OTHER_UNIT,
            Self::RectifyByPast => &reasons::RECTIFY_BY_PAST,
            Self::NotAViolation => &reasons::NOT_A_VIOLATION,
            Self::ClueAlreadySent => &reasons::CLUE_ALREADY_SENT,
            Self::Text(_) => &reasons::SUPERVISION_TEXT_INVALID,
            Self::Value(_) => &reasons::SUPERVISION_VALUE_INVALID,
            Self::ForbiddenMeasure(_) => &reasons::FORBIDDEN_MEASURE,
            Self::SchemeItems => &reasons::SCHEME_ITEMS_INVALID,
            Self::RecordingTime(_) => &reasons::RECORDING_TIME_IMPOSSIBLE,
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(field) | Self::Value(field) | Self::RecordingTime(field) => Some(field),
            Self::RectifyByPast => Some("rectify_by"),
            Self::ForbiddenMeasure(_) | Self::SchemeItems => Some("items"),
            _ => None,
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let reason = refusal.reason();
        let fault = match refusal.field() {
            Some(field) => Self::field(reason, field, reason.zh),
            None => Self::new(reason),
        };
        match refusal {
            Refusal::ForbiddenMeasure(measure) => fault
                .with_fact("measure", measure.code())
                .with_fact("measure_zh", measure.zh())
                .with_fact("rule", ForbiddenMeasure::RULE),
            _ => fault,
        }
    }
}
