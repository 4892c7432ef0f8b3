//! What needs no decision: notices that the procuratorate issues, papers that it only receives.

use anyhow::{Context as _, bail, ensure};
use gongxin_exchange::{digest, reasons};
use gongxin_kernel::{Fault, Violation};
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{
    DeliverRequest, DeliverResponse, Envelope, Receipt, ViolationNotice, ViolationNoticeAnswer,
};
use jiff::Timestamp;
use prost::Message as _;
use serde::{Deserialize, Serialize};

/// A paper that was received and kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Key of the envelope.
    pub key: String,
    /// `violation_notice_answer` or `open_channel_paper`.
    pub kind: String,
    /// Who sent it.
    pub sender: String,
    /// Number of the document.
    pub document_number: String,
    /// Number of the notice that is answered; code of the channel otherwise.
    pub about: String,
    /// Whether each item of the notice is said to be corrected; empty otherwise.
    pub corrected: Vec<bool>,
    /// When it was durably received.
    pub received_at: Timestamp,
}

/// A notice to correct a violation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Key of the envelope.
    pub key: String,
    /// Number of the notice.
    pub notice_number: String,
    /// Number of its case.
    pub case_number: String,
    /// Last instant for the answer.
    pub answer_due_at: String,
    /// Whether the police have signed for it.
    pub received: bool,
    /// Number of the answer, once it has come.
    pub answer_number: Option<String>,
}

/// A kept paper, with the receipt that was given and is given again.
#[derive(Debug)]
struct Kept {
    letter: Letter,
    digest: [u8; 32],
    receipt: DeliverResponse,
    /// Key of the notice that it answers.
    answers: Option<String>,
}

/// An issued notice, signed and kept, so that it is the same whenever it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) key: String,
    pub(crate) receiver: String,
    pub(crate) notice: ViolationNotice,
    pub(crate) sealed: DeliverRequest,
    pub(crate) delivered: bool,
}

/// All of them, in the order of the journal.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    kept: Vec<Kept>,
    issued: Vec<Issued>,
}

impl Letters {
    /// Digest and receipt of the paper that came under `key`.
    pub(crate) fn find(&self, key: &str) -> Option<([u8; 32], &DeliverResponse)> {
        let kept = self.kept.iter().find(|kept| kept.letter.key == key)?;
        Some((kept.digest, &kept.receipt))
    }

    /// The notice of that number.
    pub(crate) fn of_number(&self, number: &str) -> Option<&Issued> {
        self.issued.iter().find(|issued| issued.notice.notice_number == number)
    }

    /// Notices that the police have not yet signed for.
    pub(crate) fn unsent(&self) -> impl Iterator<Item = &Issued> {
        self.issued.iter().filter(|issued| !issued.delivered)
    }

