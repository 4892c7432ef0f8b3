//! What callers can change, one file a command: load, decide in the domain, save.

mod answer_correction;
mod answer_violation_notice;
mod call_deliberation;
mod conclude;
mod conclude_deliberation;
mod decide_request;
mod enter_measure;
mod extend_detention;
mod give_deliberation_opinion;
mod give_opinion;
mod mark_major;
mod receive_answer;
mod receive_violation_notice;
mod record_arrest;
mod record_release;
mod return_for_correction;
mod send_by_open_channel;
mod send_directly;
mod submit_request;

pub(crate) use answer_correction::AnswerCorrection;
pub(crate) use answer_violation_notice::AnswerViolationNotice;
pub(crate) use call_deliberation::CallDeliberation;
pub(crate) use conclude::{ConcludeExamination, ConcludeInvestigation};
pub(crate) use conclude_deliberation::ConcludeDeliberation;
pub(crate) use decide_request::DecideRequest;
pub(crate) use enter_measure::EnterMeasure;
pub(crate) use extend_detention::ExtendDetention;
pub(crate) use give_deliberation_opinion::GiveDeliberationOpinion;
pub(crate) use give_opinion::GiveOpinion;
pub(crate) use mark_major::MarkMajor;
pub(crate) use receive_answer::{Document, ReceiveAnswer};
pub(crate) use receive_violation_notice::ReceiveViolationNotice;
pub(crate) use record_arrest::RecordArrest;
pub(crate) use record_release::RecordRelease;
pub(crate) use return_for_correction::ReturnForCorrection;
pub(crate) use send_by_open_channel::SendByOpenChannel;
pub(crate) use send_directly::SendDirectly;
pub(crate) use submit_request::SubmitRequest;

use gongxin_kernel::Fault;
use gongxin_review_domain::{CaseFile, Officer, Refusal, Unit};

use crate::reasons;

/// Refuses an officer of another unit than the one that handles the case.
fn own_unit(case: &CaseFile, officer: &Officer) -> Result<(), Fault> {
    handled_by(case, &officer.unit)
}

fn handled_by(case: &CaseFile, unit: &Unit) -> Result<(), Fault> {
    if case.unit().code == unit.code {
        return Ok(());
    }
    Err(Fault::new(&reasons::NOT_YOUR_UNIT))
}

/// Names the field that held the time, when the time is at fault.
fn at_fault(field: &'static str) -> impl Fn(Refusal) -> Fault {
    move |refusal| {
        let about_time = matches!(refusal, Refusal::ImpossibleTime | Refusal::Period(_));
        let description = refusal.violation_zh();
        let fault = Fault::from(refusal);
        if about_time { fault.with_violation(field, description) } else { fault }
    }
}
