//! The office: receives papers, decides those that are due, keeps the police's receipts.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gongxin_chassis::IntoStatus as _;
use gongxin_eventing::trace::TraceContext;
use gongxin_exchange::{OrganKey, Organs, reasons};
use gongxin_kernel::{Clock, Fault, new_uuid};
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{
    ArrestRequestDecision, DeliverRequest, DeliverResponse, Envelope, Receipt,
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tonic::Status;

use crate::journal::{Record, pack};
use crate::papers::{Paper, Pending};
use crate::plan::Plan;
use crate::procuratorate;
use crate::register::{Entry, Register};

/// The organ at work. Whatever writes blocks until it is on disk.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) key: OrganKey,
    pub(crate) known: Organs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) plan: Option<PathBuf>,
    pub(crate) decide_after: SignedDuration,
    pub(crate) document_word: String,
    pub(crate) register: Mutex<Register>,
    /// Wakes who decides and answers.
    pub(crate) news: Notify,
}

impl Office {
    /// Receives one envelope and gives its receipt: for the same bytes always the same one.
    ///
    /// # Errors
    /// `ENVELOPE_NOT_SIGNED`, `ENVELOPE_NOT_FOR_US`, `ENVELOPE_INVALID`, `ENVELOPE_KEY_REUSED`;
    /// unavailable when it could not be written down.
    pub(crate) fn receive(
        &self,
        sent: &DeliverRequest,
        trace: TraceContext,
    ) -> Result<DeliverResponse, Status> {
        let refuse = Fault::into_status;
        let received = self.known.open(sent, self.key.organ()).map_err(refuse)?;
        let mut register = self.register();
        if let Some((digest, receipt)) = register.known(&received.envelope.key) {
            return if digest == received.digest {
                Ok(receipt.clone())
            } else {
                Err(Fault::new(&reasons::ENVELOPE_KEY_REUSED).into_status())
            };
        }
        let letter = register.letters().check(&received.envelope).transpose().map_err(refuse)?;
        if letter.is_none() {
            procuratorate::arrest_request(&received.envelope).map_err(refuse)?;
        }
        let receipt = self.key.sign_receipt(&Receipt {
            key: received.envelope.key,
            envelope_digest: received.digest.to_vec(),
            receiver: self.key.organ().to_owned(),
            received_at: self.clock.now().to_string(),
        });
        let (request, signed) = (pack(sent), pack(&receipt));
        let record = match letter {
            Some(()) => Record::Kept { request, receipt: signed },
            None => Record::Received {
                request,
                receipt: signed,
                traceparent: trace.traceparent,
                tracestate: trace.tracestate,
            },
        };
        register.record(&record, self.key.organ()).map_err(|error| {
            tracing::error!(%error, "the journal cannot be written");
            Status::unavailable("the journal cannot be written")
        })?;
        self.news.notify_one();
        Ok(receipt)
    }

    /// Decides every paper whose time has come, by the plan as it stands now.
    ///
    /// # Errors
    /// When the plan cannot be read or a decision not be written; the rest stays undecided.
    pub(crate) fn decide_due(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let due: Vec<Entry> = {
            let register = self.register();
            let entries = register.entries().iter();
            let due = entries.filter(|one| one.answer.is_none() && self.decided_at(one) <= now);
            due.cloned().collect()
        };
        if due.is_empty() {
            return Ok(());
        }
        let plan = Plan::read(self.plan.as_deref())?;
        for entry in due {
            let verdict = plan.verdict(&entry.request);
            let mut register = self.register();
            let (word, earlier) = (&self.document_word, register.decisions());
            let decision = procuratorate::decision(verdict, word, now, earlier);
            let record = Record::Decided { answer: self.answer(&entry, decision), key: entry.key };
            register.record(&record, self.key.organ())?;
        }
        Ok(())
    }

    /// The papers whose answer the police have not yet receipted.
    pub(crate) fn unsent(&self) -> Vec<Entry> {
        let register = self.register();
        let entries = register.entries().iter();
        entries.filter(|one| one.answer.is_some() && !one.delivered).cloned().collect()
    }

    /// Keeps the police's receipt for the answer to the paper `key`.
    ///
    /// # Errors
    /// When it cannot be written; then the answer goes out once more, under its key.
    pub(crate) fn delivered(&self, key: &str, receipt: &DeliverResponse) -> anyhow::Result<()> {
        let record = Record::Delivered { key: key.to_owned(), receipt: pack(receipt) };
        Ok(self.register().record(&record, self.key.organ())?)
    }

    /// Every paper received.
    pub(crate) fn papers(&self) -> Vec<Paper> {
        self.register().entries().iter().map(Entry::paper).collect()
    }

    /// What is still open.
    pub(crate) fn pending(&self) -> Pending {
        let register = self.register();
        let undecided = register.entries().iter().filter(|one| one.answer.is_none());
        Pending {
            undecided: undecided.clone().count(),
            unsent: register
                .entries()
                .iter()
                .filter(|one| one.answer.is_some() && !one.delivered)
                .count()
                + register.letters().unsent().count(),
            next_at: undecided.map(|one| self.decided_at(one)).min(),
        }
    }

    fn decided_at(&self, entry: &Entry) -> Timestamp {
        entry.received_at.saturating_add(self.decide_after).expect("hours are of one length")
    }

    /// The signed answer to a paper, packed. Its key is fixed here, for every time it is sent.
    fn answer(&self, entry: &Entry, decision: ArrestRequestDecision) -> String {
        let created_at = decision.decided_at.clone();
        let decision = ArrestRequestDecision {
            in_reply_to: entry.key.clone(),
            in_reply_to_digest: entry.digest.to_vec(),
            ..decision
        };
        pack(&self.key.seal(&Envelope {
            key: new_uuid().to_string(),
            sender: self.key.organ().to_owned(),
            receiver: entry.sender.clone(),
            created_at,
            document: Some(Document::ArrestRequestDecision(decision)),
        }))
    }

    pub(crate) fn register(&self) -> MutexGuard<'_, Register> {
        // Nothing is half done when a holder panics: memory changes after the disk, at once.
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
