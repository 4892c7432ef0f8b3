//! A log in memory, kept the way a service keeps its own: tiles by id, only changed ones written.

use std::collections::BTreeMap;
use std::ops::Range;

use gongxin_transparency::{Hash, Tile, TileId, append, edge, empty_root, leaf_hash};

/// Size, root and tiles of a log.
pub(crate) struct Log {
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) tiles: BTreeMap<TileId, Tile>,
}

impl Default for Log {
    fn default() -> Self {
        Self { size: 0, root: empty_root(), tiles: BTreeMap::new() }
    }
}

impl Log {
    /// Appends leaves, reading nothing but the edge; gives the new root.
    pub(crate) fn append(&mut self, leaves: &[Hash]) -> Hash {
        let edge = edge(self.size).into_iter().map(|id| (id, self.tiles[&id].clone())).collect();
        let appended = append(self.size, &edge, leaves).unwrap();
        self.size = appended.size;
        self.root = appended.root;
        self.tiles.extend(appended.changed);
        self.root
    }
}

/// The synthetic entry of this number.
pub(crate) fn entry(number: u64) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

/// The leaf hashes of synthetic entries.
pub(crate) fn leaves(numbers: Range<u64>) -> Vec<Hash> {
    numbers.map(|number| leaf_hash(&entry(number))).collect()
}
