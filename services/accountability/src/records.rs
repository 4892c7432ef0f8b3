//! What an auditor recomputes: the canonical form of an aggregate from its rows of today.

use futures::future::BoxFuture;
use gongxin_accountability_domain::ClueId;
use gongxin_eventing::verify::{Case, Held, Projection};
use gongxin_eventing::{Newest, Records, Tx};
use gongxin_kernel::Fault;
use uuid::Uuid;

use crate::{Accountability, store};

impl Records for Accountability {
    fn canonical<'t>(
        &'t self,
        tx: &'t mut Tx,
        newest: &'t Newest,
    ) -> BoxFuture<'t, Result<Vec<u8>, Fault>> {
        Box::pin(async move { Ok(store::load(tx, ClueId(newest.aggregate)).await?.canonical()) })
    }

    fn ids<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<Vec<Uuid>, Fault>> {
        Box::pin(store::ids(tx))
    }

    fn follows(&self) -> &'static [&'static str] {
        &["supervision"]
    }

    fn find_case<'t>(
        &'t self,
        _: &'t mut Tx,
        _: &'t str,
    ) -> BoxFuture<'t, Result<Option<Case>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    fn held<'t>(
        &'t self,
        tx: &'t mut Tx,
        case: &'t Case,
    ) -> BoxFuture<'t, Result<Vec<Held>, Fault>> {
        Box::pin(store::way::held(tx, case))
    }

    fn projected(&self, subject: &str) -> Option<Projection> {
        (subject == "finding.clue_sent").then_some(Projection::OfCase("clues"))
    }
}
