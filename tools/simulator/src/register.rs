//! The register of incoming papers: what the journal says, in memory.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use anyhow::{Context as _, ensure};
use gongxin_eventing::trace::TraceContext;
use gongxin_exchange::digest;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{
    ArrestRequest, ArrestRequestDecision, DeliverRequest, DeliverResponse, Envelope, Receipt,
};
use jiff::Timestamp;
use prost::Message as _;

use crate::journal::{Journal, Record, unpack};
use crate::letters::Letters;
use crate::papers::{Answer, Paper, State};
use crate::procuratorate;

/// Every paper ever received, in the order of receipt.
#[derive(Debug)]
pub(crate) struct Register {
    journal: Journal,
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
    letters: Letters,
}

/// One paper and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) sender: String,
    pub(crate) digest: [u8; 32],
    pub(crate) request: ArrestRequest,
    pub(crate) received_at: Timestamp,
    /// The receipt that was given, and is given again.
    pub(crate) receipt: DeliverResponse,
    /// The trace in which it came, for its answer.
    pub(crate) trace: TraceContext,
    pub(crate) answer: Option<Made>,
    pub(crate) delivered: bool,
}

/// An answer, signed and kept, so that it is the same whenever it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) sealed: DeliverRequest,
    pub(crate) key: String,
    pub(crate) decision: ArrestRequestDecision,
    decided_at: Timestamp,
}

impl Register {
    /// Reads the journal of `organ`.
    ///
    /// # Errors
    /// When it cannot be had, or tells what cannot have happened here.
    pub(crate) async fn open(path: &Path, organ: &str) -> anyhow::Result<Self> {
        let (journal, records) = Journal::open(path).await?;
        let mut register = Self {
            journal,
            entries: Vec::new(),
            places: HashMap::new(),
            letters: Letters::default(),
        };
        for (index, record) in records.iter().enumerate() {
            let applied = register.apply(record, organ);
            applied.with_context(|| format!("line {}", index + 1))?;
        }
        Ok(register)
    }

    /// Writes down what has happened, then counts it as happened.
    ///
    /// # Errors
    /// When it could not be written; then nothing has happened.
    pub(crate) fn record(&mut self, record: &Record, organ: &str) -> io::Result<()> {
        self.journal.append(record)?;
        self.apply(record, organ).expect("this process made the record out of what it keeps");
        Ok(())
    }

    /// The paper that came under `key`.
    pub(crate) fn find(&self, key: &str) -> Option<&Entry> {
        self.places.get(key).map(|place| &self.entries[*place])
    }

    /// Digest and receipt of whatever came under `key`.
    pub(crate) fn known(&self, key: &str) -> Option<([u8; 32], &DeliverResponse)> {
        let entry = self.find(key).map(|entry| (entry.digest, &entry.receipt));
        entry.or_else(|| self.letters.find(key))
    }

    /// What needs no decision.
    pub(crate) fn letters(&self) -> &Letters {
        &self.letters
    }

    /// All papers.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All decisions ever made.
    pub(crate) fn decisions(&self) -> impl Iterator<Item = &ArrestRequestDecision> {
        self.entries.iter().filter_map(|entry| Some(&entry.answer.as_ref()?.decision))
    }

    fn apply(&mut self, record: &Record, organ: &str) -> anyhow::Result<()> {
        match record {
            Record::Received { request, receipt, traceparent, tracestate } => {
                let trace = TraceContext {
                    traceparent: traceparent.clone(),
                    tracestate: tracestate.clone(),
                };
                let entry = Entry::read(&unpack(request)?, unpack(receipt)?, trace, organ)?;
                ensure!(self.find(&entry.key).is_none(), "received twice");
                self.places.insert(entry.key.clone(), self.entries.len());
                self.entries.push(entry);
            }
            Record::Decided { key, answer } => {
                let entry = self.entry(key)?;
                ensure!(entry.answer.is_none(), "decided twice");
                entry.answer = Some(Made::read(unpack(answer)?)?);
            }
            Record::Delivered { key, .. } => {
                let entry = self.entry(key)?;
                ensure!(entry.answer.is_some(), "delivered before it was decided");
                entry.delivered = true;
            }
            Record::Kept { request, receipt } => {
                self.letters.keep(&unpack(request)?, unpack(receipt)?)?;
            }
            Record::Issued { notice } => self.letters.issue(unpack(notice)?)?,
            Record::Receipted { key, .. } => self.letters.delivered(key)?,
        }
        Ok(())
    }

    fn entry(&mut self, key: &str) -> anyhow::Result<&mut Entry> {
        let place = self.places.get(key).context("never received")?;
        Ok(&mut self.entries[*place])
    }
}

impl Entry {
    fn read(
        sent: &DeliverRequest,
        given: DeliverResponse,
        trace: TraceContext,
        organ: &str,
    ) -> anyhow::Result<Self> {
        let envelope = Envelope::decode(&*sent.envelope)?;
        ensure!(envelope.receiver == organ, "received by {}", envelope.receiver);
        Ok(Self {
            digest: digest(&sent.envelope),
            request: procuratorate::arrest_request(&envelope)?.clone(),
            received_at: Receipt::decode(&*given.receipt)?.received_at.parse()?,
            receipt: given,
            trace,
            answer: None,
            delivered: false,
            key: envelope.key,
            sender: envelope.sender,
        })
    }

    /// What others may see of it.
    pub(crate) fn paper(&self) -> Paper {
        let state = match &self.answer {
            None => State::Received,
            Some(_) if !self.delivered => State::Decided,
            Some(_) => State::Answered,
        };
        Paper {
            key: self.key.clone(),
            sender: self.sender.clone(),
            document_number: self.request.document_number.clone(),
            case_number: self.request.case_number.clone(),
            received_at: self.received_at,
            state,
            answer: self.answer.as_ref().map(|made| Answer {
                key: made.key.clone(),
                document_number: made.decision.document_number.clone(),
                approved: made.decision.approved,
                decided_at: made.decided_at,
            }),
        }
    }
}

impl Made {
    fn read(sealed: DeliverRequest) -> anyhow::Result<Self> {
        let envelope = Envelope::decode(&*sealed.envelope)?;
        let Some(Document::ArrestRequestDecision(decision)) = envelope.document else {
            anyhow::bail!("the answer is no decision");
        };
        let decided_at = decision.decided_at.parse()?;
        Ok(Self { sealed, key: envelope.key, decision, decided_at })
    }
}
