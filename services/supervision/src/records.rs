//! What an auditor recomputes: the canonical form of an aggregate from its rows of today.

use futures::future::BoxFuture;
use gongxin_eventing::verify::{Case, Held, Projection};
use gongxin_eventing::{Newest, Records, Tx};
use gongxin_kernel::Fault;
use gongxin_supervision_domain::{FindingId, RecordingId, SchemeId};
use uuid::Uuid;

use crate::{Supervision, store};

impl Records for Supervision {
    fn canonical<'t>(
        &'t self,
        tx: &'t mut Tx,
        newest: &'t Newest,
    ) -> BoxFuture<'t, Result<Vec<u8>, Fault>> {
        Box::pin(async move {
            let id = newest.aggregate;
            match newest.entity() {
                "recording" => Ok(store::recordings::load(tx, RecordingId(id)).await?.canonical()),
                "scheme" => Ok(store::schemes::load(tx, SchemeId(id)).await?.canonical()),
                _ => Ok(store::findings::load(tx, FindingId(id)).await?.canonical()),
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

    fn projected(&self, _: &str) -> Option<Projection> {
        // Whatever happens to a case is an entry of its timeline.
        Some(Projection::OfEvent("timeline"))
    }
}
