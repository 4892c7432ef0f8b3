//! Roots and tiles recomputed from the leaves, against what was signed and stored.

use std::collections::BTreeMap;

use gongxin_transparency::{Checkpoint, Growing, Hash, Note, TileId, VerifierKey};

use super::finding::{Defect, Report};

/// The tree as it grows, held against each checkpoint at its size. Equal roots at every size prove
/// that each checkpoint continues all earlier ones.
pub(super) struct Roots<'k> {
    key: &'k VerifierKey,
    growing: Growing,
    newest: Option<u64>,
    /// Neighbouring checkpoints with another root: the first size, the last, how many. One changed
    /// leaf makes all later roots differ, which is one finding.
    differing: Option<(u64, u64, u64)>,
}

impl<'k> Roots<'k> {
    pub(super) fn new(key: &'k VerifierKey) -> Self {
        Self { key, growing: Growing::default(), newest: None, differing: None }
    }

    pub(super) fn push(&mut self, leaf: Hash, tiled: impl FnMut(TileId, u16, Hash)) {
        self.growing.push(leaf, tiled);
    }

    /// Checks the checkpoint stored for the size that the tree has now.
    pub(super) fn check(&mut self, size: u64, note: &str, report: &mut Report) {
        report.checkpoints += 1;
        self.newest = Some(size);
        let opened = note.parse::<Note>().map_err(|error| error.to_string()).and_then(|note| {
            let keys = std::slice::from_ref(self.key);
            Checkpoint::open(&note, keys).map_err(|error| error.to_string())
        });
        let checkpoint = match opened {
            Ok(opened) => opened.checkpoint,
            Err(why) => {
                report.found(Defect::CheckpointUnsigned, size, None, why);
                return;
            }
        };
        if checkpoint.size == size && checkpoint.root == self.growing.root() {
            self.tell(report);
            return;
        }
        let (first, _, count) = self.differing.unwrap_or((size, size, 0));
        self.differing = Some((first, size, count + 1));
    }

    /// Checks that the end of the log is signed.
    pub(super) fn end(&mut self, size: u64, report: &mut Report) {
        self.tell(report);
        if size > 0 && self.newest != Some(size) {
            let newest = self.newest.map_or_else(|| "none".to_owned(), |size| size.to_string());
            report.found(Defect::CheckpointMissing, size, None, format!("the newest is {newest}"));
        }
    }

    fn tell(&mut self, report: &mut Report) {
        let Some((first, last, count)) = self.differing.take() else { return };
        let detail = match count {
            1 => String::new(),
            _ => format!("and all {count} up to size {last}"),
        };
        report.found(Defect::CheckpointDiffers, first, None, detail);
    }
}

/// Tiles above the lowest level, as the leaves give them.
#[derive(Default)]
pub(super) struct UpperTiles(BTreeMap<TileId, Vec<u8>>);

impl UpperTiles {
    pub(super) fn add(&mut self, id: TileId, hash: Hash) {
        if id.level > 0 {
            self.0.entry(id).or_default().extend(hash.0);
        }
    }

    /// Holds them against level, index and bytes of those stored.
    pub(super) fn check(mut self, stored: &[(i16, i64, Vec<u8>)], report: &mut Report) {
        for (level, index, bytes) in stored {
            let level = u8::try_from(*level).unwrap_or(u8::MAX);
            let id = TileId { level, index: index.unsigned_abs() };
            if self.0.remove(&id).as_ref() != Some(bytes) {
                report.found(Defect::TileDiffers, None, None, id.to_string());
            }
        }
        for id in self.0.into_keys() {
            report.found(Defect::TileDiffers, None, None, format!("{id} is missing"));
        }
    }
}
