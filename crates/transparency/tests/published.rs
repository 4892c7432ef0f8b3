//! The example of docs/formats: what others read to write programs of their own is what we write.
//!
//! The files are never made anew. Where this test fails, a format has changed under those who
//! rely on it.

#![expect(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use gongxin_transparency::{
    Appended, Checkpoint, Hash, Leaf, Note, Receipt, Salt, SigningKey, TileId, View, append,
    commit, prove_consistency, prove_inclusion,
};
use jiff::{SignedDuration, Timestamp};

const LOG: &str = "619921/example";
const LEAF: u64 = 3;

fn key() -> SigningKey {
    SigningKey::from_seed(LOG.parse().unwrap(), &[7; 32])
}

fn view(number: u64) -> View {
    View::new([
        ("event", "接报案登记".to_owned()),
        ("number", format!("明公接报字〔2026〕{}号", number + 1)),
        ("revision", "1".to_owned()),
    ])
    .unwrap()
}

fn salt(byte: u64) -> Salt {
    Salt([u8::try_from(byte).unwrap(); 32])
}

fn leaf(number: u64) -> Leaf {
    let begins: Timestamp = "2026-03-02T01:15:00.000001Z".parse().unwrap();
    Leaf {
        log: LOG.parse().unwrap(),
        event_id: format!("01980a3c-5f00-7000-8000-{number:012}").parse().unwrap(),
        event_type: "gongxin.intake.v1.ReportRegistered".parse().unwrap(),
        time: begins + SignedDuration::from_mins(i64::try_from(number).unwrap()),
        version: 1,
        view: commit(&salt(number), view(number).to_string().as_bytes()),
        data: commit(&salt(64 + number), format!("data {number}").as_bytes()),
        row: commit(&salt(128 + number), format!("row {number}").as_bytes()),
    }
}

fn signed(log: &Appended) -> Note {
    Checkpoint { origin: LOG.parse().unwrap(), size: log.size, root: log.root }
        .sign(&key())
        .unwrap()
}

fn hex(bytes: &[u8], a_line: usize) -> String {
    let mut text = String::new();
    for line in bytes.chunks(a_line) {
        for byte in line {
            write!(text, "{byte:02x}").unwrap();
        }
        text.push('\n');
    }
    text
}

fn lines(hashes: &[Hash]) -> String {
    hashes.iter().map(|hash| hash.to_string() + "\n").collect()
}

#[test]
fn the_published_example_is_what_this_crate_writes() {
    let leaves: Vec<Hash> = (0..5).map(|number| leaf(number).hash()).collect();
    let first = append(0, &BTreeMap::new(), &leaves[..3]).unwrap();
    let log = append(first.size, &first.changed, &leaves[3..]).unwrap();
    let (old, new) = (signed(&first), signed(&log));
    let tile = TileId { level: 0, index: 0 };

    let proven = leaf(LEAF);
    let receipt = Receipt {
        log: proven.log.clone(),
        event_id: proven.event_id,
        event_type: proven.event_type.clone(),
        time: proven.time,
        version: proven.version,
        view_salt: salt(LEAF),
        data: proven.data,
        row: proven.row,
        index: LEAF,
        view: view(LEAF),
        path: prove_inclusion(LEAF, log.size, &log.changed).unwrap(),
        checkpoint: new.clone(),
    };
    receipt.verify(&[key().verifier()]).unwrap();

    for (name, written) in [
        ("key", format!("{}\n", key().verifier())),
        ("leaf-3.hex", hex(&proven.canonical(), 32)),
        ("tile-0-000.p-5.hex", hex(&log.changed[&tile].to_bytes(), 32)),
        ("checkpoint-3", old.to_string()),
        ("checkpoint-5", new.to_string()),
        ("consistency-3-5", lines(&prove_consistency(3, 5, &log.changed).unwrap())),
        ("receipt-3", receipt.to_text()),
    ] {
        let file =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/example").join(name);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), written, "{name}");
    }
}
