//! Entering a report into the register.

use gongxin_kernel::Revision;
use gongxin_law::LawError;
use gongxin_law::identifiers::CaseNumber;
use jiff::Timestamp;

use crate::{
    Changed, Deadline, Event, FieldError, Law, Nature, NewReport, Officer, Period, Problem,
    Refusal, Report, ReportId, Snapshot, Stage,
};

const REVIEW_RULE: &str = "intake.filing_review.criminal";

/// What the register adds to the content of a new report.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The id of the new report.
    pub id: ReportId,
    /// Number of the report receipt.
    pub number: String,
    /// The case accepted; exactly where [`Nature::opens_case`].
    pub case_number: Option<CaseNumber>,
    /// The earlier report; exactly for [`Nature::Repeat`].
    pub repeated: Option<Repeated>,
    /// What the reporter is told on the receipt.
    pub channels: Channels,
    /// Who enters it.
    pub officer: Officer,
    /// When.
    pub at: Timestamp,
}

/// Where the holder of a receipt can turn to, as a bureau publishes it (RF24-4); none where the
/// bureau has not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// To ask how the matter stands (查询渠道).
    pub inquiry: Option<String>,
    /// To complain (投诉渠道).
    pub complaint: Option<String>,
}

/// The earlier report that a report is said to repeat.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// Number of its receipt.
    pub number: String,
    /// What kind of matter it is.
    pub nature: Nature,
}

impl Report {
    /// Enters a report. A criminal one starts its filing review (INT-22), counted from the
    /// moment it was told to the police: that is when the case is received, however late it is
    /// entered. Only what repeats a case under way or closed is linked without a review of its
    /// own (PCR 175): nothing else of a report's would ever be looked at again.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::CaseNumberMismatch`], [`Refusal::Law`].
    pub fn register(
        content: NewReport,
        registration: Registration,
        law: Law<'_>,
    ) -> Result<Changed, Refusal> {
        content.check(registration.at).map_err(Refusal::Invalid)?;
        let stage = match (content.nature, registration.case_number) {
            (Nature::Criminal, Some(case_number)) => {
                let period =
                    Period::start(REVIEW_RULE, content.told_at, law).map_err(refused_start)?;
                Stage::FilingReview { case_number, review: Deadline::running(period) }
            }
            (Nature::Administrative, Some(case_number)) => Stage::Administrative { case_number },
            (Nature::NotPolice, None) => Stage::NotPolice,
            (Nature::Repeat, None) => {
                if !registration.repeated.as_ref().is_some_and(|it| it.nature.opens_case()) {
                    return Err(without_case());
                }
                Stage::Linked
            }
            _ => return Err(Refusal::CaseNumberMismatch),
        };
        let report = Self(Snapshot {
            id: registration.id,
            number: registration.number,
            content,
            registered_by: registration.officer,
            registered_at: registration.at,
            stage,
            revision: Revision::FIRST,
        });
        let repeats = registration.repeated.map(|earlier| earlier.number);
        let event = report.registered(repeats, registration.channels);
        Ok(Changed::new(report, vec![event]))
    }

    fn registered(&self, repeats: Option<String>, channels: Channels) -> Event {
        let Snapshot { id, number, content, registered_by, registered_at, .. } = &self.0;
        Event::Registered {
            report_id: *id,
            number: number.clone(),
            source: content.source,
            nature: content.nature,
            call_number: content.call_number.clone(),
            told_at: content.told_at,
            registered_at: *registered_at,
            unit: content.unit.clone(),
            officer: registered_by.clone(),
            case_number: self.case_number().cloned(),
            charge: content.charge.clone(),
            filing_review: self.filing_review().map(|review| review.period.clone()),
            evidence_items: content.evidence.len(),
            repeat_of: content.repeat_of,
            repeats,
            channels,
        }
    }
}

fn without_case() -> Refusal {
    Refusal::Invalid(vec![FieldError { field: "repeat_of", problem: Problem::NoCase }])
}

/// A time before every version of the rule is a time that was entered wrongly.
fn refused_start(error: LawError) -> Refusal {
    match error {
        LawError::NotInForce { .. } => {
            Refusal::Invalid(vec![FieldError { field: "told_at", problem: Problem::NoRule }])
        }
        other => Refusal::Law(other),
    }
}
