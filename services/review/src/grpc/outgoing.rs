//! Cases and lines of the list as messages.

use gongxin_eventing::Past;
use gongxin_proto::common::v1::Unit;
use gongxin_proto::review::v1 as proto;
use gongxin_proto::timestamp;
use gongxin_review_domain::{
    CaseFile, Exit, ExitStage, Investigation, Request, RequestStage, Suspect,
};

use crate::queries::CaseView;
use crate::store::Line;
use crate::wire;

pub(super) fn case(view: &CaseView) -> proto::Case {
    let case = &view.case;
    let (examination, conclusion) = match case.investigation() {
        Investigation::Open => (None, None),
        Investigation::Examined(record) => (Some(record), None),
        Investigation::Concluded { examination, report } => (Some(examination), Some(report)),
    };
    proto::Case {
        case_id: case.id().to_string(),
        case_number: case.number().to_owned(),
        charge: case.charge().to_owned(),
        unit: Some(case.unit().into()),
        suspects: case.suspects().iter().map(suspect).collect(),
        requests: case.requests().iter().map(request).collect(),
        exits: case.exits().iter().map(|each| exit(case, each)).collect(),
        revision: case.revision().0,
        history: view.history.iter().map(entry).collect(),
        examination_number: examination.map(|it| it.document_number.clone()).unwrap_or_default(),
        conclusion_number: conclusion.map(|it| it.document_number.clone()).unwrap_or_default(),
    }
}

fn suspect(suspect: &Suspect) -> proto::Suspect {
    proto::Suspect {
        suspect_id: suspect.id.to_string(),
        name: suspect.name.clone(),
        stage: wire::suspect_stage(&suspect.stage).into(),
        period: suspect.stage.clock().map(wire::period),
        custody_overdue: suspect.stage.custody().is_some_and(|custody| custody.overdue),
    }
}

fn request(request: &Request) -> proto::Request {
    let (defects, reviewer, approver) = match &request.stage {
        RequestStage::Submitted => (Vec::new(), None, None),
        RequestStage::Returned(open) => (open.defects.clone(), Some(&open.reviewer), None),
        RequestStage::Reviewed(review) => (Vec::new(), Some(&review.reviewer), None),
        RequestStage::Decided(review, decision) => {
            (Vec::new(), Some(&review.reviewer), Some(&decision.approver))
        }
    };
    proto::Request {
        review_request_id: request.id.to_string(),
        suspect_id: request.suspect.to_string(),
        item: wire::item(request.item).into(),
        stage: wire::request_stage(&request.stage).into(),
        returns: u32::try_from(request.returns()).unwrap_or(u32::MAX),
        defects,
        submitted_by: Some((&request.submitted_by).into()),
        reviewer: reviewer.map(Into::into),
        approver: approver.map(Into::into),
        findings: request.findings.clone(),
    }
}

fn exit(case: &CaseFile, exit: &Exit) -> proto::Exit {
    let item = case.request(exit.request).map(|request| request.item);
    let back = exit.stage.returned();
    let answer_number = match &exit.stage {
        ExitStage::Answered(_, answer) => answer.number.clone(),
        ExitStage::Ready | ExitStage::Delivered(_) => String::new(),
    };
    proto::Exit {
        exit_id: exit.id.to_string(),
        review_request_id: exit.request.to_string(),
        document_number: exit.document_number.clone(),
        stage: wire::exit_stage(&exit.stage).into(),
        answer_number,
        item: item.map_or(proto::ReviewItem::Unspecified, wire::item).into(),
        tasks: back.map(|back| back.tasks.clone()).unwrap_or_default(),
        report: back.map(|back| wire::period(&back.clock)),
    }
}

pub(super) fn entry(past: &Past) -> proto::HistoryEntry {
    proto::HistoryEntry {
        revision: past.version.0,
        at: Some(timestamp(past.at)),
        what: gongxin_chassis::event_text(&past.subject).zh.into_owned(),
        actor: past.actor.clone(),
    }
}

pub(super) fn line(line: Line) -> proto::CaseLine {
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    proto::CaseLine {
        case_id: line.id.to_string(),
        case_number: line.number,
        unit: Some(Unit { code: line.unit_code, name: line.unit_name }),
        suspects: count(line.suspects),
        open_requests: count(line.open_requests),
        next_due_at: line.next_due_at.map(|due| due.0.to_string()).unwrap_or_default(),
        custody_overdue: line.custody_overdue,
    }
}