    /// What was received.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.kept.iter().map(|kept| kept.letter.clone()).collect()
    }

    /// What was issued.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        let notice = |issued: &Issued| Notice {
            key: issued.key.clone(),
            notice_number: issued.notice.notice_number.clone(),
            case_number: issued.notice.case_number.clone(),
            answer_due_at: issued.notice.answer_due_at.clone(),
            received: issued.delivered,
            answer_number: self.answer(&issued.key).map(|it| it.letter.document_number.clone()),
        };
        self.issued.iter().map(notice).collect()
    }

    fn answer(&self, key: &str) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.answers.as_deref() == Some(key))
    }

    /// Checks a paper that needs no decision; `None` when it is one of another kind.
    ///
    /// # Errors
    /// `ENVELOPE_INVALID` with every field at fault.
    pub(crate) fn check(&self, envelope: &Envelope) -> Option<Result<(), Fault>> {
        let mut fault = Fault::new(&reasons::ENVELOPE_INVALID);
        let mut must = |holds: bool, field: &str, what: &str| {
            if !holds {
                let (field, description) = (field.to_owned(), what.to_owned());
                fault.violations.push(Violation { field, description });
            }
        };
        must(envelope.key.parse::<uuid::Uuid>().is_ok(), "key", "must be a UUID");
        must(envelope.sender.starts_with("police:"), "sender", "must be a police organ");
        match &envelope.document {
            Some(Document::ViolationNoticeAnswer(answer)) => {
                self.check_answer(envelope, answer, &mut must);
            }
            Some(Document::OpenChannelPaper(paper)) => {
                for (field, text) in [
                    ("document_number", &paper.document_number),
                    ("title", &paper.title),
                    ("channel", &paper.channel),
                    ("ground", &paper.ground),
                    ("about", &paper.about),
                ] {
                    let field = format!("open_channel_paper.{field}");
                    must(!text.trim().is_empty(), &field, "must not be empty");
                }
            }
            _ => return None,
        }
        Some(if fault.violations.is_empty() { Ok(()) } else { Err(fault) })
    }

    /// The answer must be to the very envelope that carried a notice, and the first one.
    fn check_answer(
        &self,
        envelope: &Envelope,
        answer: &ViolationNoticeAnswer,
        must: &mut impl FnMut(bool, &str, &str),
    ) {
        let field = |name: &str| format!("violation_notice_answer.{name}");
        let numbered = !answer.document_number.trim().is_empty();
        must(numbered, &field("document_number"), "must not be empty");
        let notice = self.issued.iter().find(|issued| issued.key == answer.in_reply_to);
        let Some(issued) = notice.filter(|issued| issued.receiver == envelope.sender) else {
            must(false, &field("in_reply_to"), "must name a notice to the sender");
            return;
        };
        must(self.answer(&issued.key).is_none(), &field("in_reply_to"), "is answered");
        let same = answer.in_reply_to_digest == digest(&issued.sealed.envelope);
        must(same, &field("in_reply_to_digest"), "is not that of the notice");
        let same = answer.notice_number == issued.notice.notice_number;
        must(same, &field("notice_number"), "is not that of the notice");
        let each = answer.items.iter().all(|item| !item.text.trim().is_empty());
        let whole = each && answer.items.len() == issued.notice.items.len();
        must(whole, &field("items"), "must be one with a text for each item of the notice");
    }

    /// A paper was received, and this receipt given.
    pub(crate) fn keep(
        &mut self,
        sent: &DeliverRequest,
        receipt: DeliverResponse,
    ) -> anyhow::Result<()> {
        let envelope = Envelope::decode(&*sent.envelope)?;
        ensure!(self.find(&envelope.key).is_none(), "received twice");
        self.check(&envelope).context("is to be decided")??;
        let (kind, document_number, about, corrected, answers) = match envelope.document {
            Some(Document::ViolationNoticeAnswer(answer)) => {
                let corrected = answer.items.iter().map(|item| item.corrected).collect();
                let (number, notice) = (answer.document_number, answer.notice_number);
                ("violation_notice_answer", number, notice, corrected, Some(answer.in_reply_to))
            }
            Some(Document::OpenChannelPaper(paper)) => {
                let (number, channel) = (paper.document_number, paper.channel);
                ("open_channel_paper", number, channel, Vec::new(), None)
            }
            _ => bail!("is to be decided"),
        };
        let letter = Letter {
            key: envelope.key,
            kind: kind.to_owned(),
            sender: envelope.sender,
            document_number,
            about,
            corrected,
            received_at: Receipt::decode(&*receipt.receipt)?.received_at.parse()?,
        };
        self.kept.push(Kept { letter, digest: digest(&sent.envelope), receipt, answers });
        Ok(())
    }

    /// A notice was issued.
    pub(crate) fn issue(&mut self, sealed: DeliverRequest) -> anyhow::Result<()> {
        let envelope = Envelope::decode(&*sealed.envelope)?;
        let Some(Document::ViolationNotice(notice)) = envelope.document else {
            bail!("what was issued is no notice");
        };
        ensure!(self.of_number(&notice.notice_number).is_none(), "issued twice");
        let (key, receiver) = (envelope.key, envelope.receiver);
        self.issued.push(Issued { key, receiver, notice, sealed, delivered: false });
        Ok(())
    }

    /// The police signed for a notice.
    pub(crate) fn delivered(&mut self, key: &str) -> anyhow::Result<()> {
        let issued = self.issued.iter_mut().find(|issued| issued.key == key);
        issued.context("never issued")?.delivered = true;
        Ok(())
    }
}
