//! The log against its events, and every root that it ever signed, in one pass.

use std::collections::HashMap;

use gongxin_kernel::Fault;
use gongxin_transparency::{Hash, TILE_WIDTH, TileId, VerifierKey};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Follower;
use super::finding::{Defect, Report};
use super::tree::{Roots, UpperTiles};
use crate::store::events::Stored;
use crate::store::log as log_store;
use crate::store::verify::{self as store, Place};
use crate::{relay, sequencer};

const WIDTH: u64 = TILE_WIDTH as u64;
/// Entries read at once: four whole tiles.
const PART: u64 = 4 * WIDTH;

/// Every event is in the log or waits for its number, and not both.
pub(super) async fn queue(conn: &mut PgConnection, report: &mut Report) -> Result<(), Fault> {
    for astray in store::astray(conn).await? {
        let is_lost = astray.event_id.is_some() && !astray.numbered && !astray.queued;
        let defect = if is_lost { Defect::EventUnnumbered } else { Defect::QueueDiffers };
        let event = astray.event_id.map(|id| format!(", event {id}")).unwrap_or_default();
        let detail = format!("ordinal {}{event}", astray.ordinal);
        report.found(defect, None, astray.aggregate, detail);
    }
    Ok(())
}

/// Every entry, leaf, tile and checkpoint, from the first entry to the last.
pub(super) async fn entries(
    conn: &mut PgConnection,
    key: &VerifierKey,
    report: &mut Report,
) -> Result<(), Fault> {
    let size = log_store::size(conn).await?;
    report.entries = size;
    match store::identity(conn).await? {
        Some((log_id, _)) if log_id == key.name().as_str() => {}
        None if size == 0 => {}
        stored => {
            let detail = stored.map_or_else(|| "none".to_owned(), |(log_id, _)| log_id);
            report.found(Defect::LogUnknown, None, None, detail);
        }
    }
    let (mut versions, mut roots) = (HashMap::new(), Roots::new(key));
    let mut upper = UpperTiles::default();
    let mut from = 0;
    while from < size {
        let until = (from + PART).min(size);
        let mut part = Part::read(conn, from, until).await?;
        let checkpoints = store::checkpoints(conn, from + 1, until).await?;
        let mut checkpoints = checkpoints.into_iter().peekable();
        for seq in from..until {
            let leaf = part.leaf(key, seq, &mut versions, report);
            roots.push(leaf, |id, _, hash| upper.add(id, hash));
            while let Some((of, note)) = checkpoints.next_if(|(of, _)| *of == seq.cast_signed() + 1)
            {
                roots.check(of.unsigned_abs(), &note, report);
            }
        }
        part.surplus(until, report);
        from = until;
    }
    for (of, _) in store::checkpoints(conn, size + 1, i64::MAX.unsigned_abs()).await? {
        let detail = "is over more entries than the log has";
        report.found(Defect::CheckpointDiffers, of.unsigned_abs(), None, detail);
    }
    roots.end(size, report);
    upper.check(&store::upper_tiles(conn).await?, report);
    for index in store::leaf_tiles_from(conn, size.div_ceil(WIDTH)).await? {
        let tile = TileId { level: 0, index: index.unsigned_abs() };
        report.found(Defect::TileDiffers, None, None, format!("{tile}, beyond the log"));
    }
    Ok(())
}

/// Neither the relay nor a follower is beyond the log, and each follower applied what is in it.
pub(super) async fn followers(
    conn: &mut PgConnection,
    key: &VerifierKey,
    followers: &[Follower],
    report: &mut Report,
) -> Result<(), Fault> {
    let size = report.entries;
    let relayed = store::cursors(conn).await?;
    for (_, position, ..) in relayed.iter().filter(|(name, ..)| name == relay::CURSOR) {
        if position.unsigned_abs() > size {
            report.found(Defect::CursorAhead, position.unsigned_abs(), None, relay::CURSOR);
        }
    }
    let incarnation = store::identity(conn).await?.map(|(_, id)| id.to_string());
    for follower in followers.iter().filter(|one| one.log_id == key.name().as_str()) {
        let Follower { service, position, .. } = follower;
        if *position > size {
            report.found(Defect::CursorAhead, *position, None, format!("of {service}"));
            continue;
        }
        let Some(last) = position.checked_sub(1) else { continue };
        let there = store::places(conn, last, last + 1).await?;
        let is_same =
            there.first().is_some_and(|it| it.event_id.to_string() == follower.last_event)
                && incarnation.as_ref() == Some(&follower.incarnation);
        if !is_same {
            report.found(Defect::CursorDiffers, last, None, format!("of {service}"));
        }
    }
    Ok(())
}

