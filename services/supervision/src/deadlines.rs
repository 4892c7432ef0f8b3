//! What happens when a period of a finding or of a watch has come.

use futures::future::BoxFuture;
use gongxin_eventing::{Deadlines, Due, Moment, Tx};
use gongxin_kernel::Fault;
use gongxin_supervision_domain::{Finding, FindingId, FindingKind, Matter, Opening, Watch};

use crate::changes::{self, RECORDING, RECTIFICATION};
use crate::store;

/// Warns and alarms about recordings, reminds units that have not rectified.
#[derive(Debug)]
pub(crate) struct Clocks;

impl Deadlines for Clocks {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            let id = FindingId(due.aggregate);
            match (due.rule.as_str(), due.moment) {
                (RECORDING, Moment::Warning) => recording_missing(tx, id, false).await,
                (RECORDING, Moment::Overdue) => recording_missing(tx, id, true).await,
                (RECTIFICATION, Moment::Overdue) => {
                    let finding = store::findings::load(tx, id).await?;
                    changes::acted(tx, &finding.remind(tx.at())?).await
                }
                (RECORDING | RECTIFICATION, _) => Ok(()),
                (other, _) => Err(store::broken(format!("no meaning for the period {other}"))),
            }
        })
    }
}

/// Opens the finding of a watch, as a warning or an alarm, or turns its warning into an alarm.
pub(crate) async fn recording_missing(
    tx: &mut Tx,
    id: FindingId,
    alarm: bool,
) -> Result<(), Fault> {
    if let Some(warned) = store::findings::find(tx, id).await? {
        let at = tx.at();
        return changes::acted(tx, &warned.alarm(at)?).await;
    }
    let watch = store::watches::load(tx, id).await?;
    let opening = Opening {
        id,
        kind: FindingKind::RecordingMissing,
        matter: matter(tx, &watch).await?,
        subject: watch.suspect.0,
        alarm,
        at: tx.at(),
    };
    changes::opened(tx, &Finding::open(opening)).await
}

async fn matter(tx: &mut Tx, watch: &Watch) -> Result<Matter, Fault> {
    let head = store::cases::load(tx, watch.case).await?;
    Ok(Matter { case: watch.case, case_number: head.number, unit: head.unit })
}
