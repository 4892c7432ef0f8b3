//! The transparency log: RFC 6962 trees in C2SP tiles, signed checkpoints, receipts.
//!
//! Everything here is a pure function of its arguments. The caller keeps the tiles, reads those
//! that [`edge`], [`tiles_for_inclusion`] or [`tiles_for_consistency`] name, and writes those
//! that [`append`] changed.

mod growing;
mod hash;
mod tile;
mod tree;

mod leaf;
mod view;

mod checkpoint;
mod key;
mod note;
mod receipt;

pub use checkpoint::{Checkpoint, CheckpointError, Opened};
pub use growing::Growing;
pub use hash::{Hash, InvalidHash, empty_root, leaf_hash};
pub use key::{InvalidKey, InvalidOrigin, Origin, SigningKey, VerifierKey};
pub use leaf::{EventType, InvalidEventType, Leaf, Salt, Salts, commit};
pub use note::{Note, NoteError, NoteSignature};
pub use receipt::{Receipt, ReceiptError, Verified};
pub use tile::{InvalidTile, InvalidTilePath, TILE_WIDTH, Tile, TileId};
pub use tree::{
    Appended, OutOfRange, ProofError, TreeError, append, edge, prove_consistency, prove_inclusion,
    root, tiles_for_consistency, tiles_for_inclusion, tiles_for_root, verify_consistency,
    verify_inclusion,
};
pub use view::{View, ViewError};
