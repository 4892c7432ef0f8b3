//! What callers and pages read. Whoever is shown a person's name is on record before.

pub(crate) mod correspondence;
pub(crate) mod deliberation;

use gongxin_chassis::PageSize;
use gongxin_eventing::{Db, LogSetup, Past, Scope, receipt};
use gongxin_kernel::{Fault, Staff};
use gongxin_review_domain::reasons::EXIT_NOT_FOUND;
use gongxin_review_domain::{CaseFile, CaseId, Deliberation, ExitId};

use crate::store::{self, Line};

/// A case with its history and its deliberations.
#[derive(Clone, Debug)]
pub(crate) struct CaseView {
    pub(crate) case: CaseFile,
    pub(crate) history: Vec<Past>,
    pub(crate) deliberations: Vec<Deliberation>,
}

/// Reads one case; the read is recorded in the same transaction.
pub(crate) async fn case(db: &Db, staff: &Staff, id: CaseId) -> Result<CaseView, Fault> {
    db.read("get_case", staff, id.0, move |tx| {
        Box::pin(async move {
            let case = store::load(tx, id).await?;
            let history = tx.history(id.0).await?;
            let deliberations = store::deliberations::of(tx.conn(), id).await?;
            Ok(CaseView { case, history, deliberations })
        })
    })
    .await
}

/// A page of the list, and after which case the next one begins.
pub(crate) async fn cases(
    db: &Db,
    staff: &Staff,
    after: Option<CaseId>,
    size: PageSize,
) -> Result<(Vec<Line>, Option<CaseId>), Fault> {
    let mut lines = db
        .transaction("list_cases", Scope::Bureau(staff.bureau.clone()), move |tx| {
            Box::pin(async move { store::page(tx.conn(), after, size.limit()).await })
        })
        .await?;
    let next = size.cut(&mut lines).map(|line| CaseId(line.id));
    Ok((lines, next))
}

/// The receipt of an exit, as the text that `gongxin-verify` reads.
pub(crate) async fn exit_receipt(
    db: &Db,
    log: &LogSetup,
    staff: &Staff,
    case: CaseId,
    exit: ExitId,
) -> Result<String, Fault> {
    let event = db
        .transaction("get_receipt", Scope::Bureau(staff.bureau.clone()), move |tx| {
            Box::pin(async move {
                let event = store::envelopes::event_of(tx.conn(), case, exit).await?;
                event.ok_or_else(|| Fault::new(&EXIT_NOT_FOUND))
            })
        })
        .await?;
    Ok(receipt(db, log, &staff.bureau, event).await?.to_text())
}
