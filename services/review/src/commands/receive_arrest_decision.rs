//! Takes the procuratorate's decision on a request for approval of arrest, and signs for it.

use std::sync::Arc;

use gongxin_eventing::reasons::INVARIANT_BROKEN;
use gongxin_eventing::{Command, Tx};
use gongxin_exchange::{Received, digest, reasons::ENVELOPE_INVALID};
use gongxin_kernel::Fault;
use gongxin_proto::exchange::v1::{
    ArrestRequestDecision, DeliverRequest, DeliverResponse, Envelope, Receipt,
};
use gongxin_review_domain::reasons::REVIEW_TEXT_INVALID;
use gongxin_review_domain::{ArrestDecision, CaseFile, CaseId, ExitId, ExitStage, Law};
use jiff::Timestamp;
use prost::Message as _;
use uuid::Uuid;

use crate::organ::Organ;
use crate::reasons::EXIT_DELIVERY_PENDING;
use crate::{changes, store};

/// Most characters of the reasons of a decision.
const LONG: usize = 4_000;

pub(crate) struct ReceiveArrestDecision {
    /// The exit that is answered and its case; none when there is no such exit.
    pub(crate) answered: Option<(CaseId, ExitId)>,
    /// The envelope as it came, to be kept.
    pub(crate) sent: DeliverRequest,
    pub(crate) received: Received,
    pub(crate) document: ArrestRequestDecision,
    pub(crate) organ: Arc<Organ>,
    pub(crate) law: Law<'static>,
}

/// The answer is the signed receipt, so that a repeated envelope is given the same one.
impl Command for ReceiveArrestDecision {
    const NAME: &'static str = "receive_arrest_decision";
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

impl ReceiveArrestDecision {
    /// The decision must answer the very envelope that was sent, and come from whom it went to.
    async fn check_answers(&self, tx: &mut Tx, exit: ExitId) -> Result<(), Fault> {
        let sealed = store::envelopes::sealed(tx.conn(), exit).await?;
        let asked = Envelope::decode(&*sealed.envelope)
            .map_err(|e| Fault::new(&INVARIANT_BROKEN).caused_by(e))?;
        if asked.receiver != self.received.envelope.sender {
            return Err(invalid("in_reply_to", "原文书并非发往本机关"));
        }
        if self.document.in_reply_to_digest != digest(&sealed.envelope) {
            return Err(invalid("in_reply_to_digest", "与所发文书的摘要不符"));
        }
        Ok(())
    }

    fn check_content(&self) -> Result<(), Fault> {
        if self.document.decided_at.parse::<Timestamp>().is_err() {
            return Err(invalid("decided_at", "应为 RFC 3339 格式的时间"));
        }
        if self.document.reasons.chars().count() > LONG {
            return Err(invalid("reasons", "不得超过4000字"));
        }
        Ok(())
    }

    async fn record(&self, tx: &mut Tx, case: CaseFile, exit: ExitId) -> Result<(), Fault> {
        let decision =
            if self.document.approved { ArrestDecision::Approved } else { ArrestDecision::Refused };
        let number = &self.document.document_number;
        let changed = case.exit_answered(exit, decision, number, tx.at(), &self.law)?;
        if !changed.is_nothing() {
            store::envelopes::keep_answer(tx.conn(), exit, &self.sent).await?;
        }
        changes::record(tx, &changed).await?;
        Ok(())
    }
}

/// The one text of the decision that goes into the case is its number.
fn in_terms_of_the_envelope(fault: Fault) -> Fault {
    if fault.reason == &REVIEW_TEXT_INVALID {
        return invalid("document_number", "应为一至二百个可显示的字符");
    }
    fault
}

fn invalid(field: &str, what: &str) -> Fault {
    Fault::field(&ENVELOPE_INVALID, field, what)
}
