//! Takes what procuratorate or court decided on an exit, and signs for it.

use std::sync::Arc;

use gongxin_eventing::reasons::INVARIANT_BROKEN;
use gongxin_eventing::{Command, Tx};
use gongxin_exchange::{Received, digest, reasons::ENVELOPE_INVALID};
use gongxin_kernel::Fault;
use gongxin_proto::exchange::v1::{
    ArrestRequestDecision, DeliverRequest, DeliverResponse, Envelope, Judgment,
    ProsecutionDecision, ProsecutionVerdict, Receipt, envelope,
};
use gongxin_review_domain::reasons::{CORRECTION_ITEMS_INVALID, REVIEW_TEXT_INVALID};
use gongxin_review_domain::{
    ArrestDecision, CaseFile, CaseId, CourtVerdict, ExitId, ExitStage, Law,
    ProsecutionDecision as Decided,
};
use jiff::Timestamp;
use prost::Message as _;
use uuid::Uuid;

use crate::organ::Organ;
use crate::reasons::EXIT_DELIVERY_PENDING;
use crate::{changes, store};

/// Most characters of the reasons of a decision.
const LONG: usize = 4_000;

/// What comes back for an exit.
pub(crate) enum Document {
    /// On a request for approval of arrest.
    Arrest(ArrestRequestDecision),
    /// On a transfer for prosecution or the report after a return.
    Prosecution(ProsecutionDecision),
    /// The court's judgment on what was prosecuted.
    Judgment(Judgment),
}

pub(crate) struct ReceiveAnswer {
    /// The exit that is answered and its case; none when there is no such exit.
    pub(crate) answered: Option<(CaseId, ExitId)>,
    /// The envelope as it came, to be kept.
    pub(crate) sent: DeliverRequest,
    pub(crate) received: Received,
    pub(crate) document: Document,
    pub(crate) organ: Arc<Organ>,
    pub(crate) law: Law<'static>,
}

/// The answer is the signed receipt, so that a repeated envelope is given the same one.
impl Command for ReceiveAnswer {
    const NAME: &'static str = "receive_answer";
    type Answer = DeliverResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        self.answered.iter().map(|(case, _)| case.0).collect()
    }

    async fn run(&self, tx: &mut Tx) -> Result<DeliverResponse, Fault> {
        let (case, exit) =
            self.answered.ok_or_else(|| invalid("in_reply_to", "names no exit of ours"))?;
        self.check_answers(tx, exit).await?;
        self.check_content()?;
        let case = store::load(tx, case).await?;
        // The organ has our envelope, for it knows the digest; our sender has yet to record its
        // receipt. Only with that receipt is it known when the decision was due.
        if matches!(case.exit(exit)?.stage, ExitStage::Ready) {
            return Err(Fault::new(&EXIT_DELIVERY_PENDING));
        }
        self.record(tx, case, exit).await.map_err(in_terms_of_the_envelope)?;
        let receipt = Receipt {
            key: self.received.envelope.key.clone(),
            envelope_digest: self.received.digest.to_vec(),
            receiver: self.organ.key.organ().to_owned(),
            received_at: tx.at().to_string(),
        };
        Ok(self.organ.key.sign_receipt(&receipt))
    }
}

impl ReceiveAnswer {
    /// What is decided must be about the very envelope that was sent; a decision comes from whom
    /// it went to, a judgment from the court.
    async fn check_answers(&self, tx: &mut Tx, exit: ExitId) -> Result<(), Fault> {
        let sealed = store::envelopes::sealed(tx.conn(), exit).await?;
        let asked = Envelope::decode(&*sealed.envelope)
            .map_err(|e| Fault::new(&INVARIANT_BROKEN).caused_by(e))?;
        let decides = match self.document {
            Document::Arrest(_) | Document::Prosecution(_) => Some(asked.receiver.as_str()),
            Document::Judgment(_) => self.organ.court.as_deref(),
        };
        if decides != Some(self.received.envelope.sender.as_str()) {
            return Err(invalid("in_reply_to", "原文书并非由本机关办理"));
        }
        if self.document.in_reply_to_digest() != digest(&sealed.envelope) {
            return Err(invalid("in_reply_to_digest", "与所发文书的摘要不符"));
        }
        Ok(())
    }

