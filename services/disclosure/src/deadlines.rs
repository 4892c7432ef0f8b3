//! The periods here: a return visit that nobody made, a portal report that nobody registered.

use futures::future::BoxFuture;
use gongxin_disclosure_domain::{
    CONTACT_DAYS, CONTACT_RULE, PortalId, PortalReport, VISIT_RULE, Visit, VisitId,
};
use gongxin_eventing::{Deadlines, Due, Moment, NewDeadline, Tx, reasons};
use gongxin_kernel::Fault;

use crate::{events, store};

/// What the end of a period does.
#[derive(Debug)]
pub(crate) struct Periods;

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
        facts: None,
    })
    .await
}

/// Starts the clock of a portal report.
pub(crate) async fn start_contact(tx: &mut Tx, report: &PortalReport) -> Result<(), Fault> {
    tx.start_deadline(&NewDeadline {
        aggregate: report.id.0,
        rule: CONTACT_RULE,
        rule_version: events::HOUSE_RULES.to_owned(),
        subject: report.id.0,
        started_at: report.received_at,
        warn_at: None,
        due_at: report.contact_by,
        assumed: false,
        explained: vec![format!(
            "本局规定：收到网上报案之日起{CONTACT_DAYS}日内联系并登记，至末日24时止"
        )],
        facts: None,
    })
    .await
}

impl Deadlines for Periods {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            if due.moment != Moment::Overdue {
                return Ok(());
            }
            match due.rule.as_str() {
                VISIT_RULE => visit_overdue(tx, VisitId(due.aggregate)).await,
                CONTACT_RULE => contact_overdue(tx, PortalId(due.aggregate)).await,
                _ => Err(broken("a clock of no known rule")),
            }
        })
    }
}

async fn visit_overdue(tx: &mut Tx, id: VisitId) -> Result<(), Fault> {
    let visit = store::visits::find(tx.conn(), id).await?;
    let visit = visit.ok_or_else(|| broken("a clock without its visit"))?;
    let Some(visit) = visit.overdue() else { return Ok(()) };
    store::visits::note_overdue(tx.conn(), &visit).await?;
    tx.append(events::visit_overdue(&visit)?).await
}

async fn contact_overdue(tx: &mut Tx, id: PortalId) -> Result<(), Fault> {
    let report = store::portal::find(tx.conn(), id).await?;
    let report = report.ok_or_else(|| broken("a clock without its portal report"))?;
    let Some(report) = report.overdue() else { return Ok(()) };
    store::portal::note_overdue(tx.conn(), &report).await?;
    tx.append(events::contact_overdue(&report)?).await
}

fn broken(what: &'static str) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what)
}
