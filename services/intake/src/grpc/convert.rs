//! From the domain to messages.

use gongxin_eventing::Past;
use gongxin_intake_domain as domain;
use gongxin_intake_domain::{Finding, Nature, Receiver, Source, Stage};
use gongxin_law::identifiers::ResidentId;
use gongxin_proto::common::v1::{Period, Unit};
use gongxin_proto::intake::v1 as proto;
use gongxin_proto::timestamp;

use super::calls;
use crate::queries::Reading;
use crate::store::Line;

pub(crate) fn period(period: &domain::Period) -> Period {
    Period {
        rule: period.rule.clone(),
        rule_version: period.rule_version.clone(),
        due_at: period.due_at.to_string(),
        assumed: period.assumed,
    }
}

pub(crate) fn person(person: &domain::Person) -> proto::Person {
    let id_number = person.id_number.as_ref().map(ResidentId::expose);
    proto::Person { name: person.name.clone(), id_number: id_number.unwrap_or_default().to_owned() }
}

pub(crate) fn source(source: Source) -> proto::ReportSource {
    match source {
        Source::Police110 => proto::ReportSource::Police110,
        Source::FoundAtWork => proto::ReportSource::FoundAtWork,
        Source::Report => proto::ReportSource::Report,
        Source::Accusation => proto::ReportSource::Accusation,
        Source::TipOff => proto::ReportSource::TipOff,
        Source::Surrender => proto::ReportSource::Surrender,
        Source::BroughtIn => proto::ReportSource::BroughtIn,
        Source::TransferAdministrative => proto::ReportSource::TransferAdministrative,
        Source::TransferPolice => proto::ReportSource::TransferPolice,
        Source::TransferJudicial => proto::ReportSource::TransferJudicial,
        Source::AssignedBySuperior => proto::ReportSource::AssignedBySuperior,
        Source::Letter => proto::ReportSource::Letter,
        Source::Portal => proto::ReportSource::Portal,
        Source::Other => proto::ReportSource::Other,
    }
}

pub(crate) fn nature(nature: Nature) -> proto::Nature {
    match nature {
        Nature::Criminal => proto::Nature::Criminal,
        Nature::Administrative => proto::Nature::Administrative,
        Nature::NotPolice => proto::Nature::NotPolice,
        Nature::Repeat => proto::Nature::Repeat,
    }
}

pub(crate) fn receiver(receiver: Receiver) -> proto::ReceivingOrgan {
    match receiver {
        Receiver::SupervisoryCommission => proto::ReceivingOrgan::SupervisoryCommission,
        Receiver::Procuratorate => proto::ReceivingOrgan::Procuratorate,
        Receiver::Court => proto::ReceivingOrgan::Court,
        Receiver::OtherPolice => proto::ReceivingOrgan::OtherPolice,
        Receiver::StateSecurity => proto::ReceivingOrgan::StateSecurity,
        Receiver::Military => proto::ReceivingOrgan::Military,
        Receiver::CoastGuard => proto::ReceivingOrgan::CoastGuard,
        Receiver::Prison => proto::ReceivingOrgan::Prison,
    }
}

pub(crate) fn finding(finding: Finding) -> proto::ReconsiderationOutcome {
    match finding {
        Finding::Upheld => proto::ReconsiderationOutcome::Upheld,
        Finding::Overturned => proto::ReconsiderationOutcome::Overturned,
    }
}

fn stage(code: &str) -> proto::ReportStage {
    match code {
        "filing_review" => proto::ReportStage::FilingReview,
        "filed" => proto::ReportStage::Filed,
        "not_filed" => proto::ReportStage::NotFiled,
        "transferred" => proto::ReportStage::Transferred,
        "administrative" => proto::ReportStage::Administrative,
        "not_police" => proto::ReportStage::NotPolice,
        "linked" => proto::ReportStage::Linked,
        _ => proto::ReportStage::Unspecified,
    }
}

/// A report with its history, as a reader entitled to it sees it.
pub(crate) fn report(reading: &Reading) -> proto::Report {
    let report = &reading.report;
    let state = report.state();
    let review = report.filing_review();
    let asked = report.reconsideration();
    let reconsidered = asked.and_then(|asked| asked.decided.as_ref());
    let question = report.question();
    let explained = question.and_then(|question| question.answer.as_ref());
    let runs = matches!(state.stage, Stage::FilingReview { .. });
    proto::Report {
        report_id: state.id.to_string(),
        number: state.number.clone(),
        case_number: report.case_number().map(ToString::to_string).unwrap_or_default(),
        source: source(state.content.source).into(),
        stage: stage(state.stage.code()).into(),
        unit: Some((&state.content.unit).into()),
        told_at: Some(timestamp(state.content.told_at)),
        registered_at: Some(timestamp(state.registered_at)),
        charge: state.content.charge.clone().unwrap_or_default(),
        facts: state.content.facts.clone(),
        reporter: report.reporter_shown().unwrap_or_default(),
        evidence: state.content.evidence.clone(),
        suspects: state.content.suspects.iter().map(person).collect(),
        filing_review: review.map(|review| period(&review.period)),
        overdue: report.was_overdue() || (runs && review.is_some_and(|r| r.is_over(reading.at))),
        decision_number: state
            .stage
            .filed_after_all()
            .and_then(|decided| decided.filing_number.as_ref())
            .or_else(|| report.decision().map(|decision| &decision.document_number))
            .map(ToString::to_string)
            .unwrap_or_default(),
        revision: state.revision.0,
        history: reading.history.iter().map(entry).collect(),
        filing_review_explained: review
            .map(|review| review.period.explained_zh.clone())
            .unwrap_or_default(),
        receiving_organ: report
            .receiver()
            .map_or(proto::ReceivingOrgan::Unspecified, receiver)
            .into(),
        reconsideration_decision: asked.map(|asked| period(&asked.deadline.period)),
        reconsideration_number: reconsidered
            .map(|decided| decided.document_number.to_string())
            .unwrap_or_default(),
        explanation: question.map(|question| period(&question.deadline.period)),
        explanation_number: explained
            .map(|answer| answer.document_number.to_string())
            .unwrap_or_default(),
        reporters_statements: reading.words.iter().map(calls::statement).collect(),
    }
}

pub(crate) fn entry(past: &Past) -> proto::HistoryEntry {
    proto::HistoryEntry {
        revision: past.version.0,
        at: Some(timestamp(past.at)),
        what: gongxin_chassis::event_text(&past.subject).zh.into_owned(),
        actor: past.actor.clone(),
    }
}

pub(crate) fn line(line: Line) -> proto::ReportLine {
    proto::ReportLine {
        report_id: line.id.to_string(),
        number: line.number,
        case_number: line.case_number.unwrap_or_default(),
        stage: stage(&line.stage).into(),
        unit: Some(Unit { code: line.unit_code, name: line.unit_name }),
        registered_at: Some(timestamp(line.registered_at.0)),
        due_at: line.due_at.map(|at| at.0.to_string()).unwrap_or_default(),
        overdue: line.overdue,
    }
}
