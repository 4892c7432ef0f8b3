//! What an event of intake or review tells: unit, officer, breach, detention. No person else.
//!
//! This is the one table of what is a breach: an event that [`Told::opens`] is one finding, named by
//! the event. It has to say the number of its case, unless an earlier event of the case did, and
//! the unit.

use gongxin_kernel::Fault;
use gongxin_proto::common::v1 as common;
use gongxin_proto::operations::v1::Envelope;
use gongxin_proto::{intake::v1 as intake, review::v1 as review};
use gongxin_supervision_domain::{CaseId, FindingKind, SuspectId, Unit};
use jiff::Timestamp;
use prost::Message;
use uuid::Uuid;

use super::unreadable;

/// What is kept of an event.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The case, where the event belongs to something else of it, e.g. a notice.
    pub(super) case: Option<CaseId>,
    pub(super) case_number: Option<String>,
    pub(super) unit: Option<Unit>,
    pub(super) actor_kind: &'static str,
    pub(super) police_number: Option<String>,
    /// The kind of finding that it opens, and what of the case that is about.
    pub(super) breach: Option<(FindingKind, Option<Uuid>)>,
    /// Who was detained, and since when.
    pub(super) detained: Option<(SuspectId, Timestamp)>,
}

impl Told {
    /// An officer's act.
    fn by(officer: Option<common::Officer>) -> Result<Self, Fault> {
        let officer = officer.ok_or_else(|| unreadable("an officer is missing"))?;
        let police_number = Some(officer.police_number);
        Ok(Self { actor_kind: "officer", police_number, ..Self::default() })
    }

    fn of(actor_kind: &'static str) -> Self {
        Self { actor_kind, ..Self::default() }
    }

    fn on(self, case_number: String, unit: Option<common::Unit>) -> Result<Self, Fault> {
        let unit = unit.ok_or_else(|| unreadable("a unit is missing"))?;
        let code = unit.code.parse().map_err(unreadable)?;
        let case_number = Some(case_number).filter(|number| !number.is_empty());
        Ok(Self { case_number, unit: Some(Unit { code, name: unit.name }), ..self })
    }

    /// The event is of something else than a case; an empty id leaves that a matter of its own.
    fn of_case(self, case: &str) -> Result<Self, Fault> {
        let case = Some(case).filter(|case| !case.is_empty());
        let case = case.map(str::parse).transpose().map_err(unreadable)?;
        Ok(Self { case, ..self })
    }

    /// The event is a breach: a finding of `kind` about the case, or about `subject` within it.
    fn opens(self, kind: FindingKind, subject: Option<&str>) -> Result<Self, Fault> {
        let subject = subject.map(str::parse).transpose().map_err(unreadable)?;
        Ok(Self { breach: Some((kind, subject)), ..self })
    }
}

/// Reads an event. One of a later version that is not known here is an entry without details.
pub(super) fn tell(event: &Envelope) -> Result<Told, Fault> {
    match event.r#type.strip_prefix("gongxin.intake.v1.") {
        Some(name) => of_intake(name, event),
        None => match event.r#type.strip_prefix("gongxin.review.v1.") {
            Some(name) => of_review(name, event),
            None => Ok(Told::of("system")),
        },
    }
}

fn read<M: Message + Default>(event: &Envelope) -> Result<M, Fault> {
    M::decode(&*event.data).map_err(unreadable)
}

