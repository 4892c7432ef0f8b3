//! What intake tells: every report gets its access, its line on the public side and, once it is
//! decided, its return visit.

use gongxin_disclosure_domain::{Matter, ReportId, Unit, Visit, VisitId};
use gongxin_eventing::{Tx, reasons};
use gongxin_kernel::Fault;
use gongxin_proto::common::v1::{Officer, Period};
use gongxin_proto::intake::v1::{
    CaseFiled, CaseNotFiled, FilingReviewExtended, Nature, NonFilingNoticeServed,
    ReconsiderationPeriodEnded, ReportPeriodRecomputed, ReportRegistered,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::unreadable;
use crate::store::public_side::{self, Shown, Standing};
use crate::store::{matters, names, visits};
use crate::{deadlines, events};

pub(super) async fn registered(tx: &mut Tx, event: ReportRegistered) -> Result<(), Fault> {
    let unit = event.unit.ok_or_else(|| unreadable("a unit is missing"))?;
    let case_number = (!event.case_number.is_empty()).then_some(event.case_number);
    let matter = Matter {
        id: ReportId(event.report_id.parse().map_err(unreadable)?),
        number: event.number,
        case_number,
        unit: Unit { code: unit.code.parse().map_err(unreadable)?, name: unit.name },
    };
    let stage = match Nature::try_from(event.nature) {
        Ok(Nature::Criminal) => "filing_review",
        Ok(Nature::Administrative) => "administrative",
        Ok(Nature::NotPolice) => "not_police",
        Ok(Nature::Repeat) => "linked",
        Ok(Nature::Unspecified) | Err(_) => return Err(unreadable("no known nature")),
    };
    let registered_at = event.registered_at.parse().map_err(unreadable)?;
    let clock = event.filing_review.map(|period| until("filing_review", &period)).transpose()?;
    let bureau = tx.bureau()?.clone();
    matters::insert(tx.conn(), &bureau, &matter).await?;
    names::add(tx.conn(), &bureau, matter.id, &name_of(event.officer)).await?;
    let shown = Shown {
        report: matter.id.0,
        number: &matter.number,
        unit_name: &matter.unit.name,
        registered_at,
        standing: Standing { stage, clock },
    };
    public_side::insert(tx.conn(), &bureau, &shown).await?;
    public_side::step(tx.conn(), &bureau, matter.id.0, ("registered", registered_at)).await
}

pub(super) async fn extended(
    tx: &mut Tx,
    event: FilingReviewExtended,
    at: Timestamp,
) -> Result<(), Fault> {
    let report = id(&event.report_id)?;
    let after = event.after.ok_or_else(|| unreadable("the extended period is missing"))?;
    let clock = Some(until("filing_review", &after)?);
    happened(tx, report, ("extended", at), Standing { stage: "filing_review", clock }).await
}

/// The law has changed: whoever waits sees the new end of what is shown.
pub(super) async fn recomputed(tx: &mut Tx, event: ReportPeriodRecomputed) -> Result<(), Fault> {
    let report = id(&event.report_id)?;
    let after = event.after.ok_or_else(|| unreadable("the period is missing"))?;
    let clock = match after.rule.as_str() {
        "intake.filing_review.criminal" => "filing_review",
        "intake.non_filing.notice" => "notice",
        "intake.non_filing.reconsideration.request" => "reconsideration",
        _ => return Ok(()),
    };
    public_side::move_clock(tx.conn(), report, until(clock, &after)?).await
}

pub(super) async fn filed(
    tx: &mut Tx,
    event: CaseFiled,
    at: Timestamp,
    days: u16,
) -> Result<(), Fault> {
    let report = id(&event.report_id)?;
    let mut known: Vec<String> = event.suspects.into_iter().map(|person| person.name).collect();
    known.extend(name_of(event.decided_by));
    known.extend(name_of(event.registered_by));
    let bureau = tx.bureau()?.clone();
    names::add(tx.conn(), &bureau, ReportId(report), &known).await?;
    happened(tx, report, ("filed", at), Standing { stage: "filed", clock: None }).await?;
    owe_visit(tx, report, at, days).await
}

pub(super) async fn not_filed(
    tx: &mut Tx,
    event: CaseNotFiled,
    at: Timestamp,
    days: u16,
) -> Result<(), Fault> {
    let report = id(&event.report_id)?;
    let clock = event.notice.map(|period| until("notice", &period)).transpose()?;
    let bureau = tx.bureau()?.clone();
    names::add(tx.conn(), &bureau, ReportId(report), &name_of(event.decided_by)).await?;
    happened(tx, report, ("not_filed", at), Standing { stage: "not_filed", clock }).await?;
    owe_visit(tx, report, at, days).await
}

pub(super) async fn notice_served(tx: &mut Tx, event: NonFilingNoticeServed) -> Result<(), Fault> {
    let report = id(&event.report_id)?;
    let served_at = event.served_at.parse().map_err(unreadable)?;
    let period = event.reconsideration.ok_or_else(|| unreadable("the remedy is missing"))?;
    let clock = Some(until("reconsideration", &period)?);
    happened(tx, report, ("notice_served", served_at), Standing { stage: "not_filed", clock }).await
}

pub(super) async fn reconsideration_ended(
    tx: &mut Tx,
    event: ReconsiderationPeriodEnded,
    at: Timestamp,
) -> Result<(), Fault> {
    let report = id(&event.report_id)?;
    let standing = Standing { stage: "not_filed", clock: None };
    happened(tx, report, ("reconsideration_ended", at), standing).await
}

/// Puts a step and the new standing on the public side.
async fn happened(
    tx: &mut Tx,
    report: Uuid,
    step: (&'static str, Timestamp),
    standing: Standing,
) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    public_side::stand(tx.conn(), report, standing).await?;
    public_side::step(tx.conn(), &bureau, report, step).await
}

/// The reporter is to be asked how it went.
async fn owe_visit(tx: &mut Tx, report: Uuid, at: Timestamp, days: u16) -> Result<(), Fault> {
    let found = matters::find(tx.conn(), ReportId(report)).await?;
    let (matter, _) = found.ok_or_else(|| unreadable("decided before it was registered"))?;
    let id = VisitId::fresh();
    tx.lock(vec![id.0]).await?;
    let visit = Visit::owed(id, matter, at, days)
        .map_err(|error| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error))?;
    let bureau = tx.bureau()?.clone();
    visits::insert(tx.conn(), &bureau, &visit).await?;
    deadlines::start(tx, &visit, days).await?;
    tx.append(events::visit_due(&visit)?).await
}

fn id(text: &str) -> Result<Uuid, Fault> {
    text.parse().map_err(unreadable)
}

fn until(clock: &'static str, period: &Period) -> Result<(&'static str, Timestamp), Fault> {
    Ok((clock, period.due_at.parse().map_err(unreadable)?))
}

fn name_of(officer: Option<Officer>) -> Vec<String> {
    officer.into_iter().map(|officer| officer.name).collect()
}
