//! Saves what a transition gave: rows, clocks and events, in the transaction that is open.

use gongxin_eventing::{NewDeadline, Tx, trace};
use gongxin_kernel::{EventId, Fault, Revision};
use gongxin_review_domain::{CaseId, Changed, ClockChange, Period};

use crate::{events, store};

/// Saves a change and gives the id of its last event; nothing when there was nothing to do.
///
/// # Errors
/// `DATABASE_CONFLICT` when the case has changed since it was loaded.
pub(crate) async fn record(tx: &mut Tx, changed: &Changed) -> Result<Option<EventId>, Fault> {
    let case = &changed.case;
    let Some(first) = changed.events.first() else { return Ok(None) };
    trace::about("case.number", case.number());
    if first.revision == Revision::FIRST {
        store::insert(tx, case).await?;
    } else {
        store::save(tx, case, Revision(first.revision.0 - 1)).await?;
    }
    for change in &changed.clocks {
        apply(tx, case.id(), change).await?;
    }
    let mut last = None;
    for recorded in &changed.events {
        let event = events::new_event(case, recorded, tx.at())?;
        last = Some(event.id());
        tx.append(event).await?;
    }
    Ok(last)
}

/// Does to the running deadlines what the transition says.
async fn apply(tx: &mut Tx, case: CaseId, change: &ClockChange) -> Result<(), Fault> {
    match change {
        ClockChange::Start(period) => tx.start_deadline(&deadline(case, period)).await,
        ClockChange::Move(period) => tx.move_deadline(&deadline(case, period)).await,
        ClockChange::Meet { rule, subject, at } => {
            tx.meet_deadline(case.0, rule.code(), *subject, *at).await
        }
        ClockChange::Cancel { rule, subject } => {
            tx.cancel_deadline(case.0, rule.code(), *subject).await
        }
    }
}

fn deadline(case: CaseId, period: &Period) -> NewDeadline {
    NewDeadline {
        aggregate: case.0,
        rule: period.rule.code(),
        rule_version: period.version.clone(),
        subject: period.subject,
        started_at: period.started_at,
        warn_at: Some(period.warn_at),
        due_at: period.due_at,
        assumed: period.assumed,
        explained: period.explained_zh.clone(),
        facts: period.facts(),
    }
}
