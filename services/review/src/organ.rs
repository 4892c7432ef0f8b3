//! This bureau as an organ of the exchange: what it signs, and whose signatures it believes.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use gongxin_exchange::{OrganKey, Organs};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_law::{DocumentNumber, Track, document_word, legal_day};
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{DeliverRequest, Envelope};
use gongxin_review_domain::{ExitId, ReviewItem};
use jiff::Timestamp;

use crate::config::ReviewSettings;

/// Keys and names of both sides.
#[derive(Clone, Debug)]
pub(crate) struct Organ {
    pub(crate) key: OrganKey,
    pub(crate) bureau: BureauCode,
    /// Whose envelopes and receipts are believed.
    pub(crate) known: Organs,
    /// Where exits go.
    pub(crate) procuratorate: String,
    /// Whose judgments are taken.
    pub(crate) court: Option<String>,
    pub(crate) word: String,
}

impl Organ {
    /// Reads the keys that the settings name.
    pub(crate) fn open(settings: &ReviewSettings) -> anyhow::Result<Self> {
        let code = settings.organ.strip_prefix("police:").context("organ must be police:<code>")?;
        let bureau = code.parse().context("organ")?;
        let key = OrganKey::from_pem(&settings.organ, &read(&settings.organ_key_file)?)
            .context("organ_key_file is not an Ed25519 key")?;
        let outside = &settings.procuratorate;
        let mut known = Organs::default();
        known
            .insert(&outside.organ, &read(&outside.key_file)?)
            .context("procuratorate.key_file is not an Ed25519 key")?;
        if let Some(court) = &settings.court {
            known
                .insert(&court.organ, &read(&court.key_file)?)
                .context("court.key_file is not an Ed25519 key")?;
        }
        let organ = Self {
            key,
            bureau,
            known,
            procuratorate: outside.organ.clone(),
            court: settings.court.as_ref().map(|court| court.organ.clone()),
            word: settings.organ_word.clone(),
        };
        organ
            .document_number(ReviewItem::ArrestRequest, 2000, 1)
            .context("organ_word cannot begin a document number")?;
        Ok(organ)
    }

    /// Series from which the papers of an item take their numbers in the legal year of `at`.
    pub(crate) fn series(item: ReviewItem, at: Timestamp) -> String {
        format!("document:{}:{}", kind(item), legal_day(at).year())
    }

    /// The number of the `serial`th paper of an item in the legal year of `at`.
    pub(crate) fn number(
        &self,
        item: ReviewItem,
        at: Timestamp,
        serial: u64,
    ) -> Result<String, Fault> {
        let broken = |e: anyhow::Error| {
            let cause: Box<dyn std::error::Error + Send + Sync> = e.into();
            Fault::new(&gongxin_eventing::reasons::INVARIANT_BROKEN).caused_by(cause)
        };
        let serial = u32::try_from(serial).map_err(|e| broken(e.into()))?;
        self.document_number(item, legal_day(at).year(), serial).map_err(broken)
    }

    fn document_number(&self, item: ReviewItem, year: i16, serial: u32) -> anyhow::Result<String> {
        let word = document_word(Track::Criminal, kind(item)).context("no document word")?;
        Ok(DocumentNumber::new(&self.word, Some("刑"), word, year, serial)?.to_string())
    }

    /// The envelope of an exit, signed. The same content gives the same bytes.
    pub(crate) fn seal(&self, exit: ExitId, at: Timestamp, paper: Document) -> DeliverRequest {
        self.key.seal(&Envelope {
            key: exit.to_string(),
            sender: self.key.organ().to_owned(),
            receiver: self.procuratorate.clone(),
            created_at: at.to_string(),
            document: Some(paper),
        })
    }
}

/// Name of the kind of document that leaves for an item.
fn kind(item: ReviewItem) -> &'static str {
    match item {
        ReviewItem::ArrestRequest => "arrest_request",
        ReviewItem::ProsecutionTransfer => "prosecution_opinion",
        ReviewItem::SupplementaryReport => "supplementary_report",
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