fn of_intake(name: &str, event: &Envelope) -> Result<Told, Fault> {
    use FindingKind::{
        ExplanationOverdue, FilingReviewOverdue, NonFilingNoticeOverdue, ReconsiderationOverdue,
        ReportTurnedAway,
    };
    match name {
        "ReportRegistered" => {
            let e: intake::ReportRegistered = read(event)?;
            // A report that opens no case is known by its own number.
            let number = if e.case_number.is_empty() { e.number } else { e.case_number };
            Told::by(e.officer)?.on(number, e.unit)
        }
        "FilingReviewExtended" => Told::by(read::<intake::FilingReviewExtended>(event)?.approver),
        "FilingReviewOverdue" => {
            let e: intake::FilingReviewOverdue = read(event)?;
            Told::of("period").on(e.case_number, e.unit)?.opens(FilingReviewOverdue, None)
        }
        "CaseFiled" => {
            let e: intake::CaseFiled = read(event)?;
            Told::by(e.decided_by)?.on(e.case_number, e.unit)
        }
        "CaseNotFiled" => {
            let e: intake::CaseNotFiled = read(event)?;
            Told::by(e.decided_by)?.on(e.case_number, e.unit)
        }
        "NonFilingNoticeOverdue" => {
            let e: intake::NonFilingNoticeOverdue = read(event)?;
            Told::of("period").on(e.case_number, e.unit)?.opens(NonFilingNoticeOverdue, None)
        }
        "NonFilingNoticeServed" => Ok(Told::of("officer")),
        "ReconsiderationPeriodEnded" => Ok(Told::of("period")),
        "CaseTransferred" => {
            let e: intake::CaseTransferred = read(event)?;
            Told::by(e.decided_by)?.on(e.case_number, e.unit)
        }
        "ReconsiderationRequested" => {
            let e: intake::ReconsiderationRequested = read(event)?;
            Told::of("officer").on(e.case_number, e.unit)
        }
        "ReconsiderationDecided" => {
            let e: intake::ReconsiderationDecided = read(event)?;
            Told::by(e.decided_by)?.on(e.case_number, e.unit)
        }
        "ReconsiderationOverdue" => {
            let e: intake::ReconsiderationOverdue = read(event)?;
            Told::of("period").on(e.case_number, e.unit)?.opens(ReconsiderationOverdue, None)
        }
        "NonFilingQuestioned" => {
            let e: intake::NonFilingQuestioned = read(event)?;
            Told::of("organ").on(e.case_number, e.unit)
        }
        "NonFilingExplained" => {
            let e: intake::NonFilingExplained = read(event)?;
            Told::by(e.answered_by)?.on(e.case_number, e.unit)
        }
        "NonFilingExplanationOverdue" => {
            let e: intake::NonFilingExplanationOverdue = read(event)?;
            Told::of("period").on(e.case_number, e.unit)?.opens(ExplanationOverdue, None)
        }
        // The reporter's word, whoever wrote it down.
        "ReportTurnedAway" => {
            let e: intake::ReportTurnedAway = read(event)?;
            Told::of("officer").on(e.number, e.unit)?.opens(ReportTurnedAway, None)
        }
        _ => of_call(name, event),
    }
}

/// A call stands for itself: its number takes the place of the case's.
fn of_call(name: &str, event: &Envelope) -> Result<Told, Fault> {
    match name {
        "CallRecorded" => {
            let e: intake::CallRecorded = read(event)?;
            Told::by(e.officer)?.on(e.call_number, e.unit)
        }
        "CallSettled" => {
            let e: intake::CallSettled = read(event)?;
            Told::of("officer").on(e.call_number, e.unit)
        }
        "CallJustified" => {
            let e: intake::CallJustified = read(event)?;
            Told::by(e.officer)?.on(e.call_number, e.unit)
        }
        "CallUnregistered" => {
            let e: intake::CallUnregistered = read(event)?;
            let told = Told::of("period").on(e.call_number, e.unit)?;
            told.opens(FindingKind::ReportUnregistered, None)
        }
        _ => Ok(Told::of("system")),
    }
}

