//! Which periods of a report run, and what their ends mean.

use futures::future::BoxFuture;
use gongxin_eventing::{Deadlines, Due, Moment, NewDeadline, Stale, Tx, reasons};
use gongxin_intake_domain::{
    Call, CallChanged, CallEvent, CallId, Event, Period, Refusal, Report, ReportId,
};
use gongxin_kernel::Fault;
use gongxin_law::Law;
use uuid::Uuid;

use crate::{commands, store};

/// Filing review of a criminal report (立案审查).
pub(crate) const FILING_REVIEW: &str = "intake.filing_review.criminal";
/// Serving the notice of non-filing.
pub(crate) const NOTICE: &str = "intake.non_filing.notice";
/// The complainant's time to ask for reconsideration.
pub(crate) const RECONSIDERATION: &str = "intake.non_filing.reconsideration.request";
/// Deciding a reconsideration.
pub(crate) const RECONSIDERATION_DECISION: &str = "intake.non_filing.reconsideration.decide";
/// Giving the procuratorate the reasons of non-filing.
pub(crate) const EXPLANATION: &str = "intake.filing_supervision.explain_non_filing";

/// The daily check of a call (日巡查).
pub(crate) const DAILY_CHECK: &str = "intake.call.daily_check";

/// Starts and closes the daily check as a change of a call wants it.
pub(crate) async fn follow_call(tx: &mut Tx, changed: &CallChanged) -> Result<(), Fault> {
    let call = &changed.call;
    let id = call.id.0;
    if call.is_open() {
        if changed.events.contains(&CallEvent::Recorded) {
            tx.start_deadline(&daily_check(call)).await?;
        }
        return Ok(());
    }
    let at = tx.at();
    tx.meet_deadline(id, DAILY_CHECK, id, at).await
}

fn daily_check(call: &Call) -> NewDeadline {
    NewDeadline {
        aggregate: call.id.0,
        rule: DAILY_CHECK,
        // The hour is the bureau's own.
        rule_version: "house".to_owned(),
        subject: call.id.0,
        started_at: call.content.received_at,
        warn_at: None,
        due_at: call.check_at,
        assumed: false,
        explained: vec!["次日日巡查时核对，且不早于接警后二十四小时".to_owned()],
        facts: None,
    }
}

/// Starts, moves and closes periods as `event` of `report` wants it.
pub(crate) async fn follow(tx: &mut Tx, report: &Report, event: &Event) -> Result<(), Fault> {
    let id = report.id().0;
    match event {
        Event::Registered { filing_review: Some(period), .. } => start(tx, id, period).await,
        Event::FilingReviewExtended { after, .. } => tx.move_deadline(&deadline(id, after)?).await,
        Event::PeriodRecomputed { after, .. } => tx.move_deadline(&deadline(id, after)?).await,
        Event::Filed { .. } | Event::Transferred { .. } => {
            let at = tx.at();
            tx.meet_deadline(id, FILING_REVIEW, id, at).await
        }
        Event::NotFiled { notice, .. } => {
            let at = tx.at();
            tx.meet_deadline(id, FILING_REVIEW, id, at).await?;
            match notice {
                Some(period) => start(tx, id, period).await,
                None => Ok(()),
            }
        }
        Event::NoticeServed { served_at, reconsideration, .. } => {
            tx.meet_deadline(id, NOTICE, id, *served_at).await?;
            start(tx, id, reconsideration).await
        }
        Event::ReconsiderationRequested { received_at, decision, .. } => {
            tx.meet_deadline(id, RECONSIDERATION, id, *received_at).await?;
            start(tx, id, decision).await
        }
        Event::ReconsiderationDecided { .. } => {
            let at = tx.at();
            tx.meet_deadline(id, RECONSIDERATION_DECISION, id, at).await
        }
        Event::NonFilingQuestioned { answer, .. } => start(tx, id, answer).await,
        Event::NonFilingExplained { .. } => {
            let at = tx.at();
            tx.meet_deadline(id, EXPLANATION, id, at).await
        }
        Event::ReconsiderationEnded { .. } => {
            // Nobody owes anything when this time ends: it closes as a period that was kept.
            let served = report.notice().and_then(|notice| notice.served.as_ref());
            let end = served.map_or(tx.at(), |served| served.reconsideration.period.due_at);
            tx.meet_deadline(id, RECONSIDERATION, id, end).await
        }
        Event::Registered { filing_review: None, .. }
        | Event::TurnedAway { .. }
        | Event::FilingReviewOverdue { .. }
        | Event::NoticeOverdue { .. }
        | Event::ReconsiderationOverdue { .. }
        | Event::ExplanationOverdue { .. } => Ok(()),
    }
}

async fn start(tx: &mut Tx, report: Uuid, period: &Period) -> Result<(), Fault> {
    tx.start_deadline(&deadline(report, period)?).await
}

fn deadline(report: Uuid, period: &Period) -> Result<NewDeadline, Fault> {
    let known = [FILING_REVIEW, NOTICE, RECONSIDERATION, RECONSIDERATION_DECISION, EXPLANATION];
    let rule = known.into_iter().find(|rule| *rule == period.rule).ok_or_else(|| {
        Fault::new(&reasons::INVARIANT_BROKEN).caused_by(format!("no watch for {}", period.rule))
    })?;
    Ok(NewDeadline {
        aggregate: report,
        rule,
        rule_version: period.rule_version.clone(),
        subject: report,
        started_at: period.started_at,
        warn_at: Some(period.warn_at),
        due_at: period.due_at,
        assumed: period.assumed,
        explained: period.explained_zh.clone(),
        facts: Some(period.facts()),
    })
}

/// What the end of a period does to its report, or to its call.
#[derive(Debug)]
pub(crate) struct ReportDeadlines {
    /// The law that periods are computed by.
    pub(crate) law: Law<'static>,
}

impl Deadlines for ReportDeadlines {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            // Warnings and reminders are read from the open deadlines; only the end is a fact.
            if due.moment != Moment::Overdue {
                return Ok(());
            }
            let at = tx.at();
            if due.rule == DAILY_CHECK {
                let call = store::calls::load(tx, CallId(due.aggregate)).await?;
                return commands::record_call_change(tx, &call.check(at)).await;
            }
            let report = store::load(tx, ReportId(due.aggregate)).await?;
            let changed = match due.rule.as_str() {
                FILING_REVIEW => report.overdue(at),
                NOTICE => report.notice_overdue(at),
                RECONSIDERATION_DECISION => report.reconsideration_overdue(at),
                EXPLANATION => report.explanation_overdue(at),
                RECONSIDERATION => report.reconsideration_ended(at),
                other => {
                    let what = format!("no meaning for the end of {other}");
                    return Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what));
                }
            };
            commands::record(tx, &changed.map_err(|refusal: Refusal| Fault::from(refusal))?)
                .await?;
            Ok(())
        })
    }

    fn recompute<'t>(
        &'t self,
        tx: &'t mut Tx,
        stale: &'t Stale,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            let at = tx.at();
            let report = store::load(tx, ReportId(stale.aggregate)).await?;
            let changed = report.recompute(&stale.rule, &stale.reason, at, self.law)?;
            commands::record(tx, &changed).await?;
            Ok(())
        })
    }
}
