//! The Merkle tree over tiles: append, root, and RFC 6962 proofs made and checked.
//!
//! A root or a proof is a list of ranges of leaves; each range falls into complete subtrees, and
//! each of those lies inside one tile. Saying which tiles are needed, making a proof and checking
//! one all walk the same list.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::hash::{Hash, empty_root, node_hash};
use crate::tile::{TILE_WIDTH, Tile, TileId};

/// Tree levels in one tile: 2^8 = 256 hashes.
const TILE_HEIGHT: u32 = 8;

/// What an append gives: the new tree head, and the tiles to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Number of leaves after the append.
    pub size: u64,
    /// The root at that size.
    pub root: Hash,
    /// The tiles that are new or have grown, whole.
    pub changed: BTreeMap<TileId, Tile>,
}

/// Why a tree cannot be computed from the tiles at hand.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// A tile that the computation needs was not given.
    #[error("{0} is missing")]
    MissingTile(TileId),
    /// A tile holds fewer hashes than the size implies or, at an append, more.
    #[error("{id} has {has} hashes where the size of the log asks for {needs}")]
    TileWidth {
        /// Which tile.
        id: TileId,
        /// How many hashes were given.
        has: u16,
        /// How many the size of the log asks for.
        needs: u16,
    },
    /// There is no such leaf or no such older log.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// More leaves than 64 bits count.
    #[error("the log is full")]
    Full,
}

/// Why a proof does not convince.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// There is no such leaf or no such older log.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The proof is longer or shorter than any proof for these numbers.
    #[error("the proof has {has} hashes, not {needs}")]
    Length {
        /// How many hashes were given.
        has: usize,
        /// How many a proof for these numbers has.
        needs: usize,
    },
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// No log of this size has such a leaf, or the larger log is the older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{inner} is out of range in a log of size {size}")]
pub struct OutOfRange {
    /// The index of the leaf, or the older size.
    pub inner: u64,
    /// The size of the log.
    pub size: u64,
}

/// The tiles that [`append`] and [`root`] need at `size`: the partial one of each level.
pub fn edge(size: u64) -> Vec<TileId> {
    (0u8..8)
        .map(|level| (level, size >> (u32::from(level) * TILE_HEIGHT)))
        .filter(|(_, hashes)| hashes % u64::from(TILE_WIDTH) != 0)
        .map(|(level, hashes)| TileId { level, index: hashes / u64::from(TILE_WIDTH) })
        .collect()
}

/// Adds leaves to a log of `size` leaves.
///
/// `edge_tiles` holds the tiles that [`edge`] names, exactly as wide as `size` implies; others
/// are ignored. Only tiles that change are in the answer.
pub fn append(
    size: u64,
    edge_tiles: &BTreeMap<TileId, Tile>,
    new_leaf_hashes: &[Hash],
) -> Result<Appended, TreeError> {
    let new_size = size.checked_add(new_leaf_hashes.len() as u64).ok_or(TreeError::Full)?;
    let mut unchanged = BTreeMap::new();
    for id in edge(size) {
        let tile = edge_tiles.get(&id).ok_or(TreeError::MissingTile(id))?;
        let needs = edge_width(size, id.level);
        if tile.width() != needs {
            return Err(TreeError::TileWidth { id, has: tile.width(), needs });
        }
        unchanged.insert(id, tile);
    }

    let mut changed = BTreeMap::new();
    for (position, leaf) in (size..).zip(new_leaf_hashes) {
        push(&unchanged, &mut changed, TileId { level: 0, index: position / 256 }, *leaf);
    }

    let find = |id: &TileId| changed.get(id).or_else(|| unchanged.get(id).copied());
    let root = range_root(&(0..new_size), &find)?;
    Ok(Appended { size: new_size, root, changed })
}

/// The tiles that [`root`] needs, the same as [`edge`].
pub fn tiles_for_root(size: u64) -> Vec<TileId> {
    edge(size)
}

/// The root of the first `size` leaves; tiles may be wider than that size implies.
pub fn root(size: u64, tiles: &BTreeMap<TileId, Tile>) -> Result<Hash, TreeError> {
    range_root(&(0..size), &|id| tiles.get(id))
}

