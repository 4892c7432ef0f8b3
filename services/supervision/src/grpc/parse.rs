//! From messages to the domain: every value parsed, the field at fault named.

use std::str::FromStr;

use gongxin_chassis::reasons::ID_INVALID;
use gongxin_kernel::{Fault, UnitCode};
use gongxin_proto::common::v1 as common;
use gongxin_proto::supervision::v1 as proto;
use gongxin_supervision_domain::{
    CaseId, Determination, DeviceKind, FindingId, FindingKind, ForbiddenMeasure, Measure,
    NewRecording, RecordedStage, Refusal, SchemeId, Text,
};
use jiff::Timestamp;

/// Longest police number, in characters.
const LONGEST_POLICE_NUMBER: usize = 20;

fn id<T: FromStr>(field: &'static str, text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::field(&ID_INVALID, field, "必须是 UUID"))
}

pub(super) fn finding(text: &str) -> Result<FindingId, Fault> {
    id("finding_id", text)
}

pub(super) fn page_token(text: &str) -> Result<FindingId, Fault> {
    id("page_token", text)
}

pub(super) fn case(text: &str) -> Result<CaseId, Fault> {
    id("case_id", text)
}

pub(super) fn determination(value: proto::Determination) -> Result<Determination, Fault> {
    Ok(match value {
        proto::Determination::Lawful => Determination::Lawful,
        proto::Determination::Blemish => Determination::Blemish,
        proto::Determination::Violation => Determination::Violation,
        proto::Determination::Unspecified => return Err(Refusal::Value("determination").into()),
    })
}

/// A required instant.
pub(super) fn instant(
    field: &'static str,
    value: Option<prost_types::Timestamp>,
) -> Result<Timestamp, Fault> {
    Ok(value.and_then(gongxin_proto::instant).ok_or(Refusal::Value(field))?)
}

pub(super) fn recording(message: proto::RegisterRecordingRequest) -> Result<NewRecording, Fault> {
    let device = match message.device() {
        proto::DeviceKind::BodyWorn => DeviceKind::BodyWorn,
        proto::DeviceKind::Vehicle => DeviceKind::Vehicle,
        proto::DeviceKind::HandlingArea => DeviceKind::HandlingArea,
        proto::DeviceKind::InterrogationSystem => DeviceKind::InterrogationSystem,
        proto::DeviceKind::Unspecified => return Err(Refusal::Value("device").into()),
    };
    let stage = match message.stage() {
        proto::RecordedStage::Response => RecordedStage::Response,
        proto::RecordedStage::Scene => RecordedStage::Scene,
        proto::RecordedStage::Search => RecordedStage::Search,
        proto::RecordedStage::Interrogation => RecordedStage::Interrogation,
        proto::RecordedStage::Unspecified => return Err(Refusal::Value("stage").into()),
    };
    let suspect = match message.suspect_id.as_str() {
        "" => None,
        text => Some(id("suspect_id", text)?),
    };
    let police_number =
        Text::at_most(LONGEST_POLICE_NUMBER, "police_number", message.police_number)?;
    Ok(NewRecording {
        case: case(&message.case_id)?,
        device,
        stage,
        suspect,
        police_number,
        digest: message.digest.parse()?,
        began_at: instant("began_at", message.began_at)?,
        ended_at: instant("ended_at", message.ended_at)?,
    })
}

pub(super) fn scheme(text: &str) -> Result<SchemeId, Fault> {
    id("scheme_id", text)
}

/// The code of a unit; its name is not looked at.
pub(super) fn unit(unit: Option<common::Unit>) -> Result<UnitCode, Fault> {
    let code = unit.and_then(|unit| unit.code.parse().ok());
    Ok(code.ok_or(Refusal::Value("unit"))?)
}

/// The items of a scheme; whether they may be is the domain's to say.
pub(super) fn measures(items: &[proto::SchemeItem]) -> Result<Vec<(Measure, u32)>, Fault> {
    items.iter().map(|item| Ok((measure(item.measure())?, item.points))).collect()
}

fn measure(measure: proto::Measure) -> Result<Measure, Refusal> {
    let name = measure.as_str_name().trim_start_matches("MEASURE_").to_lowercase();
    let allowed = FindingKind::of_code(&name).map(Measure::Findings);
    let forbidden = || ForbiddenMeasure::of_code(&name).map(Measure::Forbidden);
    allowed.or_else(forbidden).ok_or(Refusal::Value("items"))
}
