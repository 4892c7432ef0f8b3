//! Why a transition is refused, one variant per thing the caller can do something about.

use gongxin_kernel::{Fault, Reason};
use gongxin_law::LawError;

use crate::{ConclusionStep, DossierPart, reasons};

/// Characters of a ground, an opinion, a reason, a defect or an answer.
pub(crate) const LONG: usize = 4_000;
/// Characters of a number or a name.
pub(crate) const SHORT: usize = 200;
/// Defects a return may name.
const MOST_ITEMS: usize = 50;

/// A typed refusal; the case stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The case has no such suspect.
    #[error("no such suspect")]
    SuspectNotFound,
    /// The case has no such request.
    #[error("no such review request")]
    RequestNotFound,
    /// The case has no such exit.
    #[error("no such exit")]
    ExitNotFound,
    /// The suspect is under a measure.
    #[error("a measure is in force")]
    MeasureInForce,
    /// The suspect is not detained, or the request is out already.
    #[error("the suspect is not detained before a request")]
    NotDetained,
    /// The detention has ended; only a release paper or a delivered request is left.
    #[error("the detention has ended")]
    DetentionEnded,
    /// The law does not allow the extension.
    #[error("the extension is not allowed")]
    Extension(#[source] LawError),
    /// No period can be computed for that time.
    #[error("no period can be computed")]
    Period(#[source] LawError),
    /// The act is in the future, or before the measure it ends.
    #[error("the act cannot have been at that time")]
    ImpossibleTime,
    /// Nobody is held.
    #[error("the suspect is not in custody")]
    NotInCustody,
    /// The procuratorate has not approved the arrest.
    #[error("no arrest is approved")]
    ArrestNotApproved,
    /// Nothing of this kind runs and has ended.
    #[error("no such clock has ended")]
    ClockNotRunning,
    /// Not in the stage the suspect is in.
    #[error("nothing can be requested at this stage")]
    NotRequestable,
    /// A request of this kind is under way.
    #[error("a request is open")]
    RequestOpen,
    /// These parts are missing from the dossier.
    #[error("the dossier is incomplete")]
    Incomplete(Vec<DossierPart>),
    /// The investigation is not concluded; this step is missing.
    #[error("the investigation is not concluded")]
    NotConcluded(ConclusionStep),
    /// The investigation has passed this step, or has not come to it.
    #[error("the investigation is at another step")]
    InvestigationStage,
    /// The exit carries another matter than the answer is about.
    #[error("the answer does not belong to this exit")]
    AnswerOfOtherMatter,
    /// The case was returned for supplementary investigation twice already.
    #[error("no more returns for supplementary investigation")]
    SupplementaryExhausted,
    /// The procuratorate has not prosecuted on this exit.
    #[error("not prosecuted")]
    NotInCourt,
    /// The request is at another stage.
    #[error("the request is at another stage")]
    RequestStage,
    /// The officer had another part in the matter.
    #[error("duties must be separate")]
    SeparationOfDuties,
    /// It was returned as often as the bureau allows.
    #[error("no more returns")]
    ReturnsExhausted,
    /// Custody ends too soon for a correction.
    #[error("no time is left for a correction")]
    CorrectionWithoutTime,
    /// Defects or answers that are none, too many, empty, or not one for one.
    #[error("{field} must be 1 to 50 texts, one answer a defect")]
    Items {
        /// The field at fault.
        field: &'static str,
    },
    /// The decision differs from the opinion and says no reasons.
    #[error("a decision that differs needs reasons")]
    ReasonsRequired,
    /// The other organ has not signed for the exit.
    #[error("the exit is not delivered")]
    ExitNotDelivered,
    /// Another receipt or answer is recorded.
    #[error("the exit has another record")]
    ExitRecorded,
    /// A text is empty or too long, or has a control character.
    #[error("{field} must be 1 to {limit} characters, none of them a control character")]
    Text {
        /// The field at fault.
        field: &'static str,
        /// The most characters.
        limit: usize,
    },
}

impl Refusal {
    /// The stable reason for the caller.
    pub fn reason(&self) -> &'static Reason {
        match self {
            Self::SuspectNotFound => &reasons::SUSPECT_NOT_FOUND,
            Self::RequestNotFound => &reasons::REVIEW_REQUEST_NOT_FOUND,
            Self::ExitNotFound => &reasons::EXIT_NOT_FOUND,
            Self::MeasureInForce => &reasons::MEASURE_IN_FORCE,
            Self::NotDetained => &reasons::SUSPECT_NOT_DETAINED,
            Self::DetentionEnded => &reasons::DETENTION_ENDED,
            Self::Extension(_) => &reasons::DETENTION_EXTENSION_REFUSED,
            Self::Period(_) => &reasons::MEASURE_PERIOD_UNKNOWN,
            Self::ImpossibleTime => &reasons::MEASURE_TIME_IMPOSSIBLE,
            Self::NotInCustody => &reasons::SUSPECT_NOT_IN_CUSTODY,
            Self::ArrestNotApproved => &reasons::ARREST_NOT_APPROVED,
            Self::ClockNotRunning => &reasons::REVIEW_CLOCK_NOT_ENDED,
            Self::NotRequestable => &reasons::SUSPECT_NOT_REQUESTABLE,
            Self::RequestOpen => &reasons::REVIEW_REQUEST_OPEN,
            Self::Incomplete(_) => &reasons::DOSSIER_INCOMPLETE,
            Self::NotConcluded(_) => &reasons::INVESTIGATION_NOT_CONCLUDED,
            Self::InvestigationStage => &reasons::INVESTIGATION_STAGE,
            Self::AnswerOfOtherMatter => &reasons::ANSWER_OF_OTHER_MATTER,
            Self::SupplementaryExhausted => &reasons::SUPPLEMENTARY_RETURNS_EXHAUSTED,
            Self::NotInCourt => &reasons::EXIT_NOT_PROSECUTED,
            Self::RequestStage => &reasons::REVIEW_REQUEST_STAGE,
            Self::SeparationOfDuties => &reasons::SEPARATION_OF_DUTIES,
            Self::ReturnsExhausted => &reasons::RETURNS_EXHAUSTED,
            Self::CorrectionWithoutTime => &reasons::CORRECTION_WITHOUT_TIME,
            Self::Items { .. } => &reasons::CORRECTION_ITEMS_INVALID,
            Self::ReasonsRequired => &reasons::DIFFERENCE_REASONS_REQUIRED,
            Self::ExitNotDelivered => &reasons::EXIT_NOT_DELIVERED,
            Self::ExitRecorded => &reasons::EXIT_ALREADY_RECORDED,
            Self::Text { .. } => &reasons::REVIEW_TEXT_INVALID,
        }
    }
}

