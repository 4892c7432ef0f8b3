//! What an auditor recomputes: the canonical form of an aggregate from its rows of today.

use futures::future::BoxFuture;
use gongxin_eventing::verify::{Case, Held, Projection};
use gongxin_eventing::{Newest, Records, Tx};
use gongxin_intake_domain::{CallId, ReportId};
use gongxin_kernel::Fault;
use uuid::Uuid;

use crate::{Intake, store};

impl Records for Intake {
    fn canonical<'t>(
        &'t self,
        tx: &'t mut Tx,
        newest: &'t Newest,
    ) -> BoxFuture<'t, Result<Vec<u8>, Fault>> {
        Box::pin(async move {
            let id = newest.aggregate;
            match newest.entity() {
                "call" => Ok(store::calls::load(tx, CallId(id)).await?.canonical()),
                _ => Ok(store::load(tx, ReportId(id)).await?.canonical()),
            }
        })
    }

    fn ids<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<Vec<Uuid>, Fault>> {
        Box::pin(store::ids(tx))
    }

    fn follows(&self) -> &'static [&'static str] {
        &[]
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

    fn projected(&self, _: &str) -> Option<Projection> {
        None
    }
}