/// The tiles that [`prove_inclusion`] needs.
pub fn tiles_for_inclusion(index: u64, size: u64) -> Result<Vec<TileId>, TreeError> {
    Ok(tiles_of(&inclusion_ranges(index, size)?))
}

/// The path from leaf `index` to the root of the first `size` leaves, lowest sibling first.
pub fn prove_inclusion(
    index: u64,
    size: u64,
    tiles: &BTreeMap<TileId, Tile>,
) -> Result<Vec<Hash>, TreeError> {
    prove(&inclusion_ranges(index, size)?, tiles)
}

/// Checks that the tree of `size` leaves under `root` has this leaf at `index`.
pub fn verify_inclusion(
    leaf_hash: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    let ranges = inclusion_ranges(index, size)?;
    check_length(proof, &ranges)?;

    let mut computed = *leaf_hash;
    for (range, sibling) in ranges.iter().zip(proof) {
        computed = if range.start > index {
            node_hash(&computed, sibling)
        } else {
            node_hash(sibling, &computed)
        };
    }
    if computed == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// The tiles that [`prove_consistency`] needs.
pub fn tiles_for_consistency(old_size: u64, new_size: u64) -> Result<Vec<TileId>, TreeError> {
    Ok(tiles_of(&consistency_ranges(old_size, new_size)?))
}

/// The proof that the first `old_size` leaves are still there, unchanged, at `new_size`.
pub fn prove_consistency(
    old_size: u64,
    new_size: u64,
    tiles: &BTreeMap<TileId, Tile>,
) -> Result<Vec<Hash>, TreeError> {
    prove(&consistency_ranges(old_size, new_size)?, tiles)
}

/// Checks that the tree under `new_root` begins with the tree under `old_root`.
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), ProofError> {
    let ranges = consistency_ranges(old_size, new_size)?;
    check_length(proof, &ranges)?;
    if old_size == 0 {
        // Every tree begins with the empty one, so there is nothing to compute `new_root` from.
        let is_empty = *old_root == empty_root() && (new_size > 0 || new_root == old_root);
        return if is_empty { Ok(()) } else { Err(ProofError::Root) };
    }

    // The last complete subtree of the old tree is where both computations start. It is the old
    // root itself, and then not in the proof, exactly if no range ends with the old tree.
    let mut steps = ranges.iter().zip(proof);
    let starts_in_proof = ranges.first().is_some_and(|range| range.end == old_size);
    let start = if starts_in_proof { steps.next().map(|(_, hash)| hash) } else { None };
    let mut old = *start.unwrap_or(old_root);
    let mut new = old;
    for (range, sibling) in steps {
        if range.start < old_size {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
        } else {
            new = node_hash(&new, sibling);
        }
    }
    if old == *old_root && new == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// Puts a hash at the end of a tile; a tile that is full goes up as one hash.
fn push(
    edge_tiles: &BTreeMap<TileId, &Tile>,
    changed: &mut BTreeMap<TileId, Tile>,
    id: TileId,
    hash: Hash,
) {
    let tile = changed
        .entry(id)
        .or_insert_with(|| edge_tiles.get(&id).copied().cloned().unwrap_or_default());
    tile.push(hash);
    if tile.width() == TILE_WIDTH {
        let whole = tile.subtree(0, TILE_HEIGHT);
        let above = TileId { level: id.level + 1, index: id.index / u64::from(TILE_WIDTH) };
        push(edge_tiles, changed, above, whole);
    }
}

/// How many hashes the partial tile of `level` has.
fn edge_width(size: u64, level: u8) -> u16 {
    let hashes = size >> (u32::from(level) * TILE_HEIGHT);
    u16::try_from(hashes % u64::from(TILE_WIDTH)).expect("a remainder of 256 fits")
}

/// The siblings on the way from a leaf to the root, lowest first (RFC 6962, 2.1.1).
fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range<u64>>, OutOfRange> {
    if index >= size {
        return Err(OutOfRange { inner: index, size });
    }
    let mut siblings = Vec::new();
    let mut here = 0..size;
    while here.end - here.start > 1 {
        let middle = split(&here);
        let (left, right) = (here.start..middle, middle..here.end);
        let (own, sibling) = if index < middle { (left, right) } else { (right, left) };
        siblings.push(sibling);
        here = own;
    }
    siblings.reverse();
    Ok(siblings)
}

/// The parts of a consistency proof, lowest first (RFC 6962, 2.1.2).
fn consistency_ranges(old_size: u64, new_size: u64) -> Result<Vec<Range<u64>>, OutOfRange> {
    if old_size > new_size {
        return Err(OutOfRange { inner: old_size, size: new_size });
    }
    let mut parts = Vec::new();
    if old_size == 0 {
        return Ok(parts);
    }
    let mut here = 0..new_size;
    while here.end != old_size {
        let middle = split(&here);
        let (left, right) = (here.start..middle, middle..here.end);
        let (own, sibling) = if old_size <= middle { (left, right) } else { (right, left) };
        parts.push(sibling);
        here = own;
    }
    if here.start > 0 {
        parts.push(here);
    }
    parts.reverse();
    Ok(parts)
}

/// Where RFC 6962 cuts a range of more than one leaf: after the largest power of two below it.
fn split(range: &Range<u64>) -> u64 {
    range.start + (1 << (range.end - range.start - 1).ilog2())
}

/// A complete subtree: the place of its root in the tiles.
struct Subtree {
    tile: TileId,
    /// Place of its first hash in the tile.
    start: u16,
    /// Its height above the hashes of the tile, 0 to 7.
    height: u32,
}

/// The complete subtrees of a range, from left to right. The range begins where a subtree at
/// least as large as all of it may begin, as every range that [`split`] makes.
fn subtrees(range: &Range<u64>) -> impl DoubleEndedIterator<Item = Subtree> {
    let Range { start, end } = *range;
    let length = end - start;
    (0..u64::BITS).rev().filter(move |height| length >> height & 1 == 1).map(move |height| {
        let larger_ones = length & !((2u64 << height).wrapping_sub(1));
        let (level, height_in_tile) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        let first_hash = (start + larger_ones) >> (level * TILE_HEIGHT);
        Subtree {
            tile: TileId {
                level: u8::try_from(level).expect("64 bits have 8 tile levels"),
                index: first_hash / u64::from(TILE_WIDTH),
            },
            start: u16::try_from(first_hash % u64::from(TILE_WIDTH))
                .expect("a remainder of 256 fits"),
            height: height_in_tile,
        }
    })
}

/// The tiles under some ranges, each once, in order.
fn tiles_of(ranges: &[Range<u64>]) -> Vec<TileId> {
    let mut tiles: Vec<_> = ranges.iter().flat_map(subtrees).map(|subtree| subtree.tile).collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

fn prove(ranges: &[Range<u64>], tiles: &BTreeMap<TileId, Tile>) -> Result<Vec<Hash>, TreeError> {
    ranges.iter().map(|range| range_root(range, &|id| tiles.get(id))).collect()
}

/// The Merkle tree hash of a range of leaves.
fn range_root<'a>(
    range: &Range<u64>,
    find: &dyn Fn(&TileId) -> Option<&'a Tile>,
) -> Result<Hash, TreeError> {
    let mut root = None;
    for Subtree { tile: id, start, height } in subtrees(range).rev() {
        let tile = find(&id).ok_or(TreeError::MissingTile(id))?;
        let needs = start + (1 << height);
        if tile.width() < needs {
            return Err(TreeError::TileWidth { id, has: tile.width(), needs });
        }
        let left = tile.subtree(start.into(), height);
        root = Some(root.map_or(left, |right| node_hash(&left, &right)));
    }
    Ok(root.unwrap_or_else(empty_root))
}

fn check_length(proof: &[Hash], ranges: &[Range<u64>]) -> Result<(), ProofError> {
    let (has, needs) = (proof.len(), ranges.len());
    if has == needs { Ok(()) } else { Err(ProofError::Length { has, needs }) }
}
