//! Notices and open channels at work: their events, clocks, letters and receipts.

use gongxin_eventing::{NewDeadline, NewEvent, Tx, trace};
use gongxin_kernel::{EventId, Fault};
use gongxin_law::{DocumentNumber, Track, document_word, legal_day, legal_text};
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse, Envelope};
use gongxin_proto::review::v1 as proto;
use gongxin_review_domain::reasons::REVIEW_TEXT_INVALID;
use gongxin_review_domain::{
    ItemResult, NoticeChanged, NoticeEvent, SignedFor, ViolationNotice, ViolationNoticeId,
};
use gongxin_transparency::View;
use jiff::Timestamp;
use prost::{Message, Name};
use uuid::Uuid;

use crate::organ::Organ;
use crate::store;
use crate::store::open_sendings::{self, Sent};
use crate::store::outgoing_papers::{self, PaperOf};

/// The time to answer a violation notice: it is the notice's own.
pub(crate) const ANSWER: &str = "review.violation_notice.answer";
/// Where such a period comes from, in place of the version of a rule.
const BY_NOTICE: &str = "notice";
/// Name of the kind of document that an answer is.
const VIOLATION_ANSWER: &str = "violation_notice_answer";

/// Starts the time to answer.
pub(crate) async fn start_clock(tx: &mut Tx, notice: &ViolationNotice) -> Result<(), Fault> {
    let came = &notice.incoming;
    tx.start_deadline(&NewDeadline {
        aggregate: came.id.0,
        rule: ANSWER,
        rule_version: BY_NOTICE.to_owned(),
        subject: came.id.0,
        started_at: notice.received_at,
        warn_at: Some(notice.warn_at),
        due_at: came.answer_due_at,
        assumed: false,
        explained: vec!["回复期限以纠正违法通知书写明的时间为准".to_owned()],
        facts: None,
    })
    .await
}

/// Ends the time to answer, in time or late.
pub(crate) async fn meet_clock(tx: &mut Tx, notice: ViolationNoticeId) -> Result<(), Fault> {
    let at = tx.at();
    tx.meet_deadline(notice.0, ANSWER, notice.0, at).await
}

/// Marks that a notice was not answered in time.
pub(crate) async fn overdue(tx: &mut Tx, id: ViolationNoticeId) -> Result<(), Fault> {
    let notice = store::violation_notices::load(tx.conn(), id).await?;
    let (loaded, at) = (notice.revision, tx.at());
    let changed = notice.lapse(at);
    if changed.events.is_empty() {
        return Ok(());
    }
    store::violation_notices::update(tx.conn(), &changed.notice, loaded).await?;
    append(tx, &changed).await?;
    Ok(())
}

/// Records that the procuratorate signed for a paper.
pub(crate) async fn delivered(
    tx: &mut Tx,
    (paper, of): (Uuid, PaperOf),
    signed_for: SignedFor,
    receipt: &DeliverResponse,
) -> Result<(), Fault> {
    match of {
        PaperOf::Notice(id) => {
            let notice = store::violation_notices::load(tx.conn(), id).await?;
            let loaded = notice.revision;
            let changed = notice.answer_delivered(signed_for.clone())?;
            if changed.events.is_empty() {
                return Ok(());
            }
            outgoing_papers::keep_receipt(tx.conn(), paper, &signed_for, receipt).await?;
            store::violation_notices::update(tx.conn(), &changed.notice, loaded).await?;
            append(tx, &changed).await?;
        }
        PaperOf::Sending(id) => {
            let Sent { sending, case_number } = open_sendings::load(tx.conn(), id).await?;
            let Some(sending) = sending.delivered(signed_for.clone())? else { return Ok(()) };
            outgoing_papers::keep_receipt(tx.conn(), paper, &signed_for, receipt).await?;
            open_sendings::update(tx.conn(), &sending).await?;
            append_sent(tx, &Sent { sending, case_number }).await?;
        }
    }
    Ok(())
}

/// Appends what happened to a notice and gives the id of the last event; a fresh id when nothing
/// happened.
pub(crate) async fn append(tx: &mut Tx, changed: &NoticeChanged) -> Result<EventId, Fault> {
    trace::about("case.number", changed.notice.incoming.case_number.clone());
    let mut last = EventId::fresh();
    for (revision, event) in &changed.events {
        // An earlier event of the same transition has the row of an earlier revision.
        let after = ViolationNotice { revision: *revision, ..changed.notice.clone() };
        let event = notice_event(&after, *event, tx.at())?;
        last = event.id();
        tx.append(event).await?;
    }
    Ok(last)
}

