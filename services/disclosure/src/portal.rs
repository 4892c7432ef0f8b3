//! Fetches reports that the public side has taken in: nothing outside ever calls inward.

use std::time::Duration;

use futures::future::BoxFuture;
use gongxin_disclosure_domain::{PortalId, PortalReport};
use gongxin_eventing::{Db, Duty, Scope, Tx, reasons};
use gongxin_kernel::{Actor, Fault};
use tokio_util::sync::CancellationToken;

use crate::store::portal::{self, Outside};
use crate::{deadlines, events};

/// Most reports fetched in one sweep.
const BATCH: i64 = 100;
/// How often the table is looked at; the public side rings no bell.
const LOOK: Duration = Duration::from_millis(500);

/// Brings portal reports inside, each once.
#[derive(Debug)]
pub(crate) struct Fetcher {
    pub(crate) db: Db,
}

impl Fetcher {
    async fn sweep(&self) -> Result<(), Fault> {
        let read = self.db.transaction("portal_outside", Scope::All, |tx| {
            Box::pin(async move { portal::outside(tx.conn(), BATCH).await })
        });
        for outside in read.await? {
            let fetch = self.db.transaction("fetch_portal_report", Scope::All, move |tx| {
                let outside = outside.clone();
                Box::pin(async move { fetch(tx, &outside).await })
            });
            fetch.await?;
        }
        Ok(())
    }
}

/// Another replica may have fetched it in the meantime.
async fn fetch(tx: &mut Tx, outside: &Outside) -> Result<(), Fault> {
    let bureau = outside.bureau.parse();
    let bureau = bureau.map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
    tx.act_for(bureau, Actor::Service("disclosure-public".to_owned()).label());
    tx.lock(vec![outside.id]).await?;
    let id = PortalId(outside.id);
    if portal::find(tx.conn(), id).await?.is_some() {
        return Ok(());
    }
    let (number, received_at) = (outside.number.clone(), outside.received_at.0);
    let report = PortalReport::received(id, number, received_at, outside.channel()?)
        .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
    let bureau = tx.bureau()?.clone();
    portal::insert(tx.conn(), &bureau, &report).await?;
    deadlines::start_contact(tx, &report).await?;
    tx.append(events::portal_received(&report)?).await
}

impl Duty for Fetcher {
    fn name(&self) -> &'static str {
        "portal"
    }

    fn run(&self, over: CancellationToken) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            while !over.is_cancelled() {
                if let Err(fault) = self.sweep().await {
                    tracing::warn!(error = %fault, cause = fault.cause(), "portal not read");
                }
                tokio::select! {
                    () = over.cancelled() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        })
    }

    fn pending<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<u64, Fault>> {
        Box::pin(async move { portal::count_outside(tx.conn()).await })
    }
}
