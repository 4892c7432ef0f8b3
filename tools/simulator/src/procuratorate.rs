//! What the procuratorate receives, and what its decisions look like.

use gongxin_exchange::reasons;
use gongxin_kernel::{Fault, Violation};
use gongxin_law::identifiers::CaseNumber;
use gongxin_law::legal_day;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{
    ArrestRequestDecision, Envelope, Judgment, ProsecutionDecision, ProsecutionVerdict,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::plan::Verdict;

/// What kind of matter a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A request for approval of arrest.
    Arrest,
    /// A transfer for prosecution, or the report after a return.
    Prosecution,
}

/// A paper of the police, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) kind: Kind,
    pub(crate) document_number: String,
    pub(crate) case_number: String,
    pub(crate) suspect_name: String,
}

/// What the organ that is simulated has decided.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ruling {
    Arrest(ArrestRequestDecision),
    Prosecution(ProsecutionDecision),
    Judgment(Judgment),
}

impl Ruling {
    pub(crate) fn number(&self) -> &str {
        match self {
            Self::Arrest(it) => &it.document_number,
            Self::Prosecution(it) => &it.document_number,
            Self::Judgment(it) => &it.document_number,
        }
    }

    pub(crate) fn decided_at(&self) -> &str {
        match self {
            Self::Arrest(it) => &it.decided_at,
            Self::Prosecution(it) => &it.decided_at,
            Self::Judgment(it) => &it.judged_at,
        }
    }

    /// Whether the police get what they asked for.
    pub(crate) fn approves(&self) -> bool {
        match self {
            Self::Arrest(it) => it.approved,
            Self::Prosecution(it) => it.verdict() == ProsecutionVerdict::Prosecuted,
            Self::Judgment(it) => it.convicted,
        }
    }

    /// Whether a court has to judge.
    pub(crate) fn prosecutes(&self) -> bool {
        matches!(self, Self::Prosecution(_)) && self.approves()
    }

    /// The document of its envelope, in answer to the envelope `key` with this digest.
    pub(crate) fn document(self, key: &str, digest: &[u8]) -> Document {
        let (in_reply_to, in_reply_to_digest) = (key.to_owned(), digest.to_vec());
        match self {
            Self::Arrest(it) => Document::ArrestRequestDecision(ArrestRequestDecision {
                in_reply_to,
                in_reply_to_digest,
                ..it
            }),
            Self::Prosecution(it) => Document::ProsecutionDecision(ProsecutionDecision {
                in_reply_to,
                in_reply_to_digest,
                ..it
            }),
            Self::Judgment(it) => {
                Document::Judgment(Judgment { in_reply_to, in_reply_to_digest, ..it })
            }
        }
    }

    /// The ruling in a document.
    pub(crate) fn of(document: Option<Document>) -> Option<Self> {
        match document? {
            Document::ArrestRequestDecision(it) => Some(Self::Arrest(it)),
            Document::ProsecutionDecision(it) => Some(Self::Prosecution(it)),
            Document::Judgment(it) => Some(Self::Judgment(it)),
            _ => None,
        }
    }
}

/// The paper in `envelope`.
///
/// # Errors
/// `ENVELOPE_INVALID` with every field at fault, when it is no complete paper of a police organ
/// that this one decides on.
pub(crate) fn asked(envelope: &Envelope) -> Result<Asked, Fault> {
    let mut fault = Fault::new(&reasons::ENVELOPE_INVALID);
    let mut must = |holds: bool, field: String, what: &str| {
        if !holds {
            fault.violations.push(Violation { field, description: what.to_owned() });
        }
    };
    let instant = |text: &str| text.parse::<Timestamp>().is_ok();
    must(envelope.key.parse::<Uuid>().is_ok(), "key".into(), "must be a UUID");
    must(envelope.sender.starts_with("police:"), "sender".into(), "must be a police organ");
    must(instant(&envelope.created_at), "created_at".into(), "must be an RFC 3339 instant");
    let own: [(&str, &str); 2];
    let (kind, name, common, held) = match &envelope.document {
        Some(Document::ArrestRequest(it)) => {
            own = [("", "-"); 2];
            let common =
                [&it.document_number, &it.charge, &it.suspect_name, &it.ground, &it.case_number];
            (Kind::Arrest, "arrest_request", common, ("detained_at", &it.detained_at))
        }
        Some(Document::ProsecutionTransfer(it)) => {
            own = [("conclusion_number", &it.conclusion_number), ("", "-")];
            let common =
                [&it.document_number, &it.charge, &it.suspect_name, &it.ground, &it.case_number];
            (Kind::Prosecution, "prosecution_transfer", common, ("held_since", &it.held_since))
        }
        Some(Document::SupplementaryReport(it)) => {
            let first = it.findings.first().map_or("", String::as_str);
            own = [("returned_by", &it.returned_by), ("findings", first)];
            let common =
                [&it.document_number, &it.charge, &it.suspect_name, &it.ground, &it.case_number];
            (Kind::Prosecution, "supplementary_report", common, ("held_since", &it.held_since))
        }
        _ => {
            must(false, "document".into(), "must be a paper that is decided on here");
            return Err(fault);
        }
    };
    let [document_number, charge, suspect_name, ground, case_number] = common;
    let field = |field: &str| format!("{name}.{field}");
    let texts = [
        ("document_number", document_number.as_str()),
        ("charge", charge),
        ("suspect_name", suspect_name),
        ("ground", ground),
    ];
    for (name, text) in texts.into_iter().chain(own) {
        must(!text.trim().is_empty(), field(name), "must not be empty");
    }
    let numbered = case_number.parse::<CaseNumber>().is_ok();
    must(numbered, field("case_number"), "must be a national case number");
    let (name, since) = held;
    let fits = since.is_empty() || instant(since);
    must(fits, field(name), "must be an RFC 3339 instant, or empty");
    if !fault.violations.is_empty() {
        return Err(fault);
    }
    Ok(Asked {
        kind,
        document_number: document_number.clone(),
        case_number: case_number.clone(),
        suspect_name: suspect_name.clone(),
    })
}

