//! Issues notices to correct a violation, and sends each until the police have signed for it.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::ensure;
use gongxin_eventing::trace::TraceContext;
use gongxin_kernel::{UnitCode, new_uuid};
use gongxin_law::identifiers::CaseNumber;
use gongxin_proto::common::v1::Unit;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{Envelope, ViolationItem, ViolationNotice};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use tonic::Request;
use tracing::Instrument as _;

use crate::answering::{Pause, Police};
use crate::journal::{Record, pack};
use crate::letters::Issued;
use crate::office::Office;

/// The notice that is to be issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeOrder {
    /// The police organ, e.g. `police:619921`.
    pub to: String,
    /// Number of the notice.
    pub notice_number: String,
    /// National case number.
    pub case_number: String,
    /// Code of the unit concerned, twelve digits.
    pub unit_code: String,
    /// Name of that unit.
    pub unit_name: String,
    /// What is to be corrected.
    pub items: Vec<OrderedItem>,
    /// Last instant for the answer.
    pub answer_due_at: Timestamp,
}

/// One violation that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderedItem {
    /// What was done.
    pub fact: String,
    /// The law that it broke.
    pub basis: String,
    /// What is to be corrected.
    pub demand: String,
}

/// Why a notice is not issued.
#[derive(Debug)]
pub(crate) enum NotIssued {
    /// It cannot be meant as it stands.
    Invalid(anyhow::Error),
    /// Its number is that of another one.
    NumberTaken,
    /// It could not be written down.
    Unwritten(std::io::Error),
}

impl NoticeOrder {
    fn check(&self) -> anyhow::Result<()> {
        ensure!(self.to.starts_with("police:"), "to must be a police organ");
        ensure!(self.case_number.parse::<CaseNumber>().is_ok(), "case_number is none");
        ensure!(self.unit_code.parse::<UnitCode>().is_ok(), "unit_code must be twelve digits");
        ensure!((1..=50).contains(&self.items.len()), "items must be 1 to 50");
        let of_item =
            |item: &OrderedItem| [item.fact.clone(), item.basis.clone(), item.demand.clone()];
        let texts = self.items.iter().flat_map(of_item);
        let mut texts = texts.chain([self.notice_number.clone(), self.unit_name.clone()]);
        ensure!(texts.all(|text| !text.trim().is_empty()), "no text may be empty");
        Ok(())
    }

    fn notice(&self, issued_at: &str) -> ViolationNotice {
        let item = |item: &OrderedItem| ViolationItem {
            fact: item.fact.clone(),
            basis: item.basis.clone(),
            demand: item.demand.clone(),
        };
        ViolationNotice {
            notice_number: self.notice_number.clone(),
            case_number: self.case_number.clone(),
            unit: Some(Unit { code: self.unit_code.clone(), name: self.unit_name.clone() }),
            items: self.items.iter().map(item).collect(),
            issued_at: issued_at.to_owned(),
            answer_due_at: self.answer_due_at.to_string(),
        }
    }
}

impl Office {
    /// Issues a notice and gives the key of its envelope; the same order again gives the same key.
    ///
    /// # Errors
    /// [`NotIssued`].
    pub(crate) fn issue(&self, order: &NoticeOrder) -> Result<String, NotIssued> {
        order.check().map_err(NotIssued::Invalid)?;
        let mut register = self.register();
        if let Some(before) = register.letters().of_number(&order.notice_number) {
            let same = before.notice == order.notice(&before.notice.issued_at);
            let same = same && before.receiver == order.to;
            return if same { Ok(before.key.clone()) } else { Err(NotIssued::NumberTaken) };
        }
        let now = self.clock.now();
        if order.answer_due_at <= now {
            let cause = anyhow::anyhow!("answer_due_at must be in the future");
            return Err(NotIssued::Invalid(cause));
        }
        let (key, created_at) = (new_uuid().to_string(), now.to_string());
        let sealed = self.key.seal(&Envelope {
            key: key.clone(),
            sender: self.key.organ().to_owned(),
            receiver: order.to.clone(),
            document: Some(Document::ViolationNotice(order.notice(&created_at))),
            created_at,
        });
        let record = Record::Issued { notice: pack(&sealed) };
        register.record(&record, self.key.organ()).map_err(NotIssued::Unwritten)?;
        self.news.notify_one();
        Ok(key)
    }

    fn unsent_notices(&self) -> Vec<Issued> {
        self.register().letters().unsent().cloned().collect()
    }
}

/// Sends every notice that the police have not signed for, but those that pause.
pub(crate) async fn send(
    office: &Arc<Office>,
    police: &Police,
    pauses: &mut HashMap<String, Pause>,
) {
    for issued in office.unsent_notices() {
        if pauses.get(&issued.key).is_some_and(|pause| !pause.is_over()) {
            continue;
        }
        let former = pauses.remove(&issued.key);
        if let Err(error) = deliver(office, police.clone(), &issued).await {
            let number = issued.notice.notice_number;
            tracing::warn!(number, error = format!("{error:#}"), "notice not delivered yet");
            pauses.insert(issued.key, Pause::after(former));
        }
    }
}

/// Sends one notice and keeps its receipt.
async fn deliver(office: &Arc<Office>, mut police: Police, issued: &Issued) -> anyhow::Result<()> {
    let span = tracing::info_span!(
        "notice",
        otel.name = "ExchangeService/Deliver",
        otel.kind = "client",
        case.number = issued.notice.case_number,
    );
    async {
        let mut request = Request::new(issued.sealed.clone());
        gongxin_chassis::carry(&TraceContext::current(), &mut request);
        let response = police.deliver(request).await?.into_inner();
        office.known.receipt(&response, &issued.sealed, &issued.receiver)?;
        let record = Record::Receipted { key: issued.key.clone(), receipt: pack(&response) };
        let office = Arc::clone(office);
        spawn_blocking(move || office.register().record(&record, office.key.organ())).await??;
        Ok(())
    }
    .instrument(span)
    .await
}
