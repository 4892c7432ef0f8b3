//! The one period here: a return visit that nobody made in time.

use futures::future::BoxFuture;
use gongxin_disclosure_domain::{VISIT_RULE, Visit, VisitId};
use gongxin_eventing::{Deadlines, Due, Moment, NewDeadline, Tx, reasons};
use gongxin_kernel::Fault;

use crate::{events, store};

/// What the end of a period does.
#[derive(Debug)]
pub(crate) struct VisitDeadlines;

/// Starts the clock of a visit.
pub(crate) async fn start(tx: &mut Tx, visit: &Visit, days: u16) -> Result<(), Fault> {
    tx.start_deadline(&NewDeadline {
        aggregate: visit.id.0,
        rule: VISIT_RULE,
        rule_version: events::HOUSE_RULES.to_owned(),
        subject: visit.id.0,
        started_at: visit.started_at,
        warn_at: None,
        due_at: visit.due_at,
        assumed: false,
        explained: vec![format!("本局规定：作出决定之日起{days}日内回访，至末日24时止")],
    })
    .await
}

impl Deadlines for VisitDeadlines {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            if due.moment != Moment::Overdue {
                return Ok(());
            }
            let visit = store::visits::find(tx.conn(), VisitId(due.aggregate)).await?;
            let visit = visit.ok_or_else(|| {
                Fault::new(&reasons::INVARIANT_BROKEN).caused_by("a clock without its visit")
            })?;
            let Some(visit) = visit.overdue() else { return Ok(()) };
            store::visits::note_overdue(tx.conn(), &visit).await?;
            tx.append(events::visit_overdue(&visit)?).await
        })
    }
}
