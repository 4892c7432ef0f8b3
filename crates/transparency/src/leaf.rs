//! The entry of the log: what happened when, and salted digests of what was said about it.
//!
//! An entry is a sequence of strings, each preceded by its length in bytes as 64 bits, big-endian:
//! `gongxin.leaf.v1`, then name and value of `log` (UTF-8), `event_id` (16 bytes), `type` (UTF-8),
//! `time` (microseconds since 1970, 64 bits signed, big-endian), `version` (32 bits, big-endian),
//! `view`, `data` and `row` (32 bytes each). Its leaf hash is `SHA-256(0x00 ‖ entry)`.

use std::fmt;
use std::str::FromStr;

use gongxin_kernel::{Canonical, EventId};

use crate::hash::{Hash, leaf_hash, sha256};
use crate::key::Origin;

/// One entry of a log. A published entry tells nothing about people: contents are there only as
/// salted digests made by [`commit`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The log, which is also the origin of its checkpoints.
    pub log: Origin,
    /// The event.
    pub event_id: EventId,
    /// What happened: the full name of the event's message.
    pub event_type: EventType,
    /// When it happened; counts to the microsecond, finer parts are dropped.
    pub time: jiff::Timestamp,
    /// Version of the case, or other aggregate, after the event.
    pub version: u32,
    /// `H(salt₁ ‖ receipt view)`.
    pub view: Hash,
    /// `H(salt₂ ‖ event data)`.
    pub data: Hash,
    /// `H(salt₃ ‖ canonical row after the change)`.
    pub row: Hash,
}

impl Leaf {
    /// The bytes that are hashed.
    pub fn canonical(&self) -> Vec<u8> {
        Canonical::new("gongxin.leaf.v1")
            .field("log", self.log.as_str())
            .field("event_id", self.event_id.0.as_bytes())
            .field("type", self.event_type.as_str())
            .instant("time", self.time)
            .field("version", self.version.to_be_bytes())
            .field("view", self.view.0)
            .field("data", self.data.0)
            .field("row", self.row.0)
            .finish()
    }

    /// The leaf hash under RFC 6962.
    pub fn hash(&self) -> Hash {
        leaf_hash(&self.canonical())
    }
}

/// The digest of a content under a salt, `SHA-256(salt ‖ content)`.
pub fn commit(salt: &Salt, content: &[u8]) -> Hash {
    sha256(&[&salt.0, content])
}

/// Random bytes that keep a digest from being matched against guessed contents; no text form, so
/// that none gets into a log by mistake.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// The three salts of one leaf, independent of each other, so that showing one shows one content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salts {
    /// For the receipt view; handed out with the receipt.
    pub view: Salt,
    /// For the event data.
    pub data: Salt,
    /// For the canonical row.
    pub row: Salt,
}

impl Salts {
    /// Takes 96 bytes of a cryptographic random source.
    pub fn from_bytes(bytes: [u8; 96]) -> Self {
        let salt = |part: usize| {
            let (salts, _) = bytes.as_chunks::<32>();
            Salt(salts[part])
        };
        Self { view: salt(0), data: salt(1), row: salt(2) }
    }
}

/// The full name of a protobuf message, e.g. `gongxin.intake.v1.ReportAccepted`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventType(String);

/// The text is not a full protobuf name.
#[derive(Debug, thiserror::Error)]
#[error("not the full name of a protobuf message")]
pub struct InvalidEventType;

impl EventType {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EventType {
    type Err = InvalidEventType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_identifier = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if text.split('.').all(is_identifier) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEventType)
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf() -> Leaf {
        Leaf {
            log: "mingchuan/intake".parse().unwrap(),
            event_id: "01980a3c-5f00-7000-8000-000000000001".parse().unwrap(),
            event_type: "gongxin.intake.v1.ReportAccepted".parse().unwrap(),
            time: "2026-03-02T01:15:00.000001Z".parse().unwrap(),
            version: 1,
            view: Hash([1; 32]),
            data: Hash([2; 32]),
            row: Hash([3; 32]),
        }
    }

    /// The expected value was computed outside this crate, from the description at its top.
    #[test]
    fn the_encoding_of_a_leaf_stays_as_described() {
        let expected = "2461cee5753feb426327e8e52b74eebb21f55f59ba314c8b70e0dc10c01b5f37";
        assert_eq!(format!("{:x}", leaf().hash()), expected);
    }

    #[test]
    fn every_part_of_a_leaf_is_in_its_hash() {
        let edits: [fn(&mut Leaf); 8] = [
            |leaf| leaf.log = "mingchuan/review".parse().unwrap(),
            |leaf| leaf.event_id = "01980a3c-5f00-7000-8000-000000000002".parse().unwrap(),
            |leaf| leaf.event_type = "gongxin.intake.v1.ReportRefused".parse().unwrap(),
            |leaf| leaf.time = "2026-03-02T01:15:00.000002Z".parse().unwrap(),
            |leaf| leaf.version = 2,
            |leaf| leaf.view.0[31] ^= 1,
            |leaf| leaf.data.0[31] ^= 1,
            |leaf| leaf.row.0[31] ^= 1,
        ];
        for (number, change) in edits.iter().enumerate() {
            let mut changed = leaf();
            change(&mut changed);
            assert_ne!(changed.hash(), leaf().hash(), "change {number}");
        }
    }

    #[test]
    fn each_salt_takes_its_own_third_of_the_random_bytes() {
        let salts = Salts::from_bytes(std::array::from_fn(|place| u8::try_from(place).unwrap()));

        assert_eq!(
            [salts.view.0[0], salts.data.0[0], salts.row.0[0], salts.row.0[31]],
            [0, 32, 64, 95]
        );
        assert_ne!(commit(&salts.view, b"x"), commit(&salts.data, b"x"));
    }

    #[test]
    fn a_type_is_a_dotted_name() {
        for text in ["", ".a", "a.", "a..b", "a b", "a.1b", "a\n", "事件"] {
            assert!(text.parse::<EventType>().is_err(), "{text:?}");
        }
        assert!("a_1.B".parse::<EventType>().is_ok());
    }
}
