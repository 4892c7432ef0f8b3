//! Receipts, checkpoints and tiles: the proof that a fact is in the log.

use std::time::Duration;

use gongxin_kernel::{BureauCode, EventId, Fault};
use gongxin_transparency::{Receipt, TILE_WIDTH, TileId, prove_inclusion, tiles_for_inclusion};

use crate::runtime::LogSetup;
use crate::sequencer::{leaf, salts};
use crate::store::{events, log};
use crate::{Db, Scope, reasons};

const WAIT: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(50);
const GLANCE: Duration = Duration::from_millis(4);

/// The receipt of `event`, which `bureau` must own. Waits up to five seconds for the proof.
///
/// # Errors
/// `EVENT_NOT_FOUND`; `RECEIPT_PENDING` when the event has no number yet: it is safe all the same.
pub async fn receipt(
    db: &Db,
    setup: &LogSetup,
    bureau: &BureauCode,
    event: EventId,
) -> Result<Receipt, Fault> {
    let give_up = tokio::time::Instant::now() + WAIT;
    loop {
        // The sequencer of this replica rings; one elsewhere is found by looking.
        let rung = db.committed().notified();
        tokio::pin!(rung);
        rung.as_mut().enable();
        match build(db, setup, bureau, event).await? {
            Some(receipt) => return Ok(receipt),
            None if tokio::time::Instant::now() >= give_up => {
                return Err(Fault::new(&reasons::RECEIPT_PENDING));
            }
            None => {
                let _ = tokio::time::timeout(LOOK, rung).await;
                // Commands ring as well: many of them must not make many readers look each time.
                tokio::time::sleep(GLANCE).await;
            }
        }
    }
}

async fn build(
    db: &Db,
    setup: &LogSetup,
    bureau: &BureauCode,
    event: EventId,
) -> Result<Option<Receipt>, Fault> {
    let found = db
        .transaction("receipt", Scope::Bureau(bureau.clone()), move |tx| {
            Box::pin(async move {
                let stored = events::find(tx.conn(), event.0)
                    .await?
                    .ok_or_else(|| Fault::new(&reasons::EVENT_NOT_FOUND))?;
                let Some(index) = log::sequence_of(tx.conn(), event.0).await? else {
                    return Ok(None);
                };
                let (size, note) = log::checkpoint_of(tx.conn(), index)
                    .await?
                    .ok_or_else(|| Fault::new(&reasons::INVARIANT_BROKEN))?;
                let wanted = tiles_for_inclusion(index, size).map_err(broken)?;
                let tiles = log::tiles(tx.conn(), &wanted).await?;
                let path = prove_inclusion(index, size, &tiles).map_err(broken)?;
                Ok(Some((stored, index, note, path)))
            })
        })
        .await?;
    let Some((stored, index, note, path)) = found else { return Ok(None) };
    let leaf = leaf(setup.origin(), &stored)?;
    Ok(Some(Receipt {
        log: leaf.log,
        event_id: leaf.event_id,
        event_type: leaf.event_type,
        time: leaf.time,
        version: leaf.version,
        view_salt: salts(&stored)?.view,
        data: leaf.data,
        row: leaf.row,
        index,
        view: stored.view.parse().map_err(broken)?,
        path,
        checkpoint: note.parse().map_err(broken)?,
    }))
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error)
}

/// The signed checkpoint that is public now, if the log has one yet.
pub async fn checkpoint(db: &Db) -> Result<Option<String>, Fault> {
    let published = published(db).await?;
    Ok(published.map(|(_, note)| note))
}

/// Bytes of a public tile of `width` hashes, as far as the public checkpoint reaches.
pub async fn tile(db: &Db, id: TileId, width: u16) -> Result<Option<Vec<u8>>, Fault> {
    let Some((size, _)) = published(db).await? else { return Ok(None) };
    let per_hash = 8 * u32::from(id.level);
    let hashes_at_level = size.checked_shr(per_hash).unwrap_or(0);
    let end = id.index.saturating_mul(u64::from(TILE_WIDTH)).saturating_add(u64::from(width));
    if width == 0 || end > hashes_at_level {
        return Ok(None);
    }
    let tiles = db
        .transaction("tile", Scope::Call, move |tx| {
            Box::pin(async move { log::tiles(tx.conn(), &[id]).await })
        })
        .await?;
    let bytes = tiles.get(&id).map(|tile| tile.to_bytes()[..usize::from(width) * 32].to_vec());
    Ok(bytes)
}

async fn published(db: &Db) -> Result<Option<(u64, String)>, Fault> {
    db.transaction("checkpoint", Scope::Call, |tx| {
        Box::pin(async move { log::published_checkpoint(tx.conn()).await })
    })
    .await
}
