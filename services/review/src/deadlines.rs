//! What happens when a period of a case has ended.

use futures::future::BoxFuture;
use gongxin_eventing::{Deadlines, Due, Moment, Stale, Tx};
use gongxin_kernel::Fault;
use gongxin_review_domain::{
    CaseId, ClockRule, ExitId, Law, ReviewRequestId, SuspectId, ViolationNoticeId,
};

use crate::{changes, correspondence, store};

/// Marks custody and corrections that are overdue; releases nobody.
#[derive(Debug)]
pub(crate) struct Clocks {
    /// The law that clocks are computed by.
    pub(crate) law: Law<'static>,
}

impl Deadlines for Clocks {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            if due.moment != Moment::Overdue {
                return Ok(());
            }
            if due.rule == correspondence::ANSWER {
                return correspondence::overdue(tx, ViolationNoticeId(due.aggregate)).await;
            }
            match ClockRule::of_code(&due.rule) {
                Some(rule) if rule.is_custody() => custody_overdue(tx, due).await,
                Some(ClockRule::Correction) => correction_overdue(tx, due).await,
                Some(ClockRule::Supplementary) => supplementary_overdue(tx, due).await,
                // Of the procuratorate's decisions on a person at liberty and of bail nothing
                // follows inside the case: the list shows them as overdue.
                _ => Ok(()),
            }
        })
    }

    fn recompute<'t>(
        &'t self,
        tx: &'t mut Tx,
        stale: &'t Stale,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            let at = tx.at();
            let case = store::load(tx, CaseId(stale.aggregate)).await?;
            let Stale { rule, subject, reason, .. } = stale;
            let changed = case.recompute(rule, *subject, reason, at, &self.law)?;
            changes::record(tx, &changed).await?;
            Ok(())
        })
    }
}

async fn custody_overdue(tx: &mut Tx, due: &Due) -> Result<(), Fault> {
    let case = store::load(tx, CaseId(due.aggregate)).await?;
    let changed = case.custody_overdue(SuspectId(due.subject), &due.rule, tx.at())?;
    changes::record(tx, &changed).await?;
    Ok(())
}

async fn correction_overdue(tx: &mut Tx, due: &Due) -> Result<(), Fault> {
    let case = store::load(tx, CaseId(due.aggregate)).await?;
    let changed = case.correction_overdue(ReviewRequestId(due.subject), tx.at())?;
    changes::record(tx, &changed).await?;
    Ok(())
}

async fn supplementary_overdue(tx: &mut Tx, due: &Due) -> Result<(), Fault> {
    let case = store::load(tx, CaseId(due.aggregate)).await?;
    let changed = case.supplementary_overdue(ExitId(due.subject), tx.at())?;
    changes::record(tx, &changed).await?;
    Ok(())
}
