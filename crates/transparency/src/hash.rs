//! SHA-256 as RFC 6962 section 2.1 uses it: leaves and nodes never share a preimage.

use std::fmt;
use std::str::FromStr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

/// A SHA-256 value: of a leaf, a node, a root or a salted content.
///
/// Its text is standard base64, as in checkpoints and proofs; `{:x}` gives lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// The text is not the canonical base64 of 32 bytes.
#[derive(Debug, thiserror::Error)]
#[error("not the base64 of 32 bytes")]
pub struct InvalidHash;

/// The hash of a log entry, `SHA-256(0x00 ‖ entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    sha256(&[&[0x00], entry])
}

/// The root of the tree without leaves, `SHA-256("")`.
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The hash of an inner node, `SHA-256(0x01 ‖ left ‖ right)`.
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[0x01], &left.0, &right.0])
}

/// The plain SHA-256 of the parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::LowerHex for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self:x})")
    }
}

impl FromStr for Hash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = STANDARD.decode(text).map_err(|_| InvalidHash)?;
        bytes.try_into().map(Self).map_err(|_| InvalidHash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_tree_and_the_empty_leaf_have_their_published_hashes() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";

        assert_eq!(format!("{:x}", empty_root()), empty);
        assert_eq!(format!("{:x}", leaf_hash(b"")), leaf);
    }

    #[test]
    fn only_the_canonical_base64_of_32_bytes_is_a_hash() {
        let text = leaf_hash(b"x").to_string();

        assert_eq!(text.parse::<Hash>().unwrap(), leaf_hash(b"x"));
        assert!(text.trim_end_matches('=').parse::<Hash>().is_err());
        assert!(format!("{text}\n").parse::<Hash>().is_err());
        assert!("AAAA".parse::<Hash>().is_err());
    }
}
