//! What happened, in the words of the contract and of its receipt: numbers, never a person.

use gongxin_disclosure_domain::{
    Access, CONTACT_RULE, Code, Matter, PortalReport, Publication, PublicationStage, Registered,
    VISIT_RULE, Visit,
};
use gongxin_eventing::{NewEvent, reasons};
use gongxin_kernel::{Fault, Revision};
use gongxin_proto::common::v1::Period;
use gongxin_proto::disclosure::v1 as proto;
use gongxin_transparency::View;

use crate::grpc::convert;

/// Version of the rules of the house that set the days of a return visit.
pub(crate) const HOUSE_RULES: &str = "house-1";

pub(crate) fn issued(access: &Access, code: &Code) -> Result<NewEvent, Fault> {
    let message = proto::AccessIssued {
        report_id: access.matter.id.to_string(),
        code_id: code.id.to_string(),
        holder: convert::holder(code.holder).into(),
        issued_by: Some((&code.issued_by).into()),
    };
    let subject = "access.issued";
    let (id, view) = (access.matter.id.0, view(subject, &access.matter)?);
    Ok(NewEvent::new(id, access.revision, subject, &message, view, &access.canonical()))
}

pub(crate) fn revoked(access: &Access, code: &Code) -> Result<NewEvent, Fault> {
    let revoked = code.revoked.as_ref().ok_or_else(|| Fault::new(&reasons::INVARIANT_BROKEN))?;
    let message = proto::AccessRevoked {
        report_id: access.matter.id.to_string(),
        code_id: code.id.to_string(),
        ground: convert::ground(revoked.ground).into(),
        revoked_by: Some((&revoked.by).into()),
    };
    let subject = "access.revoked";
    let (id, view) = (access.matter.id.0, view(subject, &access.matter)?);
    Ok(NewEvent::new(id, access.revision, subject, &message, view, &access.canonical()))
}

pub(crate) fn visit_due(visit: &Visit) -> Result<NewEvent, Fault> {
    let matter = &visit.matter;
    let message = proto::VisitDue {
        visit_id: visit.id.to_string(),
        report_id: matter.id.to_string(),
        case_number: case_number(matter),
        unit: Some((&matter.unit).into()),
        visit: Some(Period {
            rule: VISIT_RULE.to_owned(),
            rule_version: HOUSE_RULES.to_owned(),
            due_at: visit.due_at.to_string(),
            assumed: false,
        }),
    };
    let (subject, canonical) = ("visit.due", visit.canonical());
    let view = view(subject, matter)?;
    Ok(NewEvent::new(visit.id.0, visit.revision, subject, &message, view, &canonical))
}

pub(crate) fn visit_overdue(visit: &Visit) -> Result<NewEvent, Fault> {
    let matter = &visit.matter;
    let message = proto::VisitOverdue {
        visit_id: visit.id.to_string(),
        report_id: matter.id.to_string(),
        case_number: case_number(matter),
        unit: Some((&matter.unit).into()),
    };
    let (subject, canonical) = ("visit.overdue", visit.canonical());
    let view = view(subject, matter)?;
    Ok(NewEvent::new(visit.id.0, visit.revision, subject, &message, view, &canonical))
}

/// The answer, which made the visit's `revision`; a look may have made one more.
pub(crate) fn visited(visit: &Visit, revision: Revision) -> Result<NewEvent, Fault> {
    let answer = visit.answer.as_ref().ok_or_else(|| Fault::new(&reasons::INVARIANT_BROKEN))?;
    let message = proto::VisitRecorded {
        visit_id: visit.id.to_string(),
        report_id: visit.matter.id.to_string(),
        case_number: case_number(&visit.matter),
        rating: answer.rating.into(),
        visitor: Some((&answer.visitor).into()),
    };
    let (subject, canonical) = ("visit.recorded", visit.canonical());
    let view = view(subject, &visit.matter)?;
    Ok(NewEvent::new(visit.id.0, revision, subject, &message, view, &canonical))
}

pub(crate) fn look_opened(visit: &Visit) -> Result<NewEvent, Fault> {
    let matter = &visit.matter;
    let message = proto::LookOpened {
        visit_id: visit.id.to_string(),
        report_id: matter.id.to_string(),
        case_number: case_number(matter),
        unit: Some((&matter.unit).into()),
    };
    let (subject, canonical) = ("visit.look_opened", visit.canonical());
    let view = view(subject, matter)?;
    Ok(NewEvent::new(visit.id.0, visit.revision, subject, &message, view, &canonical))
}