/// What happened to a notice, without a person and without its texts.
fn notice_event(
    notice: &ViolationNotice,
    event: NoticeEvent,
    at: Timestamp,
) -> Result<NewEvent, Fault> {
    let came = &notice.incoming;
    let notice_id = came.id.to_string();
    let number = came.number.clone();
    let case_number = came.case_number.clone();
    let case_id = came.case.map(|case| case.to_string()).unwrap_or_default();
    let unit = Some((&came.unit).into());
    let answer_due_at = came.answer_due_at.to_string();
    let response = notice.given().map(|given| &given.response);
    let exit_id = response.map(|response| response.exit.to_string()).unwrap_or_default();
    let document_number = response.map(|it| it.document_number.clone()).unwrap_or_default();
    let count = |result: ItemResult| {
        let items = response.into_iter().flat_map(|response| &response.items);
        let count = items.filter(|item| item.result == result).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let view = view(event.name(), at, &[("notice", &number), ("case", &case_number)], {
        // Before the answer there is no document of ours.
        let answered = matches!(event, NoticeEvent::Answered | NoticeEvent::AnswerDelivered);
        answered.then_some(document_number.as_str())
    })?;
    let maker = Maker { notice, event, view };
    Ok(match event {
        NoticeEvent::Received => maker.event(&proto::ViolationNoticeReceived {
            notice_id,
            number,
            sender: came.sender.clone(),
            case_number,
            case_id,
            unit,
            items: u32::try_from(came.items.len()).unwrap_or(u32::MAX),
            answer_due_at,
        }),
        NoticeEvent::Overdue => maker.event(&proto::ViolationNoticeOverdue {
            notice_id,
            number,
            case_number,
            case_id,
            unit,
            answer_due_at,
        }),
        NoticeEvent::Answered => maker.event(&proto::ViolationNoticeAnswered {
            notice_id,
            number,
            case_number,
            case_id,
            unit,
            answer_due_at,
            exit_id,
            document_number,
            corrected: count(ItemResult::Corrected),
            not_accepted: count(ItemResult::NotAccepted),
            late: notice.given().is_some_and(|given| given.late),
        }),
        NoticeEvent::AnswerDelivered => {
            let signed = notice.signed_for();
            maker.event(&proto::ViolationAnswerDelivered {
                notice_id,
                number,
                case_number,
                case_id,
                unit,
                exit_id,
                document_number,
                receiver: signed.map(|signed| signed.receiver.clone()).unwrap_or_default(),
                received_at: signed.map(|at| at.received_at.to_string()).unwrap_or_default(),
            })
        }
    })
}

/// What every event of a notice is made of.
struct Maker<'a> {
    notice: &'a ViolationNotice,
    event: NoticeEvent,
    view: View,
}

impl Maker<'_> {
    fn event<M: Message + Name>(self, message: &M) -> NewEvent {
        let Self { notice, event, view } = self;
        let id = notice.incoming.id.0;
        NewEvent::new(id, notice.revision, event.name(), message, view, &notice.canonical())
    }
}

/// Appends that a paper was sent by an open channel, or signed for, by where it stands.
pub(crate) async fn append_sent(tx: &mut Tx, sent: &Sent) -> Result<EventId, Fault> {
    let Sent { sending, case_number } = sent;
    let (paper, at) = (&sending.paper, tx.at());
    let case_number = case_number.clone();
    let sending_id = sending.id.to_string();
    let document_number = paper.document_number.clone();
    let case_id = paper.case.map(|case| case.to_string()).unwrap_or_default();
    let unit = Some((&paper.officer.unit).into());
    let channel = paper.channel.code().to_owned();
    let (id, revision, row) = (sending.id.0, sending.revision, sending.canonical());
    let lines = [("channel", paper.channel.zh()), ("ground", paper.channel.ground())];
    let view = |name| view(name, at, &lines, Some(&paper.document_number));
    let event = match &sending.signed_for {
        None => {
            let name = "open_channel.sent";
            let message = proto::OpenChannelSent {
                sending_id,
                channel,
                ground: paper.channel.ground().to_owned(),
                document_number,
                unit,
                case_id,
                case_number,
            };
            NewEvent::new(id, revision, name, &message, view(name)?, &row)
        }
        Some(signed) => {
            let name = "open_channel.delivered";
            let message = proto::OpenChannelDelivered {
                sending_id,
                channel,
                document_number,
                unit,
                case_id,
                case_number,
                receiver: signed.receiver.clone(),
                received_at: signed.received_at.to_string(),
            };
            NewEvent::new(id, revision, name, &message, view(name)?, &row)
        }
    };
    let id = event.id();
    tx.append(event).await?;
    Ok(id)
}

/// What the receipt of an event says.
fn view(
    name: &str,
    at: Timestamp,
    lines: &[(&'static str, &str)],
    document: Option<&str>,
) -> Result<View, Fault> {
    let mut all = vec![("event", gongxin_chassis::event_text(name).zh.into_owned())];
    all.extend(lines.iter().map(|(name, text)| (*name, (*text).to_owned())));
    all.extend(document.map(|document| ("document", document.to_owned())));
    all.push(("time", legal_text(at)));
    View::new(all).map_err(|error| {
        Fault::field(&REVIEW_TEXT_INVALID, "document_number", "含有不能如实显示的字符")
            .caused_by(error)
    })
}

/// The next number of an answer in the legal year.
pub(crate) async fn answer_number(tx: &mut Tx, organ: &Organ) -> Result<String, Fault> {
    let year = legal_day(tx.at()).year();
    let serial = tx.next_number(&format!("document:{VIOLATION_ANSWER}:{year}")).await?;
    let serial = u32::try_from(serial).map_err(store::broken)?;
    let word = document_word(Track::Criminal, VIOLATION_ANSWER)
        .ok_or_else(|| store::broken("no document word"))?;
    let number = DocumentNumber::new(&organ.word, Some("法"), word, year, serial);
    Ok(number.map_err(store::broken)?.to_string())
}

/// The envelope of a paper, signed. The same content gives the same bytes.
pub(crate) fn seal(organ: &Organ, key: Uuid, at: Timestamp, document: Document) -> DeliverRequest {
    organ.key.seal(&Envelope {
        key: key.to_string(),
        sender: organ.key.organ().to_owned(),
        receiver: organ.procuratorate.clone(),
        created_at: at.to_string(),
        document: Some(document),
    })
}
