//! The commands of the register, one file each: load, decide, record.

mod answer_why_not_filed;
mod ask_why_not_filed;
mod decide_filing;
mod decide_reconsideration;
mod extend_filing_review;
mod justify_call;
mod record_call;
mod record_notice_served;
mod record_reporters_word;
mod register_report;
mod request_reconsideration;

use gongxin_eventing::{Tx, reasons, trace};
use gongxin_intake_domain::{CallChanged, Changed, Repeated, ReportId};
use gongxin_kernel::{EventId, Fault};
use gongxin_law::{DocumentNumber, Track, document_word, legal_day};

use crate::{call_events, deadlines, documents, events, store};

pub(crate) use answer_why_not_filed::AnswerWhyNotFiled;
pub(crate) use ask_why_not_filed::AskWhyNotFiled;
pub(crate) use decide_filing::DecideFiling;
pub(crate) use decide_reconsideration::DecideReconsideration;
pub(crate) use extend_filing_review::ExtendFilingReview;
pub(crate) use justify_call::JustifyCall;
pub(crate) use record_call::RecordCall;
pub(crate) use record_notice_served::RecordNoticeServed;
pub(crate) use record_reporters_word::RecordReportersWord;
pub(crate) use register_report::RegisterReport;
pub(crate) use request_reconsideration::RequestReconsideration;

/// Saves what a transition changed: rows, events and periods; gives the id of the last event.
/// Nothing when nothing happened.
pub(crate) async fn record(tx: &mut Tx, changed: &Changed) -> Result<Option<EventId>, Fault> {
    if changed.is_nothing() {
        return Ok(None);
    }
    let report = changed.report();
    trace::about("report.number", report.state().number.clone());
    if let Some(number) = report.case_number() {
        trace::about("case.number", number.to_string());
    }
    store::save(tx, changed).await?;
    let mut last = None;
    for (revision, event) in changed.numbered() {
        let entry = events::of(report, revision, event)?;
        last = Some(entry.id());
        tx.append(entry).await?;
        deadlines::follow(tx, report, event).await?;
        documents::issue(tx, report, event).await?;
    }
    Ok(last)
}

/// Saves what a transition of a call changed: its row, its events and its daily check.
pub(crate) async fn record_call_change(tx: &mut Tx, changed: &CallChanged) -> Result<(), Fault> {
    if changed.events.is_empty() {
        return Ok(());
    }
    let call = &changed.call;
    trace::about("call.number", call.content.number.to_string());
    store::calls::save(tx, changed).await?;
    for (revision, event) in changed.numbered() {
        tx.append(call_events::of(call, revision, *event)?).await?;
    }
    deadlines::follow_call(tx, changed).await
}

/// The report that `field` names as one that something repeats.
async fn known_report(tx: &mut Tx, id: ReportId, field: &str) -> Result<Repeated, Fault> {
    store::repeated(tx, id).await?.ok_or_else(|| {
        Fault::field(&crate::reasons::REPEATED_REPORT_NOT_FOUND, field, "没有此接报记录")
    })
}

/// The next number of a criminal document of `kind`, in the legal year of the transaction.
pub(crate) async fn next_document(
    tx: &mut Tx,
    organ: &str,
    kind: &str,
) -> Result<DocumentNumber, Fault> {
    let word = document_word(Track::Criminal, kind)
        .ok_or_else(|| broken(format!("no word for documents of kind {kind}")))?;
    next_number(tx, organ, Some("刑"), word).await
}

/// The next number of a report receipt (接报案回执), which every report gets, of whatever track: a
/// series of each unit and year, so that no unit waits for another.
async fn next_receipt(tx: &mut Tx, organ: &str, department: &str) -> Result<DocumentNumber, Fault> {
    next_number(tx, organ, Some(department), "接报").await
}

/// The next number of an acceptance receipt (受案回执), in the series of the unit whose report receipt
/// has the number `receipt`.
pub(crate) async fn next_acceptance(
    tx: &mut Tx,
    receipt: &DocumentNumber,
) -> Result<DocumentNumber, Fault> {
    let word = document_word(Track::Criminal, "acceptance")
        .ok_or_else(|| broken("no word for acceptance receipts"))?;
    next_number(tx, receipt.organ(), receipt.department(), word).await
}

/// A series is all of the number but its serial: two units of one word share it, and no number is
/// given twice whatever the words become.
async fn next_number(
    tx: &mut Tx,
    organ: &str,
    department: Option<&str>,
    word: &str,
) -> Result<DocumentNumber, Fault> {
    let year = legal_day(tx.at()).year();
    let of = department.unwrap_or_default();
    let serial = tx.next_number(&format!("document:{of}:{word}:{year}")).await?;
    let serial = u32::try_from(serial).map_err(broken)?;
    DocumentNumber::new(organ, department, word, year, serial).map_err(broken)
}

pub(crate) fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error)
}