/// Some neighbouring entries with all that is stored of them.
struct Part {
    places: HashMap<i64, Place>,
    events: HashMap<Uuid, Stored>,
    tiles: HashMap<u64, Vec<u8>>,
    /// Tiles that were found to differ, each told of once.
    told: Vec<u64>,
}

impl Part {
    async fn read(conn: &mut PgConnection, from: u64, until: u64) -> Result<Self, Fault> {
        let places = store::places(conn, from, until).await?;
        Ok(Self {
            places: places.into_iter().map(|place| (place.seq, place)).collect(),
            events: store::events(conn, from, until).await?,
            tiles: store::leaf_tiles(conn, from / WIDTH, until.div_ceil(WIDTH)).await?,
            told: Vec::new(),
        })
    }

    /// The leaf of entry `seq`, by what its event, the log and the tile say: where two agree, the
    /// third is what was changed, and the tree goes on with what they say.
    fn leaf(
        &mut self,
        key: &VerifierKey,
        seq: u64,
        versions: &mut HashMap<Uuid, i32>,
        report: &mut Report,
    ) -> Hash {
        let tiled = self.tiled(seq);
        let place = self.places.get(&seq.cast_signed());
        let stored = place.and_then(|place| place.leaf.as_slice().try_into().ok()).map(Hash);
        let event = place.and_then(|place| self.events.get(&place.event_id));
        match (place, event) {
            (None, _) => report.found(Defect::SequenceGap, seq, None, ""),
            (Some(place), None) => {
                let detail = format!("event {}", place.event_id);
                report.found(Defect::EventMissing, seq, None, detail);
            }
            (_, Some(event)) => follows(event, seq, versions, report),
        }
        let computed = event.map(|event| sequencer::leaf(key.name(), event).map(|it| it.hash()));
        let computed = computed.and_then(Result::ok);
        let aggregate = event.map(|event| event.aggregate);
        let detail = event.map(|event| format!("event {}", event.id)).unwrap_or_default();
        let leaf = match (computed, stored, tiled) {
            (Some(computed), Some(stored), _) if computed == stored => stored,
            (_, Some(stored), Some(tiled)) if stored == tiled => {
                if event.is_some() {
                    report.found(Defect::EventDiffers, seq, aggregate, detail);
                }
                stored
            }
            (Some(computed), Some(_), tiled) => {
                report.found(Defect::LeafDiffers, seq, aggregate, detail);
                if tiled != Some(computed) {
                    report.found(Defect::EventDiffers, seq, aggregate, "no two agree");
                }
                computed
            }
            (computed, stored, tiled) => tiled.or(stored).or(computed).unwrap_or(Hash([0; 32])),
        };
        if tiled != Some(leaf) {
            self.tile_differs(seq, report);
        }
        leaf
    }

    /// What the tile says of entry `seq`.
    fn tiled(&self, seq: u64) -> Option<Hash> {
        let start = usize::try_from(seq % WIDTH).ok()? * 32;
        let bytes = self.tiles.get(&(seq / WIDTH))?.get(start..start + 32)?;
        bytes.try_into().ok().map(Hash)
    }

    fn tile_differs(&mut self, seq: u64, report: &mut Report) {
        let index = seq / WIDTH;
        if !self.told.contains(&index) {
            self.told.push(index);
            let tile = TileId { level: 0, index };
            report.found(Defect::TileDiffers, seq, None, tile.to_string());
        }
    }

    /// A tile that says more than the log has.
    fn surplus(&mut self, size: u64, report: &mut Report) {
        let Some(last) = size.checked_sub(1) else { return };
        let hashes = last % WIDTH + 1;
        let is_wide = |tile: &Vec<u8>| tile.len() as u64 > hashes * 32;
        if self.tiles.get(&(last / WIDTH)).is_some_and(is_wide) {
            self.tile_differs(last, report);
        }
    }
}

/// The versions of each aggregate are dense and in the order of the log.
fn follows(event: &Stored, seq: u64, versions: &mut HashMap<Uuid, i32>, report: &mut Report) {
    let last = versions.insert(event.aggregate, event.version).unwrap_or(0);
    if event.version != last + 1 {
        let detail = format!("version {} after {last}", event.version);
        report.found(Defect::VersionGap, seq, event.aggregate, detail);
    }
}
