//! The register of incoming papers: what the journal says, in memory.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use anyhow::{Context as _, ensure};
use gongxin_eventing::trace::TraceContext;
use gongxin_exchange::digest;
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse, Envelope, Receipt};
use jiff::Timestamp;
use prost::Message as _;

use crate::journal::{Journal, Record, unpack};
use crate::letters::Letters;
use crate::papers::{Answer, Paper, State};
use crate::procuratorate::{self, Asked, Kind, Ruling};

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
    pub(crate) asked: Asked,
    pub(crate) received_at: Timestamp,
    /// The receipt that was given, and is given again.
    pub(crate) receipt: DeliverResponse,
    /// The trace in which it came, for its answer.
    pub(crate) trace: TraceContext,
    pub(crate) answer: Option<Made>,
    pub(crate) delivered: bool,
    /// What the court has judged, once the answer was a prosecution.
    pub(crate) judgment: Option<Made>,
    pub(crate) judgment_delivered: bool,
}

/// A ruling, signed and kept, so that it is the same whenever it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) sealed: DeliverRequest,
    pub(crate) key: String,
    pub(crate) ruling: Ruling,
    pub(crate) decided_at: Timestamp,
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

    /// The numbers of all decisions and judgments ever made.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &str> {
        let made = self.entries.iter().flat_map(|entry| [&entry.answer, &entry.judgment]);
        made.flatten().map(|made| made.ruling.number())
    }

    /// How many papers for prosecution of the same suspect were decided before.
    pub(crate) fn decided_before(&self, asked: &Asked) -> usize {
        let same = |entry: &&Entry| {
            entry.answer.is_some()
                && entry.asked.kind == Kind::Prosecution
                && entry.asked.case_number == asked.case_number
                && entry.asked.suspect_name == asked.suspect_name
        };
        self.entries.iter().filter(same).count()
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
            Record::Judged { key, judgment } => {
                let entry = self.entry(key)?;
                ensure!(entry.is_in_court(), "judged without a prosecution, or twice");
                entry.judgment = Some(Made::read(unpack(judgment)?)?);
            }
            Record::JudgmentDelivered { key, .. } => {
                let entry = self.entry(key)?;
                ensure!(entry.judgment.is_some(), "delivered before it was judged");
                entry.judgment_delivered = true;
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
            asked: procuratorate::asked(&envelope)?,
            received_at: Receipt::decode(&*given.receipt)?.received_at.parse()?,
            receipt: given,
            trace,
            answer: None,
            delivered: false,
            judgment: None,
            judgment_delivered: false,
            key: envelope.key,
            sender: envelope.sender,
        })
    }

    /// Whether the court has yet to judge.
    pub(crate) fn is_in_court(&self) -> bool {
        let prosecuted = self.answer.as_ref().is_some_and(|made| made.ruling.prosecutes());
        prosecuted && self.judgment.is_none()
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
            document_number: self.asked.document_number.clone(),
            case_number: self.asked.case_number.clone(),
            received_at: self.received_at,
            state,
            answer: self.answer.as_ref().map(|made| Answer {
                key: made.key.clone(),
                document_number: made.ruling.number().to_owned(),
                approved: made.ruling.approves(),
                decided_at: made.decided_at,
            }),
        }
    }
}

impl Made {
    fn read(sealed: DeliverRequest) -> anyhow::Result<Self> {
        let envelope = Envelope::decode(&*sealed.envelope)?;
        let ruling = Ruling::of(envelope.document).context("it is no decision")?;
        let decided_at = ruling.decided_at().parse()?;
        Ok(Self { sealed, key: envelope.key, ruling, decided_at })
    }
}
