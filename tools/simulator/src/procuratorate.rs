//! What the procuratorate receives, and what its decisions look like. A court would stand beside
//! this file.

use gongxin_exchange::reasons;
use gongxin_kernel::{Fault, Violation};
use gongxin_law::identifiers::CaseNumber;
use gongxin_law::legal_day;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{ArrestRequest, ArrestRequestDecision, Envelope};
use jiff::Timestamp;
use uuid::Uuid;

use crate::plan::Verdict;

/// The request in `envelope`.
///
/// # Errors
/// `ENVELOPE_INVALID` with every field at fault, when it is no complete request for approval of
/// arrest of a police organ.
pub(crate) fn arrest_request(envelope: &Envelope) -> Result<&ArrestRequest, Fault> {
    let mut fault = Fault::new(&reasons::ENVELOPE_INVALID);
    let mut must = |holds: bool, field: &str, what: &str| {
        if !holds {
            let (field, description) = (field.to_owned(), what.to_owned());
            fault.violations.push(Violation { field, description });
        }
    };
    let instant = |text: &str| text.parse::<Timestamp>().is_ok();
    must(envelope.key.parse::<Uuid>().is_ok(), "key", "must be a UUID");
    must(envelope.sender.starts_with("police:"), "sender", "must be a police organ");
    must(instant(&envelope.created_at), "created_at", "must be an RFC 3339 instant");
    let Some(Document::ArrestRequest(request)) = &envelope.document else {
        must(false, "document", "must be an arrest request");
        return Err(fault);
    };
    for (field, text) in [
        ("arrest_request.document_number", &request.document_number),
        ("arrest_request.charge", &request.charge),
        ("arrest_request.suspect_name", &request.suspect_name),
        ("arrest_request.ground", &request.ground),
    ] {
        must(!text.trim().is_empty(), field, "must not be empty");
    }
    let numbered = request.case_number.parse::<CaseNumber>().is_ok();
    must(numbered, "arrest_request.case_number", "must be a national case number");
    let detained_at = &request.detained_at;
    must(
        detained_at.is_empty() || instant(detained_at),
        "arrest_request.detained_at",
        "must be an RFC 3339 instant, or empty",
    );
    if fault.violations.is_empty() { Ok(request) } else { Err(fault) }
}

/// The decision that a verdict becomes. Approvals and refusals are numbered apart, each from 1 in
/// every year; `earlier` are all decisions before this one.
pub(crate) fn decision<'a>(
    verdict: Verdict,
    word: &str,
    at: Timestamp,
    earlier: impl Iterator<Item = &'a ArrestRequestDecision>,
) -> ArrestRequestDecision {
    let (approved, reasons, kind) = match verdict {
        Verdict::Approve => (true, String::new(), "批捕"),
        Verdict::Refuse { reasons } => (false, reasons, "不批捕"),
    };
    let series = format!("{word}{kind}〔{}〕", legal_day(at).year());
    let before = earlier.filter(|one| one.document_number.starts_with(&series)).count();
    ArrestRequestDecision {
        document_number: format!("{series}{}号", before + 1),
        approved,
        reasons,
        decided_at: at.to_string(),
        ..ArrestRequestDecision::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            key: "01997f6e-0000-7000-8000-000000000001".into(),
            sender: "police:619921".into(),
            receiver: "procuratorate:619921".into(),
            created_at: "2026-01-05T09:00:00+08:00".into(),
            document: Some(Document::ArrestRequest(ArrestRequest {
                document_number: "明公（刑）提捕字〔2026〕1号".into(),
                case_number: "A6199210100002026010007".into(),
                charge: "盗窃罪".into(),
                suspect_name: "龚小军".into(),
                detained_at: String::new(),
                ground: "有证据证明有犯罪事实".into(),
            })),
        }
    }

    fn fields(envelope: &Envelope) -> Vec<String> {
        let fault = arrest_request(envelope).unwrap_err();
        fault.violations.into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn a_complete_request_can_be_received() {
        assert_eq!(arrest_request(&envelope()).unwrap().charge, "盗窃罪");
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let empty = Envelope {
            document: Some(Document::ArrestRequest(ArrestRequest {
                detained_at: "yesterday".into(),
                ..ArrestRequest::default()
            })),
            ..Envelope::default()
        };
        let expected = [
            "key",
            "sender",
            "created_at",
            "arrest_request.document_number",
            "arrest_request.charge",
            "arrest_request.suspect_name",
            "arrest_request.ground",
            "arrest_request.case_number",
            "arrest_request.detained_at",
        ];
        assert_eq!(fields(&empty), expected);
    }

    #[test]
    fn another_document_is_refused() {
        let decision = Document::ArrestRequestDecision(ArrestRequestDecision::default());
        assert_eq!(fields(&Envelope { document: Some(decision), ..envelope() }), ["document"]);
        assert_eq!(fields(&Envelope { document: None, ..envelope() }), ["document"]);
    }

    #[test]
    fn approvals_and_refusals_are_numbered_apart_and_anew_each_year() {
        // 2025-12-31T16:00Z is the first hour of 2026 in China.
        let (old, new) = ("2025-12-31T15:59:59Z", "2025-12-31T16:00:00Z");
        let refuse = || Verdict::Refuse { reasons: "证据不足".into() };
        let mut made: Vec<ArrestRequestDecision> = Vec::new();
        for (verdict, at) in [
            (Verdict::Approve, old),
            (Verdict::Approve, old),
            (refuse(), old),
            (Verdict::Approve, new),
            (refuse(), new),
            (refuse(), new),
        ] {
            made.push(decision(verdict, "明检", at.parse().unwrap(), made.iter()));
        }

        let numbers: Vec<_> = made.iter().map(|one| one.document_number.as_str()).collect();
        let expected = [
            "明检批捕〔2025〕1号",
            "明检批捕〔2025〕2号",
            "明检不批捕〔2025〕1号",
            "明检批捕〔2026〕1号",
            "明检不批捕〔2026〕1号",
            "明检不批捕〔2026〕2号",
        ];
        assert_eq!(numbers, expected);
        assert_eq!((made[5].approved, made[5].reasons.as_str()), (false, "证据不足"));
        assert_eq!((made[0].approved, made[0].reasons.as_str()), (true, ""));
    }
}
