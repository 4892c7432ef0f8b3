//! `gongxin-verify`: checks receipts and checkpoints from files, without any server.
//!
//! Exit codes: 0 good, 1 refused, 2 wrong usage or unreadable file.

use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use gongxin_transparency::{
    Checkpoint, CheckpointError, Hash, Note, NoteError, Opened, Origin, Receipt, ReceiptError,
    VerifierKey, verify_consistency,
};

const USAGE: &str = "\
用法 / usage:
  gongxin-verify receipt FILE --key KEYFILE [--later-checkpoint FILE --proof FILE]
  gongxin-verify checkpoint FILE --key KEYFILE
  gongxin-verify consistency OLD NEW PROOF --key KEYFILE

KEYFILE  公钥文件，每行一个 / public keys, one a line: name+hexid+base64
PROOF    一致性证明，每行一个哈希 / consistency proof, one base64 hash a line";

fn main() -> ExitCode {
    let args: Vec<String> = match std::env::args_os().skip(1).map(OsString::into_string).collect() {
        Ok(args) => args,
        Err(_) => return finish(Err(Failure::Usage(String::new()))),
    };
    finish(run(&args.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// Why nothing is confirmed.
enum Failure {
    /// The call itself is wrong, or a file cannot be read.
    Usage(String),
    /// What was to be checked is not good: one sentence in Chinese, one in English.
    Refused(&'static str, String),
}

fn finish(result: Result<String, Failure>) -> ExitCode {
    let (code, written) = match result {
        Ok(text) => (0, std::io::stdout().write_all(text.as_bytes())),
        Err(Failure::Refused(zh, en)) => {
            (1, writeln!(std::io::stderr(), "核验不通过：{zh}。Refused: {en}."))
        }
        Err(Failure::Usage(problem)) => (2, writeln!(std::io::stderr(), "{problem}\n{USAGE}")),
    };
    // An answer that could not be written must not look like a good one.
    if written.is_ok() { ExitCode::from(code) } else { ExitCode::from(2) }
}

fn run(args: &[&str]) -> Result<String, Failure> {
    match args {
        ["receipt", file, "--key", keys] => receipt(file, keys, None),
        ["receipt", file, "--key", keys, "--later-checkpoint", later, "--proof", proof] => {
            receipt(file, keys, Some((later, proof)))
        }
        ["checkpoint", file, "--key", keys] => checkpoint(file, keys),
        ["consistency", old, new, proof, "--key", keys] => consistency(old, new, proof, keys),
        _ => Err(Failure::Usage(String::new())),
    }
}

fn receipt(file: &str, keys: &str, later: Option<(&str, &str)>) -> Result<String, Failure> {
    let keys = read_keys(keys)?;
    let receipt = Receipt::parse(&read(file)?).map_err(|error| refuse_receipt(&error))?;
    let verified = receipt.verify(&keys).map_err(|error| refuse_receipt(&error))?;
    let Checkpoint { origin, size, .. } = &verified.opened.checkpoint;
    let (mut later_zh, mut later_en) = (String::new(), String::new());
    if let Some((file, proof)) = later {
        let later = open(file, &keys)?.checkpoint;
        check_consistency(&verified.opened.checkpoint, &later, &read_proof(proof)?)?;
        let later = later.size;
        later_zh = format!("其后共 {later} 条的日志完整保留了上述 {size} 条。\n");
        later_en = format!("The later log of size {later} keeps all {size} entries unchanged.\n");
    }

    let (index, signers) = (verified.index, names(&verified.opened.signers));
    let Receipt { event_id, event_type, time, version, .. } = &receipt;
    let view = receipt
        .view
        .lines()
        .fold(String::new(), |text, (key, value)| text + "  " + &label(key) + ": " + value + "\n");
    let at = beijing(*time);
    Ok(format!(
        "核验通过。回执记载：\n{view}\
         该事件（编号 {event_id}，类型 {event_type}，第 {version} 版，北京时间 {at}）\n\
         已记入日志 {origin}，序号 {index}（从 0 起），日志共 {size} 条；签名：{signers}。\n\
         {later_zh}\
         能够证明的：签名者确认上述文字一字不差地记入了日志；事后改动、删除或者不认，凭本回执即可揭穿。\n\
         不能证明的：所记内容是否属实、是否完整；时间由公安机关自报；\n\
         公钥是否真实须从可信渠道核对，日志是否对人人一致须与公布的检查点比对。\n\
         记载与您所说不符，或者逾期没有结果的，请保存本回执，向该公安机关督察、法制部门或者人民检察院反映。\n\
         \n\
         Verified. The receipt says the lines above.\n\
         Event {event_id}, type {event_type}, time {time}, version {version}.\n\
         It is in the log of {origin} at index {index} of size {size}; signed by {signers}.\n\
         {later_en}\
         Proved: the signers logged exactly these words; a change, removal or denial is exposed by \
         this receipt.\n\
         Not proved: that they are true or complete; the time is the bureau's own; the key is as \
         good as its source; that all see one log takes a comparison of checkpoints.\n"
    ))
}

/// The key of a line with its Chinese name, where it is one that the suite writes.
fn label(key: &str) -> String {
    let zh = match key {
        "event" => "事项",
        "number" => "回执编号",
        "revision" => "版本",
        "case" | "case-number" => "案件编号",
        "source" => "来源",
        "nature" => "性质",
        "told-at" => "接报时间",
        "registered-at" => "登记时间",
        "unit" => "办案单位",
        "evidence-items" => "接受证据件数",
        "due-at" => "期限届满",
        "repeats" => "关联的原接报案",
        "document" | "document-number" => "文书编号",
        "document-kind" => "文书种类",
        "verification-code" => "核验码",
        "document-digest" => "文书摘要",
        "served-at" => "送达时间",
        "done-at" => "实施时间",
        "inquiry" => "查询渠道",
        "complaint" => "投诉渠道",
        "exit" => "出口编号",
        "time" => "录入时间",
        _ => return key.to_owned(),
    };
    format!("{zh} {key}")
}

/// An instant as clocks in China show it; they have had one offset since 1991.
fn beijing(at: jiff::Timestamp) -> String {
    let shown = jiff::tz::Offset::constant(8).to_datetime(at);
    shown.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn checkpoint(file: &str, keys: &str) -> Result<String, Failure> {
    let Opened { checkpoint: Checkpoint { origin, size, root }, signers } =
        open(file, &read_keys(keys)?)?;
    let signers = names(&signers);
    Ok(format!(
        "核验通过。日志 {origin} 共 {size} 条，根哈希 {root}；签名：{signers}。\n\
         Verified. The log of {origin} has size {size} and root {root}; signed by {signers}.\n"
    ))
}

fn consistency(old: &str, new: &str, proof: &str, keys: &str) -> Result<String, Failure> {
    let keys = read_keys(keys)?;
    let (old, new) = (open(old, &keys)?.checkpoint, open(new, &keys)?.checkpoint);
    check_consistency(&old, &new, &read_proof(proof)?)?;
    let Checkpoint { origin, size: later, .. } = &new;
    Ok(format!(
        "核验通过。日志 {origin} 由 {} 条增至 {later} 条，原有各条未变。\n\
         Verified. The log of {origin} grew from size {} to {later} and kept every entry.\n",
        old.size, old.size
    ))
}

fn check_consistency(old: &Checkpoint, new: &Checkpoint, proof: &[Hash]) -> Result<(), Failure> {
    if old.origin != new.origin {
        let en = format!("the checkpoints are of two logs, {} and {}", old.origin, new.origin);
        return Err(Failure::Refused("两个检查点不属于同一日志", en));
    }
    verify_consistency(old.size, new.size, proof, &old.root, &new.root)
        .map_err(|error| Failure::Refused("后来的日志与原日志不一致", chain(&error)))
}

fn open(file: &str, keys: &[VerifierKey]) -> Result<Opened, Failure> {
    let refuse = |error: CheckpointError| Failure::Refused(zh_checkpoint(&error), chain(&error));
    let note: Note = read(file)?.parse().map_err(|error| refuse(CheckpointError::Note(error)))?;
    Checkpoint::open(&note, keys).map_err(refuse)
}

fn read(file: &str) -> Result<String, Failure> {
    let bytes = std::fs::read(file).map_err(|error| Failure::Usage(format!("{file}: {error}")))?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::Refused("文件不是 UTF-8 文本", format!("{file} is not UTF-8 text")))
}

fn read_keys(file: &str) -> Result<Vec<VerifierKey>, Failure> {
    let keys: Result<Vec<_>, _> = read(file)?.lines().map(str::parse).collect();
    let keys = keys.map_err(|error| Failure::Usage(format!("{file}: {error}")))?;
    if keys.is_empty() { Err(Failure::Usage(format!("{file}: no key"))) } else { Ok(keys) }
}

fn read_proof(file: &str) -> Result<Vec<Hash>, Failure> {
    let hashes: Result<_, _> = read(file)?.lines().map(str::parse).collect();
    hashes.map_err(|error| Failure::Refused("一致性证明格式错误", format!("{file}: {error}")))
}

fn refuse_receipt(error: &ReceiptError) -> Failure {
    let zh = match error {
        ReceiptError::Checkpoint(error) => zh_checkpoint(error),
        ReceiptError::OtherLog { .. } => "回执与检查点不属于同一日志",
        ReceiptError::NotInLog(_) => "回执所载内容不在日志的该位置，回执已被改动或系伪造",
        _ => "回执文件格式错误",
    };
    Failure::Refused(zh, chain(error))
}

fn zh_checkpoint(error: &CheckpointError) -> &'static str {
    match error {
        CheckpointError::Note(NoteError::WrongSignature(_)) => "检查点签名错误",
        CheckpointError::Note(NoteError::NoKnownKey) => "检查点没有所给公钥的签名",
        CheckpointError::NotByLog(_) => "检查点没有日志自身的签名",
        _ => "检查点格式错误",
    }
}

/// An error and its causes in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, ": {cause}").expect("a string takes any text");
        source = cause.source();
    }
    text
}

fn names(signers: &[Origin]) -> String {
    signers.iter().map(Origin::as_str).collect::<Vec<_>>().join(", ")
}