/// The ruling that a verdict becomes. Each kind is numbered apart, from 1 in every year;
/// `earlier` are the numbers of all rulings before this one.
pub(crate) fn ruling<'a>(
    verdict: Verdict,
    word: &str,
    at: Timestamp,
    earlier: impl Iterator<Item = &'a str>,
) -> Ruling {
    let kind = match &verdict {
        Verdict::Approve => "批捕",
        Verdict::Refuse { .. } => "不批捕",
        Verdict::Prosecute => "刑诉",
        Verdict::NotProsecute { .. } => "刑不诉",
        Verdict::Return { .. } => "退查",
    };
    let series = format!("{word}{kind}〔{}〕", legal_day(at).year());
    let before = earlier.filter(|number| number.starts_with(&series)).count();
    let document_number = format!("{series}{}号", before + 1);
    let arrest = |approved, reasons| {
        Ruling::Arrest(ArrestRequestDecision {
            document_number: document_number.clone(),
            approved,
            reasons,
            decided_at: at.to_string(),
            ..ArrestRequestDecision::default()
        })
    };
    let prosecution = |verdict: ProsecutionVerdict, reasons, tasks| {
        Ruling::Prosecution(ProsecutionDecision {
            document_number: document_number.clone(),
            verdict: verdict.into(),
            reasons,
            tasks,
            decided_at: at.to_string(),
            ..ProsecutionDecision::default()
        })
    };
    match verdict {
        Verdict::Approve => arrest(true, String::new()),
        Verdict::Refuse { reasons } => arrest(false, reasons),
        Verdict::Prosecute => {
            prosecution(ProsecutionVerdict::Prosecuted, String::new(), Vec::new())
        }
        Verdict::NotProsecute { reasons } => {
            prosecution(ProsecutionVerdict::NotProsecuted, reasons, Vec::new())
        }
        Verdict::Return { tasks } => {
            prosecution(ProsecutionVerdict::Returned, String::new(), tasks)
        }
    }
}

#[cfg(test)]
mod tests {
    use gongxin_proto::exchange::v1::{ArrestRequest, ProsecutionTransfer, SupplementaryReport};

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
        let fault = asked(envelope).unwrap_err();
        fault.violations.into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn a_complete_request_can_be_received() {
        assert_eq!(asked(&envelope()).unwrap().suspect_name, "龚小军");
    }

    #[test]
    fn a_transfer_says_its_conclusion_and_a_report_what_it_found() {
        let transfer = ProsecutionTransfer {
            document_number: "明公（刑）诉字〔2026〕1号".into(),
            case_number: "A6199210100002026010007".into(),
            charge: "盗窃罪".into(),
            suspect_name: "龚小军".into(),
            ground: "犯罪事实清楚".into(),
            held_since: "2026-01-12T04:00:00Z".into(),
            conclusion_number: "明公（刑）侦终字〔2026〕1号".into(),
        };
        let with = |document| Envelope { document: Some(document), ..envelope() };
        let whole = with(Document::ProsecutionTransfer(transfer.clone()));
        assert_eq!(asked(&whole).unwrap().kind, Kind::Prosecution);
        let bare = ProsecutionTransfer { conclusion_number: String::new(), ..transfer };
        let at_fault = fields(&with(Document::ProsecutionTransfer(bare)));
        assert_eq!(at_fault, ["prosecution_transfer.conclusion_number"]);
        let report = with(Document::SupplementaryReport(SupplementaryReport {
            document_number: "明公（刑）补侦字〔2026〕1号".into(),
            case_number: "A6199210100002026010007".into(),
            charge: "盗窃罪".into(),
            suspect_name: "龚小军".into(),
            ground: "已补充侦查".into(),
            ..SupplementaryReport::default()
        }));
        let expected = ["supplementary_report.returned_by", "supplementary_report.findings"];
        assert_eq!(fields(&report), expected);
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
        let mut made: Vec<Ruling> = Vec::new();
        for (verdict, at) in [
            (Verdict::Approve, old),
            (Verdict::Approve, old),
            (refuse(), old),
            (Verdict::Approve, new),
            (refuse(), new),
            (refuse(), new),
        ] {
            let earlier = made.iter().map(Ruling::number);
            let next = ruling(verdict, "明检", at.parse().unwrap(), earlier);
            made.push(next);
        }

        let numbers: Vec<_> = made.iter().map(Ruling::number).collect();
        let expected = [
            "明检批捕〔2025〕1号",
            "明检批捕〔2025〕2号",
            "明检不批捕〔2025〕1号",
            "明检批捕〔2026〕1号",
            "明检不批捕〔2026〕1号",
            "明检不批捕〔2026〕2号",
        ];
        assert_eq!(numbers, expected);
        let [Ruling::Arrest(first), .., Ruling::Arrest(last)] = &made[..] else { panic!() };
        assert_eq!((first.approved, first.reasons.as_str()), (true, ""));
        assert_eq!((last.approved, last.reasons.as_str()), (false, "证据不足"));
    }
}