impl Refusal {
    /// What the caller reads beside the field at fault, in Chinese.
    pub fn violation_zh(&self) -> String {
        match self {
            Self::Text { limit, .. } => format!("应为一至{limit}字，不得含控制字符"),
            Self::Items { .. } => "应为一至五十项，且逐项答复".to_owned(),
            _ => self.reason().zh.to_owned(),
        }
    }
}

impl From<Refusal> for Fault {
    /// Names the fields at fault; a missing dossier part is a violation of its own.
    fn from(refusal: Refusal) -> Self {
        let fault = Self::new(refusal.reason());
        match &refusal {
            Refusal::Incomplete(missing) => missing.iter().fold(fault, |fault, part| {
                fault.with_violation("parts", format!("缺少{}（{}）", part.zh(), part.code()))
            }),
            Refusal::NotConcluded(step) => {
                fault.with_violation("item", format!("缺少{}（{}）", step.zh(), step.code()))
            }
            Refusal::Items { field } | Refusal::Text { field, .. } => {
                fault.with_violation(field, refusal.violation_zh())
            }
            Refusal::ReasonsRequired => fault.with_violation("reasons", refusal.violation_zh()),
            Refusal::Extension(law) | Refusal::Period(law) => fault.caused_by(law.clone()),
            _ => fault,
        }
    }
}

/// Checks that a text says something, is not too long and has no control characters but those
/// that lay out lines: the database refuses one of them, and nobody sees the others.
pub(crate) fn text(field: &'static str, value: &str, limit: usize) -> Result<(), Refusal> {
    let is_foreign = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let fits = !value.trim().is_empty()
        && value.chars().count() <= limit
        && !value.chars().any(is_foreign);
    if fits { Ok(()) } else { Err(Refusal::Text { field, limit }) }
}

/// Checks defects or answers: 1 to 50, each a text.
pub(crate) fn items(field: &'static str, values: &[String]) -> Result<(), Refusal> {
    let count_fits = (1..=MOST_ITEMS).contains(&values.len());
    let each_fits = values.iter().all(|value| text(field, value, LONG).is_ok());
    if count_fits && each_fits { Ok(()) } else { Err(Refusal::Items { field }) }
}
