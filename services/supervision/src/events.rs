//! Facts as events: the public message, the words of the receipt, the canonical form.

use gongxin_eventing::{NewEvent, reasons};
use gongxin_kernel::{Fault, Revision};
use gongxin_proto::supervision::v1 as proto;
use gongxin_supervision_domain::{Act, Done, Finding, Recording, Scheme, SuspectId, Text};
use gongxin_transparency::View;
use prost::{Message, Name};

use crate::grpc::convert;
use crate::store::cases::Head;

/// The event of a new finding.
pub(crate) fn opened(finding: &Finding) -> Result<NewEvent, Fault> {
    let opening = finding.opening();
    let message = proto::FindingOpened {
        matter: Some(matter(finding)),
        alarm: opening.alarm,
        cause_event_id: opening.id.to_string(),
        clue_at_once: opening.kind.clue_at_once(),
    };
    of_finding(finding, "finding.opened", opening.at, &message)
}

/// The event of what was done last about a finding.
pub(crate) fn acted(finding: &Finding, done: &Done) -> Result<NewEvent, Fault> {
    let matter = Some(matter(finding));
    let officer = done.by.as_ref().map(Into::into);
    let determination = finding.determination().map_or(0, |d| convert::determination(d).into());
    let text = done.act.text().map(Text::as_str).unwrap_or_default().to_owned();
    let (name, at) = (done.act.name(), done.at);
    match &done.act {
        Act::Alarmed => of_finding(finding, name, at, &proto::FindingAlarmed { matter }),
        Act::Determined { .. } => {
            let message = proto::FindingDetermined { matter, determination, reason: text, officer };
            of_finding(finding, name, at, &message)
        }
        Act::Supervised { rectify_by, .. } => {
            let rectify_by = rectify_by.to_string();
            let message =
                proto::FindingSupervised { matter, instruction: text, rectify_by, officer };
            of_finding(finding, name, at, &message)
        }
        Act::Reminded { rectify_by } => {
            let rectify_by = rectify_by.to_string();
            of_finding(finding, name, at, &proto::FindingReminded { matter, rectify_by })
        }
        Act::Rectified { .. } => {
            of_finding(finding, name, at, &proto::FindingRectified { matter, done: text, officer })
        }
        Act::Confirmed { .. } => {
            let message = proto::FindingConfirmed { matter, determination, note: text, officer };
            of_finding(finding, name, at, &message)
        }
        Act::ClueSent { clause, .. } => {
            let message = proto::FindingClueSent {
                matter,
                proposed_clause: clause.as_str().to_owned(),
                ground: text,
                sent_by: officer,
            };
            of_finding(finding, name, at, &message)
        }
        Act::Closed { .. } => {
            let message = proto::FindingClosed { matter, reason: text, officer, determination };
            of_finding(finding, name, at, &message)
        }
    }
}

/// The event of a new recording.
pub(crate) fn registered(
    recording: &Recording,
    head: &Head,
    revision: Revision,
) -> Result<NewEvent, Fault> {
    const SUBJECT: &str = "recording.registered";
    let content = &recording.content;
    let suspect = content.suspect.as_ref().map(SuspectId::to_string);
    let message = proto::RecordingRegistered {
        recording_id: recording.id.to_string(),
        case_id: content.case.to_string(),
        case_number: head.number.clone(),
        device: convert::device(content.device).into(),
        stage: convert::recorded_stage(content.stage).into(),
        suspect_id: suspect.unwrap_or_default(),
        police_number: content.police_number.as_str().to_owned(),
        digest: content.digest.to_string(),
        began_at: content.began_at.to_string(),
        ended_at: content.ended_at.to_string(),
        registered_by: Some((&recording.registered_by).into()),
    };
    let view = view(vec![
        ("event", gongxin_chassis::event_text(SUBJECT).zh.into_owned()),
        ("case", shown(&head.number)),
        ("device", content.device.zh().to_owned()),
        ("stage", content.stage.zh().to_owned()),
        ("digest", content.digest.to_string()),
        ("time", recording.registered_at.to_string()),
    ])?;
    let canonical = recording.canonical();
    Ok(NewEvent::new(recording.id.0, revision, SUBJECT, &message, view, &canonical))
}

/// The event of a new scheme.
pub(crate) fn defined(scheme: &Scheme) -> Result<NewEvent, Fault> {
    const SUBJECT: &str = "scheme.defined";
    let message = proto::SchemeDefined {
        scheme_id: scheme.id.to_string(),
        name: scheme.name.as_str().to_owned(),
        items: scheme.items.iter().copied().map(convert::item).collect(),
        officer: Some((&scheme.defined_by).into()),
    };
    let view = view(vec![
        ("event", gongxin_chassis::event_text(SUBJECT).zh.into_owned()),
        ("name", shown(scheme.name.as_str())),
        ("time", scheme.defined_at.to_string()),
    ])?;
    let (id, canonical) = (scheme.id.0, scheme.canonical());
    Ok(NewEvent::new(id, Revision::FIRST, SUBJECT, &message, view, &canonical))
}

fn matter(finding: &Finding) -> proto::Matter {
    let opening = finding.opening();
    proto::Matter {
        finding_id: opening.id.to_string(),
        kind: convert::kind(opening.kind).into(),
        case_id: opening.matter.case.to_string(),
        case_number: opening.matter.case_number.clone(),
        unit: Some((&opening.matter.unit).into()),
        opened_at: opening.at.to_string(),
    }
}

fn of_finding<M: Message + Name>(
    finding: &Finding,
    subject: &'static str,
    at: jiff::Timestamp,
    message: &M,
) -> Result<NewEvent, Fault> {
    let opening = finding.opening();
    let view = view(vec![
        ("event", gongxin_chassis::event_text(subject).zh.into_owned()),
        ("finding", opening.kind.zh().to_owned()),
        ("case", shown(&opening.matter.case_number)),
        ("unit", shown(&opening.matter.unit.name)),
        ("time", at.to_string()),
    ])?;
    let (id, canonical) = (finding.id().0, finding.canonical());
    Ok(NewEvent::new(id, finding.revision(), subject, message, view, &canonical))
}

fn view(lines: Vec<(&'static str, String)>) -> Result<View, Fault> {
    View::new(lines).map_err(|error| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error))
}

/// A name as a view can show it: marks that change how a line reads are left out.
fn shown(name: &str) -> String {
    name.chars().filter(|c| View::new([("unit", c.to_string())]).is_ok()).collect()
}