fn of_review(name: &str, event: &Envelope) -> Result<Told, Fault> {
    use FindingKind::{
        CorrectionOverdue, CustodyOverdue, DirectSendingRefused, SupplementaryOverdue,
        ViolationNoticeOverdue,
    };
    match name {
        "CaseReceived" => {
            let e: review::CaseReceived = read(event)?;
            Told::of("system").on(e.case_number, e.unit)
        }
        "MeasureEntered" => measure(read(event)?),
        "DetentionExtended" => Told::by(read::<review::DetentionExtended>(event)?.approver),
        "CustodyOverdue" => {
            let e: review::CustodyOverdue = read(event)?;
            let told = Told::of("period").on(e.case_number, e.unit)?;
            told.opens(CustodyOverdue, Some(&e.suspect_id))
        }
        "SuspectReleased" => Told::by(read::<review::SuspectReleased>(event)?.entered_by),
        "SuspectArrested" => Told::by(read::<review::SuspectArrested>(event)?.entered_by),
        "RequestSubmitted" => Told::by(read::<review::RequestSubmitted>(event)?.submitted_by),
        "RequestReturned" => Told::by(read::<review::RequestReturned>(event)?.reviewer),
        "CorrectionOverdue" => {
            let e: review::CorrectionOverdue = read(event)?;
            let told = Told::of("period").on(String::new(), e.unit)?;
            told.opens(CorrectionOverdue, Some(&e.review_request_id))
        }
        "RequestReviewed" => Told::by(read::<review::RequestReviewed>(event)?.reviewer),
        "RequestDecided" => Told::by(read::<review::RequestDecided>(event)?.approver),
        "DirectSendingRefused" => {
            let e: review::DirectSendingRefused = read(event)?;
            Told::of("officer").on(e.case_number, e.unit)?.opens(DirectSendingRefused, None)
        }
        "ExitDelivered" | "ArrestRequestAnswered" | "ProsecutionDecided" | "Judged" => {
            Ok(Told::of("organ"))
        }
        "ExaminationConcluded" => Told::by(read::<review::ExaminationConcluded>(event)?.officer),
        "InvestigationConcluded" => {
            Told::by(read::<review::InvestigationConcluded>(event)?.approver)
        }
        "SupplementaryOverdue" => {
            let e: review::SupplementaryOverdue = read(event)?;
            let told = Told::of("period").on(e.case_number, e.unit)?;
            told.opens(SupplementaryOverdue, Some(&e.exit_id))
        }
        "ViolationNoticeReceived" => {
            let e: review::ViolationNoticeReceived = read(event)?;
            Told::of("organ").on(e.case_number, e.unit)?.of_case(&e.case_id)
        }
        "ViolationNoticeOverdue" => {
            let e: review::ViolationNoticeOverdue = read(event)?;
            let told = Told::of("period").on(e.case_number, e.unit)?.of_case(&e.case_id)?;
            told.opens(ViolationNoticeOverdue, Some(&e.notice_id))
        }
        "ViolationNoticeAnswered" => {
            let e: review::ViolationNoticeAnswered = read(event)?;
            Told::of("officer").on(e.case_number, e.unit)?.of_case(&e.case_id)
        }
        "ViolationAnswerDelivered" => {
            let e: review::ViolationAnswerDelivered = read(event)?;
            Told::of("organ").on(e.case_number, e.unit)?.of_case(&e.case_id)
        }
        // Open by law: an entry of the timeline, never a finding.
        "OpenChannelSent" => {
            let e: review::OpenChannelSent = read(event)?;
            Told::of("officer").on(e.case_number, e.unit)?.of_case(&e.case_id)
        }
        "OpenChannelDelivered" => {
            let e: review::OpenChannelDelivered = read(event)?;
            Told::of("organ").on(e.case_number, e.unit)?.of_case(&e.case_id)
        }
        _ => Ok(Told::of("system")),
    }
}

fn measure(event: review::MeasureEntered) -> Result<Told, Fault> {
    let is_detention = event.kind() == review::MeasureKind::Detention;
    let told = Told::by(event.entered_by)?;
    if !is_detention {
        return Ok(told);
    }
    let suspect = event.suspect_id.parse().map_err(unreadable)?;
    let started_at = event.started_at.parse().map_err(unreadable)?;
    Ok(Told { detained: Some((suspect, started_at)), ..told })
}
