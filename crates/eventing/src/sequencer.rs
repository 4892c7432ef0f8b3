//! Gives committed events their place in the log and in the Merkle tree.
//!
//! It runs on a doorbell and takes what is there. Any committed event may be numbered: an
//! aggregate's lock makes commit order equal version order, and the database is asked once more
//! that no event goes before its predecessor.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use gongxin_kernel::{EventId, Fault};
use gongxin_transparency::{Checkpoint, Hash, Leaf, Origin, Salts, append, commit, edge};
use uuid::Uuid;

use crate::lease::Fence;
use crate::runtime::LogSetup;
use crate::store::events::{self, Stored};
use crate::store::log;
use crate::{Db, Scope, Tx, reasons};

const BATCH: i64 = 1000;
const POLL: Duration = Duration::from_millis(150);

/// Runs while the fence holds.
pub(crate) async fn run(db: &Db, setup: &Arc<LogSetup>, fence: Fence) {
    while !fence.over.is_cancelled() {
        // Listen before looking: a commit between the two must not go unheard.
        let rung = db.committed().notified();
        tokio::pin!(rung);
        rung.as_mut().enable();
        match sequence(db, setup, &fence).await {
            Ok(0) => {}
            Ok(_) => {
                db.ring();
                continue;
            }
            Err(fault) => {
                tracing::warn!(error = %fault, cause = fault.cause(), "sequencing failed");
            }
        }
        tokio::select! {
            () = fence.over.cancelled() => {}
            () = rung => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Numbers one batch; gives how many.
async fn sequence(db: &Db, setup: &Arc<LogSetup>, fence: &Fence) -> Result<usize, Fault> {
    let setup = Arc::clone(setup);
    let fence = fence.clone();
    db.transaction("sequence", Scope::All, move |tx| {
        let (setup, fence) = (Arc::clone(&setup), fence.clone());
        Box::pin(async move {
            let batch = next_in_order(tx).await?;
            if batch.is_empty() {
                return Ok(0);
            }
            fence.check(tx).await?;
            number(tx, &setup, &batch).await?;
            Ok(batch.len())
        })
    })
    .await
}

/// What can be numbered now. An event whose predecessor is missing stays behind and is reported.
async fn next_in_order(tx: &mut Tx) -> Result<Vec<Stored>, Fault> {
    let mut batch = events::unsequenced(tx.conn(), BATCH).await?;
    let ids: Vec<Uuid> = batch.iter().map(|event| event.id).collect();
    let waiting: HashSet<Uuid> =
        events::waiting_for_predecessor(tx.conn(), &ids).await?.into_iter().collect();
    if waiting.is_empty() {
        return Ok(batch);
    }
    let mut placed: HashSet<(Uuid, i32)> = HashSet::new();
    batch.retain(|event| {
        let follows =
            !waiting.contains(&event.id) || placed.contains(&(event.aggregate, event.version - 1));
        if follows {
            placed.insert((event.aggregate, event.version));
        } else {
            tracing::error!(event.id = %event.id, event.version, "predecessor has no number");
        }
        follows
    });
    Ok(batch)
}

async fn number(tx: &mut Tx, setup: &LogSetup, batch: &[Stored]) -> Result<(), Fault> {
    let size = log::size(tx.conn()).await?;
    let hashes: Vec<Hash> = batch
        .iter()
        .map(|event| leaf(setup.origin(), event).map(|leaf| leaf.hash()))
        .collect::<Result<_, _>>()?;
    let tiles = log::tiles(tx.conn(), &edge(size)).await?;
    let appended = append(size, &tiles, &hashes)
        .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;

    let ids: Vec<Uuid> = batch.iter().map(|event| event.id).collect();
    let leaves: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.0.to_vec()).collect();
    let ordinals: Vec<i64> = batch.iter().map(|event| event.ordinal).collect();
    log::append(tx.conn(), size, &ids, &leaves).await?;
    log::store_tiles(tx.conn(), &appended.changed).await?;
    let checkpoint =
        Checkpoint { origin: setup.origin().clone(), size: appended.size, root: appended.root };
    let note = checkpoint
        .sign(setup.key())
        .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
    log::store_checkpoint(tx.conn(), appended.size, &note.to_string()).await?;
    let cleared = events::clear(tx.conn(), &ordinals).await?;
    if cleared != ordinals.len() as u64 {
        let what = "an event was numbered by someone else at the same time";
        return Err(Fault::new(&reasons::DATABASE_CONFLICT).caused_by(what));
    }
    Ok(())
}

/// The leaf of a stored event; the same for whoever computes it.
pub(crate) fn leaf(log: &Origin, event: &Stored) -> Result<Leaf, Fault> {
    let broken = |what: String| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what);
    let salts = salts(event)?;
    Ok(Leaf {
        log: log.clone(),
        event_id: EventId(event.id),
        event_type: event.type_name.parse().map_err(|_| broken("event type".into()))?,
        time: event.at.0,
        version: event.version.unsigned_abs(),
        view: commit(&salts.view, event.view.as_bytes()),
        data: commit(&salts.data, &event.data),
        row: commit(&salts.row, &event.canonical),
    })
}

pub(crate) fn salts(event: &Stored) -> Result<Salts, Fault> {
    let bytes: [u8; 96] =
        event.salts.as_slice().try_into().map_err(|_| {
            Fault::new(&reasons::INVARIANT_BROKEN).caused_by("salts are not 96 bytes")
        })?;
    Ok(Salts::from_bytes(bytes))
}