pub(crate) fn portal_received(report: &PortalReport) -> Result<NewEvent, Fault> {
    let message = proto::PortalReportReceived {
        portal_id: report.id.to_string(),
        number: report.number.clone(),
        received_at: report.received_at.to_string(),
        channel: convert::channel(report.channel).into(),
        contact: Some(Period {
            rule: CONTACT_RULE.to_owned(),
            rule_version: HOUSE_RULES.to_owned(),
            due_at: report.contact_by.to_string(),
            assumed: false,
        }),
    };
    let (subject, canonical) = ("portal.report_received", report.canonical());
    let view = portal_view(subject, &report.number, None)?;
    Ok(NewEvent::new(report.id.0, report.revision, subject, &message, view, &canonical))
}

pub(crate) fn contact_overdue(report: &PortalReport) -> Result<NewEvent, Fault> {
    let (portal_id, number) = (report.id.to_string(), report.number.clone());
    let message = proto::PortalContactOverdue { portal_id, number };
    let (subject, canonical) = ("portal.contact_overdue", report.canonical());
    let view = portal_view(subject, &report.number, None)?;
    Ok(NewEvent::new(report.id.0, report.revision, subject, &message, view, &canonical))
}

pub(crate) fn portal_registered(
    report: &PortalReport,
    registered: &Registered,
) -> Result<NewEvent, Fault> {
    let message = proto::PortalReportRegistered {
        portal_id: report.id.to_string(),
        number: report.number.clone(),
        report_id: registered.report.to_string(),
        receipt_number: registered.receipt_number.clone(),
        registered_by: Some((&registered.by).into()),
    };
    let (subject, canonical) = ("portal.report_registered", report.canonical());
    let view = portal_view(subject, &report.number, Some(&registered.receipt_number))?;
    Ok(NewEvent::new(report.id.0, report.revision, subject, &message, view, &canonical))
}

/// What a receipt says of a portal report: its number outside, and the one inside.
fn portal_view(subject: &str, number: &str, inside: Option<&str>) -> Result<View, Fault> {
    let lines = [("event", subject), ("portal-number", number)];
    let lines = lines.into_iter().chain(inside.map(|inside| ("number", inside)));
    View::new(lines).map_err(|error| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error))
}

/// What just happened to a publication, by the stage it is in now.
pub(crate) fn publication(publication: &Publication) -> Result<NewEvent, Fault> {
    let (id, revision) = (publication.id.0, publication.revision);
    let canonical = publication.canonical();
    let publication_id = publication.id.to_string();
    let report_id = publication.matter.id.to_string();
    let case_number = case_number(&publication.matter);
    let kind = convert::kind(publication.kind).into();
    let view = |subject| view(subject, &publication.matter);
    Ok(match &publication.stage {
        PublicationStage::Proposed => {
            let proposed_by = Some((&publication.proposed_by).into());
            let message = proto::PublicationProposed {
                publication_id,
                report_id,
                case_number,
                kind,
                proposed_by,
            };
            let subject = "publication.proposed";
            NewEvent::new(id, revision, subject, &message, view(subject)?, &canonical)
        }
        PublicationStage::Approved { by } => {
            let reviewed_by = Some(by.into());
            let message = proto::PublicationApproved {
                publication_id,
                report_id,
                case_number,
                kind,
                reviewed_by,
            };
            let subject = "publication.approved";
            NewEvent::new(id, revision, subject, &message, view(subject)?, &canonical)
        }
        PublicationStage::Refused { by, .. } => {
            let reviewed_by = Some(by.into());
            let message =
                proto::PublicationRefused { publication_id, report_id, case_number, reviewed_by };
            let subject = "publication.refused";
            NewEvent::new(id, revision, subject, &message, view(subject)?, &canonical)
        }
    })
}

fn case_number(matter: &Matter) -> String {
    matter.case_number.clone().unwrap_or_default()
}

/// What a receipt of the event says.
fn view(subject: &str, matter: &Matter) -> Result<View, Fault> {
    let mut lines = vec![("event", subject.to_owned()), ("number", matter.number.clone())];
    if let Some(case_number) = &matter.case_number {
        lines.push(("case-number", case_number.clone()));
    }
    View::new(lines).map_err(|error| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error))
}
