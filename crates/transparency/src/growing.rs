//! A tree that grows leaf by leaf: for whoever recomputes every root of a log in one pass.

use crate::hash::{Hash, empty_root, node_hash};
use crate::tile::{TILE_WIDTH, TileId};

/// Tree levels between two levels of tiles.
const TILE_HEIGHT: usize = 8;

/// The roots of the complete subtrees that make up the tree so far. A push costs one hash on
/// average, a root as many as there are such subtrees; no tile is needed.
#[derive(Clone, Debug)]
pub struct Growing {
    size: u64,
    /// By height; what stands at a height counts where that bit of `size` is set.
    peaks: [Hash; 64],
}

impl Default for Growing {
    fn default() -> Self {
        Self { size: 0, peaks: [empty_root(); 64] }
    }
}

impl Growing {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf and tells `tiled` every hash that a tile gets by it, the leaf first: in which
    /// tile, at which place in it.
    ///
    /// # Panics
    /// With more leaves than 64 bits count.
    pub fn push(&mut self, leaf: Hash, mut tiled: impl FnMut(TileId, u16, Hash)) {
        let (mut hash, mut height) = (leaf, 0);
        loop {
            let index = self.size >> height;
            if height % TILE_HEIGHT == 0 {
                let level = u8::try_from(height / TILE_HEIGHT).expect("64 bits have 8 levels");
                let width = u64::from(TILE_WIDTH);
                let place = u16::try_from(index % width).expect("a remainder of 256 fits");
                tiled(TileId { level, index: index / width }, place, hash);
            }
            if index & 1 == 0 {
                break;
            }
            hash = node_hash(&self.peaks[height], &hash);
            height += 1;
        }
        self.peaks[height] = hash;
        self.size += 1;
    }

    /// The root over the leaves so far (RFC 6962, 2.1).
    pub fn root(&self) -> Hash {
        let stands = |height: &usize| self.size >> height & 1 == 1;
        let peaks = (0..self.peaks.len()).filter(stands).map(|height| self.peaks[height]);
        peaks.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::hash::leaf_hash;
    use crate::tree::append;

    #[test]
    fn every_root_and_tile_is_that_of_an_append() {
        let mut growing = Growing::default();
        let (mut tiles, mut told) = (BTreeMap::new(), BTreeMap::<TileId, Vec<Hash>>::new());
        assert_eq!(growing.root(), empty_root());
        for number in 0..600_u64 {
            let leaf = leaf_hash(&number.to_be_bytes());
            growing.push(leaf, |id, place, hash| {
                let tile = told.entry(id).or_default();
                assert_eq!(tile.len(), usize::from(place));
                tile.push(hash);
            });
            let appended = append(number, &tiles, &[leaf]).unwrap();
            tiles.extend(appended.changed);

            assert_eq!(growing.size(), appended.size);
            assert_eq!(growing.root(), appended.root, "{number}");
        }
        let stored: BTreeMap<_, _> =
            tiles.iter().map(|(id, tile)| (*id, tile.hashes().to_vec())).collect();
        assert_eq!(told, stored);
    }
}
