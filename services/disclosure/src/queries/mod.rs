//! What callers and pages read.

use gongxin_disclosure_domain::{
    Access, PortalContent, PortalId, PortalReport, Publication, PublicationId, reasons,
};
use gongxin_eventing::{Db, Scope};
use gongxin_kernel::{Actor, Fault, Staff};
use jiff::Timestamp;

use crate::store;
use crate::store::visits::Line;

/// Most lines of a list.
const MOST: i64 = 200;

/// The access of a report; the read is recorded before anything is shown.
pub(crate) async fn access(db: &Db, staff: &Staff, number: String) -> Result<Access, Fault> {
    let reader = Actor::Staff(staff.clone()).label();
    db.transaction("get_access", Scope::Bureau(staff.bureau.clone()), move |tx| {
        let (reader, number) = (reader.clone(), number.clone());
        Box::pin(async move {
            let access = store::lock_by_number(tx, &number).await?;
            tx.audit(&reader, "get_access", access.matter.id.0).await?;
            Ok(access)
        })
    })
    .await
}

/// The queue of return visits with the instant at which it was read.
pub(crate) async fn visits(db: &Db, staff: &Staff) -> Result<(Vec<Line>, Timestamp), Fault> {
    let bureau = staff.bureau.clone();
    db.transaction("list_visits", Scope::Bureau(bureau.clone()), move |tx| {
        let bureau = bureau.clone();
        Box::pin(async move {
            let lines = store::visits::queue(tx.conn(), &bureau, MOST).await?;
            Ok((lines, tx.at()))
        })
    })
    .await
}

/// A publication; the read is recorded before anything is shown.
pub(crate) async fn publication(
    db: &Db,
    staff: &Staff,
    id: PublicationId,
) -> Result<Publication, Fault> {
    db.read("get_publication", staff, id.0, move |tx| {
        Box::pin(async move {
            let found = store::publications::find(tx.conn(), id).await?;
            found.ok_or_else(|| Fault::new(&reasons::PUBLICATION_NOT_FOUND))
        })
    })
    .await
}

/// The queue of portal reports with the instant at which it was read.
pub(crate) async fn portal_reports(
    db: &Db,
    staff: &Staff,
) -> Result<(Vec<PortalReport>, Timestamp), Fault> {
    let bureau = staff.bureau.clone();
    db.transaction("list_portal_reports", Scope::Bureau(bureau.clone()), move |tx| {
        let bureau = bureau.clone();
        Box::pin(async move {
            let reports = store::portal::queue(tx.conn(), &bureau, MOST).await?;
            Ok((reports, tx.at()))
        })
    })
    .await
}

/// A portal report with what the person typed; the read is recorded before anything is shown.
pub(crate) async fn portal_report(
    db: &Db,
    staff: &Staff,
    id: PortalId,
) -> Result<(PortalReport, PortalContent), Fault> {
    db.read("get_portal_report", staff, id.0, move |tx| {
        Box::pin(async move {
            let found = store::portal::find(tx.conn(), id).await?;
            let found = found.ok_or_else(|| Fault::new(&reasons::PORTAL_REPORT_NOT_FOUND))?;
            Ok((found, store::portal::content(tx.conn(), id).await?))
        })
    })
    .await
}

/// The queue of publications with the instant at which it was read.
pub(crate) async fn publications(
    db: &Db,
    staff: &Staff,
) -> Result<(Vec<store::publications::Line>, Timestamp), Fault> {
    let bureau = staff.bureau.clone();
    db.transaction("list_publications", Scope::Bureau(bureau.clone()), move |tx| {
        let bureau = bureau.clone();
        Box::pin(async move {
            let lines = store::publications::queue(tx.conn(), &bureau, MOST).await?;
            Ok((lines, tx.at()))
        })
    })
    .await
}