    fn check_content(&self) -> Result<(), Fault> {
        let (at_field, at, text_field, text) = match &self.document {
            Document::Arrest(it) => ("decided_at", &it.decided_at, "reasons", &it.reasons),
            Document::Prosecution(it) => ("decided_at", &it.decided_at, "reasons", &it.reasons),
            Document::Judgment(it) => ("judged_at", &it.judged_at, "text", &it.text),
        };
        if at.parse::<Timestamp>().is_err() {
            return Err(invalid(at_field, "应为 RFC 3339 格式的时间"));
        }
        if text.chars().count() > LONG {
            return Err(invalid(text_field, "不得超过4000字"));
        }
        Ok(())
    }

    async fn record(&self, tx: &mut Tx, case: CaseFile, exit: ExitId) -> Result<(), Fault> {
        let at = tx.at();
        let changed = match &self.document {
            Document::Arrest(it) => {
                let decision =
                    if it.approved { ArrestDecision::Approved } else { ArrestDecision::Refused };
                case.exit_answered(exit, decision, &it.document_number, at, &self.law)?
            }
            Document::Prosecution(it) => {
                let decision = decided(it)?;
                case.prosecution_decided(exit, decision, &it.document_number, at, &self.law)?
            }
            Document::Judgment(it) => {
                let verdict =
                    if it.convicted { CourtVerdict::Convicted } else { CourtVerdict::Acquitted };
                case.judged(exit, verdict, &it.document_number, at)?
            }
        };
        if !changed.is_nothing() {
            let conn = tx.conn();
            match self.document {
                Document::Arrest(_) | Document::Prosecution(_) => {
                    store::envelopes::keep_answer(conn, exit, &self.sent).await?;
                }
                Document::Judgment(_) => {
                    store::envelopes::keep_judgment(conn, exit, &self.sent).await?;
                }
            }
        }
        changes::record(tx, &changed).await?;
        Ok(())
    }
}

impl Document {
    /// The document of an envelope, when it is one that answers an exit.
    pub(crate) fn of(document: Option<envelope::Document>) -> Option<Self> {
        match document? {
            envelope::Document::ArrestRequestDecision(it) => Some(Self::Arrest(it)),
            envelope::Document::ProsecutionDecision(it) => Some(Self::Prosecution(it)),
            envelope::Document::Judgment(it) => Some(Self::Judgment(it)),
            _ => None,
        }
    }

    /// Key of the envelope that it is about.
    pub(crate) fn in_reply_to(&self) -> &str {
        match self {
            Self::Arrest(it) => &it.in_reply_to,
            Self::Prosecution(it) => &it.in_reply_to,
            Self::Judgment(it) => &it.in_reply_to,
        }
    }

    fn in_reply_to_digest(&self) -> &[u8] {
        match self {
            Self::Arrest(it) => &it.in_reply_to_digest,
            Self::Prosecution(it) => &it.in_reply_to_digest,
            Self::Judgment(it) => &it.in_reply_to_digest,
        }
    }
}

fn decided(it: &ProsecutionDecision) -> Result<Decided, Fault> {
    let decision = match it.verdict() {
        ProsecutionVerdict::Prosecuted => Decided::Prosecuted,
        ProsecutionVerdict::NotProsecuted => Decided::NotProsecuted,
        ProsecutionVerdict::Returned => return Ok(Decided::Returned(it.tasks.clone())),
        ProsecutionVerdict::Unspecified => {
            return Err(invalid("verdict", "应为已知的审查起诉决定"));
        }
    };
    if it.tasks.is_empty() {
        Ok(decision)
    } else {
        Err(invalid("tasks", "仅退回补充侦查可列"))
    }
}

/// The texts of the answer that go into the case are its number and the tasks of a return.
fn in_terms_of_the_envelope(fault: Fault) -> Fault {
    if fault.reason == &REVIEW_TEXT_INVALID {
        return invalid("document_number", "应为一至二百个可显示的字符");
    }
    if fault.reason == &CORRECTION_ITEMS_INVALID {
        return invalid("tasks", "应为一至五十项");
    }
    fault
}

fn invalid(field: &str, what: &str) -> Fault {
    Fault::field(&ENVELOPE_INVALID, field, what)
}
