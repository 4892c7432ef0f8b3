//! Tiles: up to 256 neighbouring hashes of one level, stored and published as one piece.
//!
//! Layout and paths are those of C2SP tlog-tiles. A hash at level `l` is the root of a complete
//! subtree of 256^l leaves; the seven tree levels between two tile levels are computed.

use std::fmt;

use crate::hash::{Hash, node_hash};

/// How many hashes a full tile has.
pub const TILE_WIDTH: u16 = 256;

/// Names a tile: its level, counted from the leaves, and its place in that level.
///
/// Its text is the path of the full tile; see [`TileId::path`] for partial ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 holds leaf hashes, 1 the roots of full tiles of level 0, and so on.
    pub level: u8,
    /// Place in the level, from 0.
    pub index: u64,
}

/// The text is not a tile path.
#[derive(Debug, thiserror::Error)]
#[error("not a tile path")]
pub struct InvalidTilePath;

impl TileId {
    /// The public path of this tile when it holds `width` hashes: `tile/0/x001/234`, or
    /// `tile/0/x001/234.p/7` when it is partial.
    pub fn path(&self, width: u16) -> String {
        if width < TILE_WIDTH { format!("{self}.p/{width}") } else { self.to_string() }
    }

    /// Reads a public path; gives the tile and how many hashes (1 to 256) are asked for.
    pub fn parse_path(path: &str) -> Result<(Self, u16), InvalidTilePath> {
        let rest = path.strip_prefix("tile/").ok_or(InvalidTilePath)?;
        let (level, rest) = rest.split_once('/').ok_or(InvalidTilePath)?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().map_err(|_| InvalidTilePath)?),
            None => (rest, TILE_WIDTH),
        };
        let digits: String = index.split('/').map(|part| part.trim_start_matches('x')).collect();
        let id = Self {
            level: level.parse().map_err(|_| InvalidTilePath)?,
            index: digits.parse().map_err(|_| InvalidTilePath)?,
        };

        // Writing it again finds every spelling that is not the canonical one: signs, leading
        // zeros, a missing `x`, a partial path of full width.
        let is_canonical = width > 0 && id.level < 64 && id.path(width) == path;
        if is_canonical { Ok((id, width)) } else { Err(InvalidTilePath) }
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        let digits = self.index.to_string();
        let groups = digits.len().div_ceil(3);
        let padded = format!("{digits:0>width$}", width = groups * 3);
        for group in 0..groups - 1 {
            write!(f, "x{}/", &padded[group * 3..group * 3 + 3])?;
        }
        f.write_str(&padded[groups * 3 - 3..])
    }
}

/// The hashes of a tile, from left to right; at most [`TILE_WIDTH`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tile(Vec<Hash>);

/// The bytes are not 1 to 256 hashes of 32 bytes.
#[derive(Debug, thiserror::Error)]
#[error("a tile has 32 to 8192 bytes in steps of 32, not {0}")]
pub struct InvalidTile(usize);

impl Tile {
    /// Reads the published form: the hashes one after the other.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidTile> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let is_tile =
            rest.is_empty() && !hashes.is_empty() && hashes.len() <= usize::from(TILE_WIDTH);
        if !is_tile {
            return Err(InvalidTile(bytes.len()));
        }
        Ok(Self(hashes.iter().copied().map(Hash).collect()))
    }

    /// The published form.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.0).collect()
    }

    /// The hashes.
    pub fn hashes(&self) -> &[Hash] {
        &self.0
    }

    /// How many hashes there are.
    pub fn width(&self) -> u16 {
        u16::try_from(self.0.len()).expect("a tile has at most 256 hashes")
    }

    /// Adds a hash; the caller never adds to a full tile.
    pub(crate) fn push(&mut self, hash: Hash) {
        debug_assert!(self.width() < TILE_WIDTH, "a full tile is never added to");
        self.0.push(hash);
    }

    /// The root over `1 << height` hashes from `start` on, which the caller knows to be there.
    pub(crate) fn subtree(&self, start: usize, height: u32) -> Hash {
        let mut layer = self.0[start..start + (1 << height)].to_vec();
        while layer.len() > 1 {
            layer = layer.as_chunks::<2>().0.iter().map(|[l, r]| node_hash(l, r)).collect();
        }
        layer[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_which_tile_and_how_much_of_it() {
        for (level, index, width, path) in [
            (0, 0, 256, "tile/0/000"),
            (0, 0, 1, "tile/0/000.p/1"),
            (1, 273, 112, "tile/1/273.p/112"),
            (2, 1_000, 256, "tile/2/x001/000"),
            (7, 1_234_067, 255, "tile/7/x001/x234/067.p/255"),
        ] {
            let id = TileId { level, index };
            assert_eq!(id.path(width), path);
            assert_eq!(TileId::parse_path(path).unwrap(), (id, width));
        }
        let last = TileId { level: 0, index: u64::MAX };
        assert_eq!(TileId::parse_path(&last.path(256)).unwrap(), (last, 256));
    }

    #[test]
    fn another_spelling_of_a_path_is_refused() {
        for path in [
            "",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/00/000",
            "tile/+1/000",
            "tile/64/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/xx001/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/entries/000",
        ] {
            assert!(TileId::parse_path(path).is_err(), "{path}");
        }
    }

    #[test]
    fn bytes_that_are_no_whole_hashes_are_no_tile() {
        let tile = Tile(vec![Hash([1; 32]), Hash([2; 32])]);
        assert_eq!(Tile::from_bytes(&tile.to_bytes()).unwrap(), tile);

        for length in [0, 31, 33, 257 * 32] {
            assert!(Tile::from_bytes(&vec![0; length]).is_err(), "{length}");
        }
    }
}
