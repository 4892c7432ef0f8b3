//! Domain values as messages, and fields of requests as domain values.

use std::str::FromStr;

use gongxin_chassis::reasons::ID_INVALID;
use gongxin_disclosure_domain::reasons::DISCLOSURE_INVALID;
use gongxin_disclosure_domain::{
    self as domain, Access, Channel, ClosedMatter, DocumentKind, Holder, PortalContent,
    PortalReport, Publication, PublicationStage, RevocationGround,
};
use gongxin_kernel::Fault;
use gongxin_proto::common::v1::Unit;
use gongxin_proto::disclosure::v1 as proto;
use gongxin_proto::timestamp;

use crate::store::visits::Line;

/// One closed list in both words; the unspecified value is none of it.
macro_rules! pairs {
    ($into:ident, $from:ident, $field:literal, $name:ident { $($variant:ident),* }) => {
        pub(crate) fn $into(value: $name) -> proto::$name {
            match value { $($name::$variant => proto::$name::$variant,)* }
        }

        pub(super) fn $from(code: i32) -> Result<$name, Fault> {
            match proto::$name::try_from(code) {
                $(Ok(proto::$name::$variant) => Ok($name::$variant),)*
                _ => Err(Fault::field(&DISCLOSURE_INVALID, $field, "不在所列各项之内")),
            }
        }
    };
}

pairs!(holder, read_holder, "holder", Holder { Reporter, Victim, Family });
pairs!(ground, read_ground, "ground", RevocationGround { OpposingParty, VictimAsks, CodeLost });
pairs!(
    kind,
    read_kind,
    "kind",
    DocumentKind {
        PublicSecurityPenalty,
        OtherPenalty,
        Reconsideration,
        CriminalPaper,
        Statistics,
        AnonymisedReasoning
    }
);

pub(super) fn read_concern(code: i32) -> Result<ClosedMatter, Fault> {
    match proto::ClosedMatter::try_from(code) {
        Ok(proto::ClosedMatter::Minor) => Ok(ClosedMatter::Minor),
        Ok(proto::ClosedMatter::SexualOffence) => Ok(ClosedMatter::SexualOffence),
        Ok(proto::ClosedMatter::Secret) => Ok(ClosedMatter::Secret),
        Ok(proto::ClosedMatter::Unspecified) | Err(_) => {
            Err(Fault::field(&DISCLOSURE_INVALID, "concerns", "不在所列各项之内"))
        }
    }
}

/// An id, which must be a UUID.
pub(super) fn id<T: FromStr>(field: &str, text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::field(&ID_INVALID, field, "必须是 UUID"))
}

/// A number of a receipt or case, which must be there.
pub(super) fn number(field: &str, text: &str) -> Result<String, Fault> {
    let number = domain::receipt_number(text);
    if number.is_empty() {
        return Err(Fault::field(&DISCLOSURE_INVALID, field, "必填"));
    }
    Ok(number)
}

pub(crate) fn channel(channel: Channel) -> proto::PortalChannel {
    match channel {
        Channel::Web => proto::PortalChannel::Web,
        Channel::Kiosk => proto::PortalChannel::Kiosk,
    }
}

pub(super) fn portal(report: &PortalReport) -> proto::PortalReport {
    let registered = report.registered.as_ref();
    proto::PortalReport {
        portal_id: report.id.to_string(),
        number: report.number.clone(),
        received_at: Some(timestamp(report.received_at)),
        channel: channel(report.channel).into(),
        contact_by: Some(timestamp(report.contact_by)),
        overdue: report.overdue,
        receipt_number: registered.map(|r| r.receipt_number.clone()).unwrap_or_default(),
        registered_by: registered.map(|r| (&r.by).into()),
    }
}

pub(super) fn portal_content(content: PortalContent) -> proto::PortalContent {
    let PortalContent { name, phone, place, facts } = content;
    proto::PortalContent { name, phone, place, facts }
}

pub(super) fn access(access: Access) -> proto::Access {
    let codes = access.codes.into_iter().map(|code| proto::AccessCode {
        code_id: code.id.to_string(),
        holder: holder(code.holder).into(),
        issued_at: Some(timestamp(code.issued_at)),
        issued_by: Some((&code.issued_by).into()),
        revoked: code.revoked.is_some(),
    });
    proto::Access {
        report_id: access.matter.id.to_string(),
        receipt_number: access.matter.number,
        case_number: access.matter.case_number.unwrap_or_default(),
        unit: Some((&access.matter.unit).into()),
        codes: codes.collect(),
    }
}

pub(super) fn visit(line: Line) -> proto::Visit {
    let stage = match line.rating {
        Some(_) => proto::VisitStage::Recorded,
        None => proto::VisitStage::Due,
    };
    let rating = line.rating.unwrap_or_default();
    proto::Visit {
        visit_id: line.id.to_string(),
        receipt_number: line.number,
        case_number: line.case_number.unwrap_or_default(),
        unit: Some(Unit { code: line.unit_code, name: line.unit_name }),
        stage: stage.into(),
        due_at: Some(timestamp(line.due_at.0)),
        overdue: line.overdue,
        rating: u32::from(rating.unsigned_abs()),
        look: (1..=i16::from(domain::LOW_RATING)).contains(&rating),
    }
}

pub(super) fn publication(publication: Publication) -> proto::Publication {
    let (stage, by, reasons) = match publication.stage {
        PublicationStage::Proposed => (proto::PublicationStage::Proposed, None, String::new()),
        PublicationStage::Approved { by } => {
            (proto::PublicationStage::Approved, Some(by), String::new())
        }
        PublicationStage::Refused { by, reasons } => {
            (proto::PublicationStage::Refused, Some(by), reasons)
        }
    };
    proto::Publication {
        publication_id: publication.id.to_string(),
        kind: kind(publication.kind).into(),
        case_number: publication.matter.case_number.unwrap_or_default(),
        text: publication.text,
        stage: stage.into(),
        proposed_by: Some((&publication.proposed_by).into()),
        reviewed_by: by.as_ref().map(Into::into),
        reasons,
    }
}
