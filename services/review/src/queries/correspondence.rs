//! Notices and sendings: one notice on record, lists without their texts.

use gongxin_chassis::{PageSize, Place};
use gongxin_eventing::{Db, Past, Scope};
use gongxin_kernel::{Fault, Staff};
use gongxin_review_domain::{ViolationNotice, ViolationNoticeId};

use crate::store::open_sendings::{self, Sent};
use crate::store::violation_notices;

/// A notice with its history.
#[derive(Clone, Debug)]
pub(crate) struct NoticeView {
    pub(crate) notice: ViolationNotice,
    pub(crate) history: Vec<Past>,
}

/// Reads one notice; the read is recorded in the same transaction.
pub(crate) async fn notice(
    db: &Db,
    staff: &Staff,
    id: ViolationNoticeId,
) -> Result<NoticeView, Fault> {
    db.read("get_violation_notice", staff, id.0, move |tx| {
        Box::pin(async move {
            let notice = violation_notices::load(tx.conn(), id).await?;
            let history = tx.history(id.0).await?;
            Ok(NoticeView { notice, history })
        })
    })
    .await
}

/// A page of notices, and where the next one begins.
pub(crate) async fn notices(
    db: &Db,
    staff: &Staff,
    after: Option<Place>,
    size: PageSize,
) -> Result<(Vec<ViolationNotice>, Option<Place>), Fault> {
    let mut notices = db
        .transaction("list_violation_notices", Scope::Bureau(staff.bureau.clone()), move |tx| {
            Box::pin(async move { violation_notices::page(tx.conn(), after, size.limit()).await })
        })
        .await?;
    let next = size.cut(&mut notices);
    let next = next.map(|last| Place { at: last.received_at, id: last.incoming.id.0 });
    Ok((notices, next))
}

/// A page of what was sent by open channels, and where the next one begins.
pub(crate) async fn sendings(
    db: &Db,
    staff: &Staff,
    after: Option<Place>,
    size: PageSize,
) -> Result<(Vec<Sent>, Option<Place>), Fault> {
    let mut sendings = db
        .transaction("list_open_sendings", Scope::Bureau(staff.bureau.clone()), move |tx| {
            Box::pin(async move { open_sendings::page(tx.conn(), after, size.limit()).await })
        })
        .await?;
    let next = size.cut(&mut sendings);
    let next = next.map(|last| Place { at: last.sending.sent_at, id: last.sending.id.0 });
    Ok((sendings, next))
}
