//! A loop that runs once among all replicas of a service.
//!
//! The holder renews its lease by machine time; its epoch goes into every transaction that the
//! loop commits, so that a holder that slept through its lease changes nothing when it wakes.

use std::time::Duration;

use futures::future::BoxFuture;
use gongxin_kernel::Fault;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::store::leases;
use crate::{Db, Scope, Tx, reasons};

const TTL: Duration = Duration::from_secs(5);
const RENEW: Duration = Duration::from_millis(1500);

/// Work that a service does by itself, at one replica at a time, such as sending what waits.
///
/// A replica that slept through its lease may still be at it, so what it does must be harmless
/// when done twice.
pub trait Duty: Send + Sync {
    /// Name of its lease, e.g. `exits`.
    fn name(&self) -> &'static str;

    /// Works until `over`; wakes by [`Db::committed`] and by looking from time to time.
    fn run(&self, over: CancellationToken) -> BoxFuture<'_, ()>;

    /// How much waits to be done, for the status of the service.
    fn pending<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<u64, Fault>>;
}

/// Proof of holding a lease, to be checked inside each transaction.
#[derive(Clone, Debug)]
pub(crate) struct Fence {
    name: String,
    epoch: i64,
    /// Cancelled when the lease is lost or the service stops.
    pub(crate) over: CancellationToken,
}

impl Fence {
    /// Fails the transaction when another replica has taken over.
    pub(crate) async fn check(&self, tx: &mut Tx) -> Result<(), Fault> {
        if leases::holds(tx.conn(), &self.name, self.epoch).await? {
            return Ok(());
        }
        self.over.cancel();
        Err(Fault::new(&reasons::DATABASE_CONFLICT).caused_by("another replica holds the lease"))
    }
}

/// Runs `body` whenever this replica holds the lease `name`, until `stop`.
pub(crate) async fn hold<B, F>(db: &Db, name: &str, stop: &CancellationToken, body: B)
where
    B: Fn(Fence) -> F,
    F: Future<Output = ()>,
{
    let holder = gongxin_kernel::new_uuid();
    while !stop.is_cancelled() {
        if let Some(epoch) = take(db, name, holder).await {
            let fence = Fence { name: name.to_owned(), epoch, over: stop.child_token() };
            tracing::debug!(lease = name, epoch, "lease taken");
            tokio::select! {
                () = body(fence.clone()) => {}
                () = renew(db, name, holder, epoch) => {
                    tracing::warn!(lease = name, epoch, "lease lost");
                }
            }
            fence.over.cancel();
            release(db, name, holder).await;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(RENEW / 3) => {}
        }
    }
}

/// Ends when the lease could not be renewed before it ran out, or another has it.
async fn renew(db: &Db, name: &str, holder: Uuid, epoch: i64) {
    let mut good_until = tokio::time::Instant::now() + TTL;
    loop {
        tokio::time::sleep(RENEW).await;
        let asked = tokio::time::Instant::now();
        match take(db, name, holder).await {
            Some(now) if now == epoch => good_until = asked + TTL,
            Some(_) => return,
            None if asked >= good_until => return,
            None => {}
        }
    }
}

async fn take(db: &Db, name: &str, holder: Uuid) -> Option<i64> {
    let name = name.to_owned();
    let taken = db
        .transaction("lease", Scope::All, move |tx| {
            let name = name.clone();
            Box::pin(async move { leases::take(tx.conn(), &name, holder, TTL.as_secs_f64()).await })
        })
        .await;
    taken.unwrap_or_else(|fault| {
        tracing::debug!(error = %fault, "lease not renewed");
        None
    })
}

async fn release(db: &Db, name: &str, holder: Uuid) {
    let name = name.to_owned();
    let released = db
        .transaction("lease_release", Scope::All, move |tx| {
            let name = name.clone();
            Box::pin(async move { leases::release(tx.conn(), &name, holder).await })
        })
        .await;
    if let Err(fault) = released {
        tracing::debug!(error = %fault, "lease not released; it runs out by itself");
    }
}
