//! Receipts as files: what is read back, what is refused, and what the verifier says.

#![expect(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use common::{Log, leaves};
use gongxin_transparency::{
    Checkpoint, CheckpointError, Hash, NoteError, Receipt, ReceiptError, Salts, SigningKey, View,
    commit, prove_consistency, prove_inclusion,
};

const LOG: &str = "mingchuan/intake";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
}

fn signed(log: &Log) -> gongxin_transparency::Note {
    Checkpoint { origin: LOG.parse().unwrap(), size: log.size, root: log.root }
        .sign(&key(LOG, 1))
        .unwrap()
}

/// A receipt at `index` of a log of `size` leaves, the others synthetic.
fn receipt(index: u64, size: u64) -> (Receipt, Log) {
    let salts = Salts::from_bytes(std::array::from_fn(|place| u8::try_from(place).unwrap()));
    let lines = [
        ("document", "受案回执"),
        ("bureau", "明川县公安局"),
        ("number", "明公受案字〔2026〕000001号"),
        ("matter", "电动自行车被盗: 报案人张三"),
    ];
    let mut log = Log::default();
    let mut receipt = Receipt {
        log: LOG.parse().unwrap(),
        event_id: "01980a3c-5f00-7000-8000-000000000001".parse().unwrap(),
        event_type: "gongxin.intake.v1.ReportAccepted".parse().unwrap(),
        time: "2026-03-02T01:15:00.000001Z".parse().unwrap(),
        version: 1,
        view_salt: salts.view,
        data: commit(&salts.data, b"event data"),
        row: commit(&salts.row, b"row"),
        index,
        view: View::new(lines).unwrap(),
        path: Vec::new(),
        checkpoint: signed(&log),
    };
    log.append(&leaves(0..index));
    log.append(&[receipt.leaf().hash()]);
    log.append(&leaves(index + 1..size));
    receipt.path = prove_inclusion(index, size, &log.tiles).unwrap();
    receipt.checkpoint = signed(&log);
    (receipt, log)
}

#[test]
fn a_receipt_proves_its_content_at_any_place() {
    for (index, size) in [(0, 1), (0, 2), (5, 7), (255, 256), (256, 257), (300, 600)] {
        let (receipt, _) = receipt(index, size);

        let text = receipt.to_text();
        let read = Receipt::parse(&text).unwrap();
        let verified = read.verify(&[key(LOG, 1).verifier()]).unwrap();

        assert_eq!(read, receipt);
        assert_eq!(read.to_text(), text);
        assert_eq!((verified.index, verified.opened.checkpoint.size), (index, size));
    }
}

#[test]
fn a_receipt_with_one_byte_changed_removed_or_added_is_refused() {
    let text = receipt(5, 7).0.to_text();
    let keys = [key(LOG, 1).verifier()];
    let check = |bytes: Vec<u8>, place: usize| {
        // What is no longer UTF-8 is no text at all.
        let Ok(changed) = String::from_utf8(bytes) else { return };
        let accepted = Receipt::parse(&changed).is_ok_and(|receipt| receipt.verify(&keys).is_ok());
        assert!(!accepted, "byte {place} of:\n{changed}");
    };

    let bytes = text.as_bytes();
    for place in 0..bytes.len() {
        for new in [bytes[place] ^ 1, bytes[place] ^ 0x20] {
            check([&bytes[..place], &[new], &bytes[place + 1..]].concat(), place);
        }
        check([&bytes[..place], &bytes[place + 1..]].concat(), place);
    }
    for place in 0..=bytes.len() {
        for new in [b'\n', b'\r', b' '] {
            check([&bytes[..place], &[new], &bytes[place..]].concat(), place);
        }
    }
}

#[test]
fn an_unknown_missing_or_repeated_line_is_named() {
    let text = receipt(5, 7).0.to_text();
    let check = |from: &str, to: &str, error: ReceiptError| {
        assert!(text.contains(from), "{from}");
        assert_eq!(Receipt::parse(&text.replacen(from, to, 1)), Err(error));
    };
    let repeated = |line: &str| format!("{line}{line}");

    check("gongxin-receipt/v1\n", "gongxin-receipt/v2\n", ReceiptError::Format);
    check("version: 1\n", "", ReceiptError::MissingLine("version"));
    check("index: 5\n", "", ReceiptError::MissingLine("index"));
    check("index: 5\n", &repeated("index: 5\n"), ReceiptError::RepeatedLine("index"));
    check("index: 5\n", "version: 1\n", ReceiptError::RepeatedLine("version"));
    check("index: 5\n", "index: 5\nnote: x\n", ReceiptError::UnknownLine("note: x".to_owned()));
    check("index: 5\n", "index: 5\n\n", ReceiptError::UnknownLine(String::new()));
    check("index: 5\n\n", "index: 5\n", ReceiptError::MissingLine("view"));
    check("\nview\n", "\n", ReceiptError::MissingLine("view"));
    check("\npath\n", "\n", ReceiptError::MissingLine("path"));
    check("\ncheckpoint\n", "\n", ReceiptError::MissingLine("checkpoint"));
    check("index: 5\n", "index: 05\n", ReceiptError::Value("index"));
    check("00.000001Z", "00.0000010Z", ReceiptError::Value("time"));
    check("01980a3c-5f00", "01980A3C-5f00", ReceiptError::Value("event"));
    check("\npath\n", "\npath\n\n", ReceiptError::Value("path"));
    check("\n\n— mingchuan", "\n— mingchuan", ReceiptError::Note(NoteError::Unsigned));
}

