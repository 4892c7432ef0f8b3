//! Fields of requests as domain values; what they cannot be is refused by the field's name.

use std::collections::BTreeSet;
use std::str::FromStr;

use gongxin_chassis::reasons::ID_INVALID;
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::review::v1 as proto;
use gongxin_review_domain::{
    CarriedOut, DossierPart, MeasureKind, Officer, Opinion, ReviewItem, SuspectId,
};
use jiff::Timestamp;

use crate::reasons::REVIEW_VALUE_INVALID;

/// An id, which must be a UUID.
pub(super) fn id<T: FromStr>(field: &str, text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::field(&ID_INVALID, field, "应为 UUID"))
}

pub(super) fn invalid(field: &str, what: &str) -> Fault {
    Fault::field(&REVIEW_VALUE_INVALID, field, what)
}

/// A required instant.
pub(super) fn instant(field: &str, at: Option<prost_types::Timestamp>) -> Result<Timestamp, Fault> {
    let at = at.ok_or_else(|| invalid(field, "必填"))?;
    gongxin_proto::instant(at).ok_or_else(|| invalid(field, "应为有效时间"))
}

/// An act that was carried out, entered by `staff`.
pub(super) fn carried_out(
    staff: &Staff,
    suspect: &str,
    document_number: String,
    (field, at): (&str, Option<prost_types::Timestamp>),
) -> Result<CarriedOut, Fault> {
    Ok(CarriedOut {
        suspect: id::<SuspectId>("suspect_id", suspect)?,
        document_number,
        done_at: instant(field, at)?,
        officer: Officer::from(staff),
    })
}

/// Days that a leader granted; 0 is all that the rule allows. A number that no rule knows is left
/// for the rule to refuse.
pub(super) fn days_granted(days: u32) -> Option<u16> {
    (days > 0).then(|| u16::try_from(days).unwrap_or(u16::MAX))
}

pub(super) fn measure_kind(code: i32) -> Result<MeasureKind, Fault> {
    match proto::MeasureKind::try_from(code) {
        Ok(proto::MeasureKind::Detention) => Ok(MeasureKind::Detention),
        Ok(proto::MeasureKind::Bail) => Ok(MeasureKind::Bail),
        _ => Err(invalid("kind", "应为已知的强制措施种类")),
    }
}

pub(super) fn item(code: i32) -> Result<ReviewItem, Fault> {
    match proto::ReviewItem::try_from(code) {
        Ok(proto::ReviewItem::ArrestRequest) => Ok(ReviewItem::ArrestRequest),
        Ok(proto::ReviewItem::ProsecutionTransfer) => Ok(ReviewItem::ProsecutionTransfer),
        Ok(proto::ReviewItem::SupplementaryReport) => Ok(ReviewItem::SupplementaryReport),
        _ => Err(invalid("item", "应为已知的审核事项")),
    }
}

pub(super) fn opinion(code: i32) -> Result<Opinion, Fault> {
    match proto::Opinion::try_from(code) {
        Ok(proto::Opinion::Pass) => Ok(Opinion::Pass),
        Ok(proto::Opinion::Refuse) => Ok(Opinion::Refuse),
        _ => Err(invalid("opinion", "应为已知的审核结果")),
    }
}

pub(super) fn parts(codes: &[i32]) -> Result<BTreeSet<DossierPart>, Fault> {
    codes.iter().map(|code| part(*code)).collect()
}

fn part(code: i32) -> Result<DossierPart, Fault> {
    use proto::DossierPart as Part;
    Ok(match Part::try_from(code) {
        Ok(Part::Draft) => DossierPart::Draft,
        Ok(Part::FilingDecision) => DossierPart::FilingDecision,
        Ok(Part::DetentionPapers) => DossierPart::DetentionPapers,
        Ok(Part::InterrogationRecord) => DossierPart::InterrogationRecord,
        Ok(Part::EvidenceList) => DossierPart::EvidenceList,
        Ok(Part::SocialDanger) => DossierPart::SocialDanger,
        Ok(Part::Identity) => DossierPart::Identity,
        Ok(Part::ConclusionReport) => DossierPart::ConclusionReport,
        Ok(Part::LitigationFile) => DossierPart::LitigationFile,
        Ok(Part::TransferList) => DossierPart::TransferList,
        Ok(Part::Unspecified) | Err(_) => {
            return Err(invalid("parts", "应为已知的案卷材料"));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_cut_to_the_microsecond() {
        let at = prost_types::Timestamp { seconds: 1, nanos: 999_999_999 };
        assert_eq!(instant("f", Some(at)).unwrap().to_string(), "1970-01-01T00:00:01.999999Z");
    }

    #[test]
    fn what_is_no_instant_is_refused_by_its_field() {
        for at in [
            None,
            Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 }),
            Some(prost_types::Timestamp { seconds: 0, nanos: i32::MAX }),
        ] {
            let fault = instant("served_at", at).unwrap_err();
            assert_eq!(fault.reason.code, "REVIEW_VALUE_INVALID");
            assert_eq!(fault.violations[0].field, "served_at");
        }
    }

    #[test]
    fn every_part_of_a_dossier_has_its_number() {
        let all: Vec<i32> = (1..=10).collect();
        assert_eq!(parts(&all).unwrap().len(), DossierPart::ALL.len());
        for code in [0, 11, -1] {
            assert!(parts(&[code]).is_err(), "{code}");
        }
    }
}
