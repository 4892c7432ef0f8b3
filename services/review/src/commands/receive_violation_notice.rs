//! Takes the procuratorate's notice to correct a violation, and signs for it.

use std::sync::Arc;

use gongxin_eventing::{Command, Tx};
use gongxin_exchange::{Received, digest, reasons::ENVELOPE_INVALID};
use gongxin_kernel::{Fault, UnitCode};
use gongxin_law::identifiers::CaseNumber;
use gongxin_proto::common::v1 as common;
use gongxin_proto::exchange::v1::{
    DeliverRequest, DeliverResponse, Receipt, ViolationNotice as Document,
};
use gongxin_review_domain::reasons::REVIEW_TEXT_INVALID;
use gongxin_review_domain::{
    CorrespondenceRefusal, Incoming, NoticeItem, Refusal, Unit, ViolationNotice, ViolationNoticeId,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::organ::Organ;
use crate::{correspondence, store};

pub(crate) struct ReceiveViolationNotice {
    /// The notice, not yet matched to its case.
    incoming: Incoming,
    /// The envelope as it came, to be kept.
    sent: DeliverRequest,
    received: Received,
    organ: Arc<Organ>,
    /// How long before its end the answer is urged.
    warning: SignedDuration,
}

impl ReceiveViolationNotice {
    /// Reads the document.
    ///
    /// # Errors
    /// `ENVELOPE_INVALID` with the field that cannot be read.
    pub(crate) fn new(
        document: Document,
        sent: DeliverRequest,
        received: Received,
        organ: Arc<Organ>,
        warning: SignedDuration,
    ) -> Result<Self, Fault> {
        if document.case_number.parse::<CaseNumber>().is_err() {
            return Err(invalid("case_number", "应为二十三位案件编号"));
        }
        let sender = received.envelope.sender.clone();
        let item = |item: gongxin_proto::exchange::v1::ViolationItem| NoticeItem {
            fact: item.fact,
            basis: item.basis,
            demand: item.demand,
        };
        let incoming = Incoming {
            id: id(&sender, &document.notice_number),
            sender,
            case: None,
            unit: unit(document.unit, &organ)?,
            issued_at: instant("issued_at", &document.issued_at)?,
            answer_due_at: instant("answer_due_at", &document.answer_due_at)?,
            number: document.notice_number,
            case_number: document.case_number,
            items: document.items.into_iter().map(item).collect(),
        };
        Ok(Self { incoming, sent, received, organ, warning })
    }
}

/// The answer is the signed receipt, so that a repeated envelope is given the same one.
impl Command for ReceiveViolationNotice {
    const NAME: &'static str = "receive_violation_notice";
    type Answer = DeliverResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.incoming.id.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<DeliverResponse, Fault> {
        let case = store::cases::of_number(tx.conn(), &self.incoming.case_number).await?;
        let incoming = Incoming { case: case.map(|(case, _)| case), ..self.incoming.clone() };
        let changed = match store::violation_notices::find(tx.conn(), incoming.id).await? {
            Some(before) => before.received_again(&incoming)?,
            None => ViolationNotice::receive(incoming, tx.at(), self.warning)
                .map_err(in_terms_of_the_envelope)?,
        };
        if !changed.events.is_empty() {
            let bureau = tx.bureau()?.clone();
            store::violation_notices::insert(tx.conn(), &bureau, &changed.notice, &self.sent)
                .await?;
            correspondence::start_clock(tx, &changed.notice).await?;
        }
        // What a receipt cannot show is refused here, so the number is the one text at fault.
        correspondence::append(tx, &changed).await.map_err(|fault| {
            if fault.reason == &REVIEW_TEXT_INVALID {
                return invalid("notice_number", "含有不能如实显示的字符");
            }
            fault
        })?;
        Ok(self.organ.key.sign_receipt(&Receipt {
            key: self.received.envelope.key.clone(),
            envelope_digest: self.received.digest.to_vec(),
            receiver: self.organ.key.organ().to_owned(),
            received_at: tx.at().to_string(),
        }))
    }
}

/// One sender's number is one notice, whichever envelope brings it: so its id is made of both.
fn id(sender: &str, number: &str) -> ViolationNoticeId {
    let digest = digest(format!("violation notice\n{sender}\n{number}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    ViolationNoticeId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// The unit concerned, which must be one of this bureau.
fn unit(unit: Option<common::Unit>, organ: &Organ) -> Result<Unit, Fault> {
    let unit = unit.ok_or_else(|| invalid("unit", "必填"))?;
    let code: Option<UnitCode> = unit.code.parse().ok();
    let own = code.filter(|code| code.bureau() == organ.bureau);
    let code = own.ok_or_else(|| invalid("unit.code", "应为本机关所属单位的十二位代码"))?;
    Ok(Unit { code, name: unit.name })
}

/// An instant cut to the microsecond that the database keeps.
fn instant(field: &str, text: &str) -> Result<Timestamp, Fault> {
    let at = text.parse::<Timestamp>().ok();
    let at = at.and_then(|at| Timestamp::from_microsecond(at.as_microsecond()).ok());
    at.ok_or_else(|| invalid(field, "应为 RFC 3339 格式的时间"))
}

fn in_terms_of_the_envelope(refusal: CorrespondenceRefusal) -> Fault {
    match refusal {
        CorrespondenceRefusal::Other(Refusal::Text { field, limit }) => {
            invalid(field, &format!("应为一至{limit}个可显示的字符"))
        }
        CorrespondenceRefusal::Other(Refusal::Items { field }) => invalid(field, "应为一至五十项"),
        CorrespondenceRefusal::Other(Refusal::ImpossibleTime) => {
            invalid("answer_due_at", "应当晚于签发时间")
        }
        other => other.into(),
    }
}

fn invalid(field: &str, what: &str) -> Fault {
    Fault::field(&ENVELOPE_INVALID, field, what)
}
