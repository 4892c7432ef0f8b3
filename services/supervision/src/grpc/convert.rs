//! From the domain and its rows to messages.

use gongxin_proto::common::v1 as common;
use gongxin_proto::supervision::v1 as proto;
use gongxin_proto::timestamp;
use gongxin_supervision_domain as domain;
use gongxin_supervision_domain::{Act, Finding, FindingKind, Recording, Stage, SuspectId, Text};

use crate::store::findings::Line;
use crate::store::timeline::Entry;

/// A kind of finding has one code in the domain, in the database and in the contract.
pub(crate) fn kind(kind: FindingKind) -> proto::FindingKind {
    let name = format!("FINDING_KIND_{}", kind.code().to_uppercase());
    proto::FindingKind::from_str_name(&name).unwrap_or_default()
}

fn stage(stage: Stage) -> proto::FindingStage {
    match stage {
        Stage::Warned => proto::FindingStage::Warned,
        Stage::Alarmed => proto::FindingStage::Alarmed,
        Stage::Determined => proto::FindingStage::Determined,
        Stage::Supervised => proto::FindingStage::Supervised,
        Stage::Rectified => proto::FindingStage::Rectified,
        Stage::Confirmed => proto::FindingStage::Confirmed,
        Stage::Closed => proto::FindingStage::Closed,
    }
}

pub(crate) fn determination(found: domain::Determination) -> proto::Determination {
    match found {
        domain::Determination::Lawful => proto::Determination::Lawful,
        domain::Determination::Blemish => proto::Determination::Blemish,
        domain::Determination::Violation => proto::Determination::Violation,
    }
}

pub(crate) fn device(device: domain::DeviceKind) -> proto::DeviceKind {
    match device {
        domain::DeviceKind::BodyWorn => proto::DeviceKind::BodyWorn,
        domain::DeviceKind::Vehicle => proto::DeviceKind::Vehicle,
        domain::DeviceKind::HandlingArea => proto::DeviceKind::HandlingArea,
        domain::DeviceKind::InterrogationSystem => proto::DeviceKind::InterrogationSystem,
    }
}

pub(crate) fn recorded_stage(stage: domain::RecordedStage) -> proto::RecordedStage {
    match stage {
        domain::RecordedStage::Response => proto::RecordedStage::Response,
        domain::RecordedStage::Scene => proto::RecordedStage::Scene,
        domain::RecordedStage::Search => proto::RecordedStage::Search,
        domain::RecordedStage::Interrogation => proto::RecordedStage::Interrogation,
    }
}

fn measure(kind: FindingKind) -> proto::Measure {
    let name = format!("MEASURE_{}", kind.code().to_uppercase());
    proto::Measure::from_str_name(&name).unwrap_or_default()
}

pub(crate) fn item(item: domain::SchemeItem) -> proto::SchemeItem {
    proto::SchemeItem { measure: measure(item.kind).into(), points: item.points }
}

pub(super) fn deduction(deduction: domain::Deduction) -> proto::Deduction {
    proto::Deduction {
        finding_id: deduction.finding.to_string(),
        measure: measure(deduction.kind).into(),
        points: deduction.points,
    }
}

pub(super) fn finding(finding: &Finding) -> proto::Finding {
    let opening = finding.opening();
    let determination = finding.determination().map_or(0, |found| determination(found).into());
    proto::Finding {
        finding_id: opening.id.to_string(),
        kind: kind(opening.kind).into(),
        stage: stage(finding.stage()).into(),
        case_id: opening.matter.case.to_string(),
        case_number: opening.matter.case_number.clone(),
        unit: Some((&opening.matter.unit).into()),
        opened_at: Some(timestamp(opening.at)),
        determination,
        rectify_by: finding.rectify_by().map(timestamp),
        clue_sent: finding.clue_sent(),
        revision: finding.revision().0,
        steps: steps(finding),
    }
}

fn steps(finding: &Finding) -> Vec<proto::FindingStep> {
    let opened = proto::FindingStep {
        revision: 1,
        at: Some(timestamp(finding.opening().at)),
        what: gongxin_chassis::event_text("finding.opened").zh.into_owned(),
        ..proto::FindingStep::default()
    };
    let acts = finding.done().iter().zip(2..).map(|(done, revision)| proto::FindingStep {
        revision,
        at: Some(timestamp(done.at)),
        what: what(&done.act),
        text: done.act.text().map(Text::as_str).unwrap_or_default().to_owned(),
        officer: done.by.as_ref().map(Into::into),
    });
    std::iter::once(opened).chain(acts).collect()
}

/// What an act is called, with what an officer found or proposed.
pub(crate) fn what(act: &Act) -> String {
    let name = gongxin_chassis::event_text(act.name()).zh;
    match act {
        Act::Determined { determination, .. } => format!("{name}：{}", determination.zh()),
        Act::ClueSent { clause, .. } => format!("{name}（条款编号 {}）", clause.as_str()),
        _ => name.into_owned(),
    }
}

pub(super) fn line(line: Line) -> proto::FindingLine {
    proto::FindingLine {
        finding_id: line.id.to_string(),
        kind: FindingKind::of_code(&line.kind).map_or(0, |found| kind(found).into()),
        stage: Stage::of_code(&line.stage).map_or(0, |found| stage(found).into()),
        case_id: line.case_id.to_string(),
        case_number: line.case_number,
        unit: Some(common::Unit { code: line.unit_code, name: line.unit_name }),
        opened_at: Some(timestamp(line.opened_at.0)),
        rectify_by: line.rectify_by.map(|at| timestamp(at.0)),
    }
}

pub(super) fn entry(entry: Entry) -> proto::TimelineEntry {
    let unit = entry.unit_code.zip(entry.unit_name);
    proto::TimelineEntry {
        at: Some(timestamp(entry.at.0)),
        what: gongxin_chassis::event_text(&entry.subject).zh.into_owned(),
        subject: entry.subject,
        unit: unit.map(|(code, name)| common::Unit { code, name }),
        actor_kind: entry.actor_kind,
        police_number: entry.police_number.unwrap_or_default(),
        source: entry.source,
        event_id: entry.event_id.to_string(),
        trace_id: entry.trace_id.unwrap_or_default(),
    }
}

pub(super) fn recording(recording: &Recording) -> proto::Recording {
    let content = &recording.content;
    let suspect = content.suspect.as_ref().map(SuspectId::to_string);
    proto::Recording {
        recording_id: recording.id.to_string(),
        device: device(content.device).into(),
        stage: recorded_stage(content.stage).into(),
        suspect_id: suspect.unwrap_or_default(),
        police_number: content.police_number.as_str().to_owned(),
        digest: content.digest.to_string(),
        began_at: Some(timestamp(content.began_at)),
        ended_at: Some(timestamp(content.ended_at)),
        registered_at: Some(timestamp(recording.registered_at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_finding_is_a_kind_and_a_measure_of_the_contract() {
        for each in FindingKind::ALL {
            assert_ne!(kind(*each), proto::FindingKind::Unspecified, "{each:?}");
            assert_ne!(measure(*each), proto::Measure::Unspecified, "{each:?}");
        }
    }
}
