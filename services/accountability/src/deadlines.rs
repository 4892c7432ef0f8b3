//! Which periods of a clue run, and what their ends mean.

use futures::future::BoxFuture;
use gongxin_accountability_domain::{Act, Clue, ClueId, Law, Period, PeriodRule, What};
use gongxin_eventing::{Deadlines, Due, Moment, NewDeadline, Stale, Tx, reasons};
use gongxin_kernel::Fault;
use uuid::Uuid;

use crate::{commands, store};

/// Starts the time to verify a clue that was just opened.
pub(crate) async fn opened(tx: &mut Tx, clue: &Clue) -> Result<(), Fault> {
    start(tx, clue, clue.id().0, &clue.opening().verification).await
}

/// Starts and closes periods as an act of `clue` wants it.
pub(crate) async fn follow(tx: &mut Tx, clue: &Clue, act: &Act) -> Result<(), Fault> {
    let id = clue.id().0;
    let person = act.what.person().and_then(|person| clue.person(person));
    let subject = person.map_or(id, |person| person.subject);
    let meet = |rule: PeriodRule| rule.code();
    match &act.what {
        What::Verified { .. } => {
            tx.meet_deadline(id, meet(PeriodRule::Verification), id, act.at).await
        }
        What::Served { appeal, .. } => start(tx, clue, subject, appeal).await,
        What::Appealed { decision, .. } => {
            tx.meet_deadline(id, meet(PeriodRule::Appeal), subject, act.at).await?;
            start(tx, clue, subject, decision).await
        }
        What::AppealDecided { .. } => {
            tx.meet_deadline(id, meet(PeriodRule::AppealDecision), subject, act.at).await
        }
        What::Recomputed { period, .. } => tx.move_deadline(&deadline(clue, subject, period)).await,
        What::Entered { .. } => {
            // Nobody owes anything when this time ends: it closes as a period that was kept.
            let end = person.and_then(|person| person.appeal).map_or(act.at, |time| time.due_at);
            tx.meet_deadline(id, meet(PeriodRule::Appeal), subject, end).await
        }
        What::Overdue
        | What::FindingConfirmed
        | What::Named { .. }
        | What::Heard { .. }
        | What::Reviewed { .. }
        | What::Decided { .. }
        | What::Corrected { .. } => Ok(()),
    }
}

async fn start(tx: &mut Tx, clue: &Clue, subject: Uuid, period: &Period) -> Result<(), Fault> {
    tx.start_deadline(&deadline(clue, subject, period)).await
}

fn deadline(clue: &Clue, subject: Uuid, period: &Period) -> NewDeadline {
    NewDeadline {
        aggregate: clue.id().0,
        rule: period.rule.code(),
        rule_version: period.version.clone(),
        subject,
        started_at: period.started_at,
        warn_at: Some(period.warn_at),
        due_at: period.due_at,
        assumed: period.assumed,
        explained: period.explained_zh.clone(),
        facts: period.facts(),
    }
}

/// Notes a verification that is late, and makes a decision final when nobody appealed. Of a late
/// decision on an appeal nothing follows inside the clue: the open deadlines show it.
#[derive(Debug)]
pub(crate) struct AppealDeadlines {
    /// The law that periods are computed by.
    pub(crate) law: Law<'static>,
}

impl Deadlines for AppealDeadlines {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            let rule = PeriodRule::of_code(&due.rule);
            let ends = matches!(rule, Some(PeriodRule::Verification | PeriodRule::Appeal));
            if due.moment != Moment::Overdue || !ends {
                return Ok(());
            }
            let clue = store::load(tx, ClueId(due.aggregate)).await?;
            let changed = match rule {
                Some(PeriodRule::Appeal) => clue.appeal_period_ended(due.subject, tx.at()),
                _ => clue.verification_overdue(tx.at()),
            };
            commands::record(tx, &changed).await
        })
    }

    fn recompute<'t>(
        &'t self,
        tx: &'t mut Tx,
        stale: &'t Stale,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            let Stale { aggregate, rule, subject, reason } = stale;
            let rule = PeriodRule::of_code(rule).ok_or_else(|| {
                let what = format!("no clue has a period {rule}");
                Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what)
            })?;
            let at = tx.at();
            let clue = store::load(tx, ClueId(*aggregate)).await?;
            let changed = clue.recompute(rule, *subject, reason, at, self.law)?;
            commands::record(tx, &changed).await
        })
    }
}
