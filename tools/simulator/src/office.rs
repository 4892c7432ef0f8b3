//! The office: receives papers, decides those that are due, keeps the police's receipts.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gongxin_chassis::IntoStatus as _;
use gongxin_eventing::trace::TraceContext;
use gongxin_exchange::{OrganKey, Organs, reasons};
use gongxin_kernel::{Clock, Fault, new_uuid};
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse, Envelope, Receipt};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tonic::Status;

use crate::court::Court;
use crate::journal::{Record, pack};
use crate::papers::{Paper, Pending};
use crate::plan::Plan;
use crate::procuratorate::{self, Kind, Ruling};
use crate::register::{Entry, Made, Register};

/// The organ at work. Whatever writes blocks until it is on disk.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) key: OrganKey,
    pub(crate) known: Organs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) plan: Option<PathBuf>,
    pub(crate) decide_after: SignedDuration,
    /// The same for what is examined for prosecution.
    pub(crate) examine_after: SignedDuration,
    /// The court that judges what is prosecuted; without it nothing is judged.
    pub(crate) court: Option<Court>,
    pub(crate) document_word: String,
    pub(crate) register: Mutex<Register>,
    /// Wakes who decides and answers.
    pub(crate) news: Notify,
}

/// A ruling on its way to the police.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) entry: Entry,
    pub(crate) made: Made,
    which: Which,
}

#[derive(Clone, Copy, Debug)]
enum Which {
    Answer,
    Judgment,
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
            procuratorate::asked(&received.envelope).map_err(refuse)?;
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

    /// Decides every paper whose time has come, by the plan as it stands now, and judges what
    /// has been in court long enough.
    ///
    /// # Errors
    /// When the plan cannot be read or a ruling not be written; the rest stays undecided.
    pub(crate) fn decide_due(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let due: Vec<Entry> = {
            let register = self.register();
            let due = |one: &&Entry| self.next(one).is_some_and(|at| at <= now);
            register.entries().iter().filter(due).cloned().collect()
        };
        if due.is_empty() {
            return Ok(());
        }
        let plan = Plan::read(self.plan.as_deref())?;
        for entry in due {
            let mut register = self.register();
            let record = match &self.court {
                Some(court) if entry.answer.is_some() => {
                    let ruling = court.judgment(now, register.numbers());
                    let judgment = Self::sealed(&court.key, &entry, ruling);
                    Record::Judged { judgment, key: entry.key }
                }
                _ => {
                    let verdict = plan.verdict(&entry.asked, register.decided_before(&entry.asked));
                    let word = &self.document_word;
                    let ruling = procuratorate::ruling(verdict, word, now, register.numbers());
                    let answer = Self::sealed(&self.key, &entry, ruling);
                    Record::Decided { answer, key: entry.key }
                }
            };
            register.record(&record, self.key.organ())?;
        }
        Ok(())
    }

    /// The rulings that the police have not yet receipted. A judgment waits for the decision it
    /// rests on.
    pub(crate) fn unsent(&self) -> Vec<Outgoing> {
        let register = self.register();
        let outgoing = |entry: &Entry| {
            let (made, which) = match (&entry.answer, &entry.judgment) {
                (Some(answer), _) if !entry.delivered => (answer, Which::Answer),
                (_, Some(judgment)) if !entry.judgment_delivered => (judgment, Which::Judgment),
                _ => return None,
            };
            Some(Outgoing { entry: entry.clone(), made: made.clone(), which })
        };
        register.entries().iter().filter_map(outgoing).collect()
    }

    /// Keeps the police's receipt for a ruling.
    ///
    /// # Errors
    /// When it cannot be written; then the ruling goes out once more, under its key.
    pub(crate) fn delivered(
        &self,
        sent: &Outgoing,
        receipt: &DeliverResponse,
    ) -> anyhow::Result<()> {
        let (key, receipt) = (sent.entry.key.clone(), pack(receipt));
        let record = match sent.which {
            Which::Answer => Record::Delivered { key, receipt },
            Which::Judgment => Record::JudgmentDelivered { key, receipt },
        };
        Ok(self.register().record(&record, self.key.organ())?)
    }

    /// Every paper received.
    pub(crate) fn papers(&self) -> Vec<Paper> {
        self.register().entries().iter().map(Entry::paper).collect()
    }

    /// What is still open.
    pub(crate) fn pending(&self) -> Pending {
        let unsent = self.unsent().len();
        let register = self.register();
        let next = register.entries().iter().filter_map(|one| self.next(one));
        let unsent = unsent + register.letters().unsent().count();
        Pending { undecided: next.clone().count(), unsent, next_at: next.min() }
    }

    /// When the next ruling on a paper is due, if one is.
    fn next(&self, entry: &Entry) -> Option<Timestamp> {
        let (since, hours) = match (&entry.answer, &self.court) {
            (None, _) => match entry.asked.kind {
                Kind::Arrest => (entry.received_at, self.decide_after),
                Kind::Prosecution => (entry.received_at, self.examine_after),
            },
            (Some(answer), Some(court)) if entry.is_in_court() => {
                (answer.decided_at, SignedDuration::from_hours(court.judge_after_hours.into()))
            }
            _ => return None,
        };
        Some(since.saturating_add(hours).expect("hours are of one length"))
    }

    /// The signed ruling on a paper, packed. Its key is fixed here, for every time it is sent.
    fn sealed(key: &OrganKey, entry: &Entry, ruling: Ruling) -> String {
        pack(&key.seal(&Envelope {
            key: new_uuid().to_string(),
            sender: key.organ().to_owned(),
            receiver: entry.sender.clone(),
            created_at: ruling.decided_at().to_owned(),
            document: Some(ruling.document(&entry.key, &entry.digest)),
        }))
    }

    pub(crate) fn register(&self) -> MutexGuard<'_, Register> {
        // Nothing is half done when a holder panics: memory changes after the disk, at once.
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