#[test]
fn a_receipt_of_another_log_or_key_is_refused() {
    let (mut receipt, log) = receipt(5, 7);

    assert_eq!(
        receipt.verify(&[key(LOG, 9).verifier()]),
        Err(ReceiptError::Checkpoint(CheckpointError::Note(NoteError::NoKnownKey)))
    );
    let other = key("mingchuan/review", 2);
    receipt.checkpoint =
        Checkpoint { origin: other.name().clone(), size: log.size, root: log.root }
            .sign(&other)
            .unwrap();
    let keys = [key(LOG, 1).verifier(), other.verifier()];
    assert!(matches!(receipt.verify(&keys), Err(ReceiptError::OtherLog { .. })));
}

#[test]
fn the_verifier_says_what_a_receipt_says_and_where_it_is() {
    let dir = Dir::new("receipt");
    let (receipt, mut log) = receipt(5, 7);
    dir.write("receipt.txt", &receipt.to_text());
    dir.write("key.txt", &format!("{}\n", key(LOG, 1).verifier()));

    let (code, out, err) = dir.verify(&["receipt", "receipt.txt", "--key", "key.txt"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for said in [
        "  回执编号 number: 明公受案字〔2026〕000001号\n",
        "北京时间 2026-03-02 09:15:00",
        "已记入日志 mingchuan/intake，序号 5（从 0 起），日志共 7 条",
        "能够证明的：",
        "不能证明的：所记内容是否属实",
        "Not proved: that they are true",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    assert!(out.contains("in the log of mingchuan/intake at index 5 of size 7"), "{out}");

    log.append(&leaves(7..300));
    dir.write("later.txt", &signed(&log).to_string());
    dir.write("proof.txt", &lines(&prove_consistency(7, 300, &log.tiles).unwrap()));
    let with_later = [
        "receipt",
        "receipt.txt",
        "--key",
        "key.txt",
        "--later-checkpoint",
        "later.txt",
        "--proof",
        "proof.txt",
    ];
    let (code, out, _) = dir.verify(&with_later);
    assert_eq!(code, 0);
    assert!(out.contains("The later log of size 300 keeps all 7 entries unchanged."), "{out}");

    dir.write("proof.txt", &lines(&prove_consistency(8, 300, &log.tiles).unwrap()));
    let (code, out, err) = dir.verify(&with_later);
    assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1));
    assert!(err.contains("后来的日志与原日志不一致"), "{err}");
}

#[test]
fn the_verifier_refuses_in_one_line_that_says_why() {
    let dir = Dir::new("refusal");
    let text = receipt(5, 7).0.to_text();
    dir.write("key.txt", &key(LOG, 1).verifier().to_string());
    dir.write("other.txt", &key(LOG, 2).verifier().to_string());
    dir.write("good.txt", &text);
    let check = |changed: &str, key: &str, why: &str| {
        dir.write("receipt.txt", changed);
        let (code, out, err) = dir.verify(&["receipt", "receipt.txt", "--key", key]);
        assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
        assert!(err.contains(why), "{err}");
    };

    check(&text.replace("张三", "李四"), "key.txt", "the proof leads to another root");
    check(&text.replace("version: 1\n", ""), "key.txt", "the line `version` is missing");
    check(&text, "other.txt", "none of the known keys has signed");
    check(&text.replace("\n7\n", "\n8\n"), "key.txt", "the signature of mingchuan/intake is wrong");
}

#[test]
fn the_verifier_checks_checkpoints_and_their_growth() {
    let dir = Dir::new("checkpoints");
    let mut log = Log::default();
    dir.write("key.txt", &key(LOG, 1).verifier().to_string());
    log.append(&leaves(0..256));
    dir.write("old.txt", &signed(&log).to_string());
    log.append(&leaves(256..600));
    dir.write("new.txt", &signed(&log).to_string());
    dir.write("proof.txt", &lines(&prove_consistency(256, 600, &log.tiles).unwrap()));

    let (code, out, _) = dir.verify(&["checkpoint", "new.txt", "--key", "key.txt"]);
    assert_eq!(code, 0);
    assert!(out.contains(&format!("has size 600 and root {}", log.root)), "{out}");

    let (code, out, _) =
        dir.verify(&["consistency", "old.txt", "new.txt", "proof.txt", "--key", "key.txt"]);
    assert_eq!(code, 0);
    assert!(out.contains("grew from size 256 to 600"), "{out}");

    let (code, _, err) =
        dir.verify(&["consistency", "new.txt", "old.txt", "proof.txt", "--key", "key.txt"]);
    assert_eq!((code, err.lines().count()), (1, 1));
}

#[test]
fn wrong_usage_is_not_a_refusal() {
    let dir = Dir::new("usage");
    dir.write("key.txt", &key(LOG, 1).verifier().to_string());
    dir.write("no-key.txt", "x\n");

    for args in [
        &[][..],
        &["receipt"],
        &["receipt", "key.txt"],
        &["receipt", "absent.txt", "--key", "key.txt"],
        &["receipt", "key.txt", "--key", "no-key.txt"],
        &["receipt", "key.txt", "--key", "key.txt", "--proof", "key.txt"],
        &["help"],
    ] {
        let (code, out, err) = dir.verify(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains("usage"), "{err}");
    }
}

fn lines(hashes: &[Hash]) -> String {
    hashes.iter().fold(String::new(), |text, hash| text + &hash.to_string() + "\n")
}

/// A folder of one test.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }

    /// Runs the verifier in the folder; gives exit code, output and error output.
    fn verify(&self, args: &[&str]) -> (i32, String, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_gongxin-verify"))
            .current_dir(&self.0)
            .args(args)
            .output()
            .unwrap();
        let [out, err] = [run.stdout, run.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        (run.status.code().unwrap(), out, err)
    }
}
