//! What an auditor recomputes: the canonical form of an aggregate from its rows of today.

use futures::future::BoxFuture;
use gongxin_disclosure_domain::reasons::{
    PORTAL_REPORT_NOT_FOUND, PUBLICATION_NOT_FOUND, VISIT_NOT_FOUND,
};
use gongxin_disclosure_domain::{PortalId, PublicationId, ReportId, VisitId};
use gongxin_eventing::verify::{Case, Held, Projection};
use gongxin_eventing::{Newest, Records, Tx};
use gongxin_kernel::Fault;
use uuid::Uuid;

use crate::{Disclosure, store};

impl Records for Disclosure {
    fn canonical<'t>(
        &'t self,
        tx: &'t mut Tx,
        newest: &'t Newest,
    ) -> BoxFuture<'t, Result<Vec<u8>, Fault>> {
        Box::pin(async move {
            let id = newest.aggregate;
            match newest.entity() {
                "visit" => {
                    let visit = store::visits::find(tx.conn(), VisitId(id)).await?;
                    Ok(visit.ok_or_else(|| Fault::new(&VISIT_NOT_FOUND))?.canonical())
                }
                "publication" => {
                    let found = store::publications::find(tx.conn(), PublicationId(id)).await?;
                    Ok(found.ok_or_else(|| Fault::new(&PUBLICATION_NOT_FOUND))?.canonical())
                }
                "portal" => {
                    let found = store::portal::find(tx.conn(), PortalId(id)).await?;
                    Ok(found.ok_or_else(|| Fault::new(&PORTAL_REPORT_NOT_FOUND))?.canonical())
                }
                _ => Ok(store::access(tx, ReportId(id)).await?.canonical()),
            }
        })
    }

    fn ids<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<Vec<Uuid>, Fault>> {
        Box::pin(store::ids(tx))
    }

    fn follows(&self) -> &'static [&'static str] {
        &["intake", "review"]
    }

    fn find_case<'t>(
        &'t self,
        tx: &'t mut Tx,
        name: &'t str,
    ) -> BoxFuture<'t, Result<Option<Case>, Fault>> {
        Box::pin(store::way::find_case(tx, name))
    }

    fn held<'t>(
        &'t self,
        tx: &'t mut Tx,
        case: &'t Case,
    ) -> BoxFuture<'t, Result<Vec<Held>, Fault>> {
        Box::pin(store::way::held(tx, case))
    }

    fn projected(&self, subject: &str) -> Option<Projection> {
        (subject == "report.registered").then_some(Projection::OfCase("matters"))
    }
}
