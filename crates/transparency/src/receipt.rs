//! The receipt: a text file that proves, without a server, what the suite took in and when.
//!
//! # `gongxin-receipt/v1`
//!
//! UTF-8, every line ended by one line feed, lines in exactly this order, none left out:
//!
//! ```text
//! gongxin-receipt/v1
//! log: <name of the log>
//! event: <UUID, lower case>
//! type: <full name of the protobuf message>
//! time: <RFC 3339 in UTC with six decimals, 2026-03-02T01:15:00.000000Z>
//! version: <decimal>
//! view-salt: <base64 of 32 bytes>
//! data-digest: <base64 of 32 bytes>
//! row-digest: <base64 of 32 bytes>
//! index: <decimal, the first leaf is 0>
//!
//! view
//! <lines `key: value`, at least one>
//!
//! path
//! <base64 of 32 bytes a line, lowest sibling first; no line when the log has one leaf>
//!
//! checkpoint
//! <the signed note to the end of the file>
//! ```
//!
//! Whoever holds it computes `SHA-256(view-salt ‖ view)`, makes the leaf of it and of the lines
//! `log` to `row-digest`, follows the path to the root, and checks the signature under that root.

use std::fmt::{Display, Write as _};
use std::str::FromStr;

use gongxin_kernel::EventId;

use crate::checkpoint::{Checkpoint, CheckpointError, Opened};
use crate::hash::Hash;
use crate::key::{Origin, VerifierKey};
use crate::leaf::{EventType, Leaf, Salt, commit};
use crate::note::{Note, NoteError};
use crate::tree::{ProofError, verify_inclusion};
use crate::view::{View, ViewError};

const FORMAT: &str = "gongxin-receipt/v1";

/// What a receipt is made of; see [`Receipt::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The log.
    pub log: Origin,
    /// The event.
    pub event_id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// When; a receipt keeps microseconds.
    pub time: jiff::Timestamp,
    /// Version of the case after the event.
    pub version: u32,
    /// The salt of the view, the only one a receipt shows.
    pub view_salt: Salt,
    /// Salted digest of the event data.
    pub data: Hash,
    /// Salted digest of the canonical row.
    pub row: Hash,
    /// Index of the leaf.
    pub index: u64,
    /// What the receipt says in words.
    pub view: View,
    /// Inclusion proof for the size of the checkpoint.
    pub path: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

/// What a good receipt proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Index of the leaf.
    pub index: u64,
    /// The checkpoint, and who signed it.
    pub opened: Opened,
}

/// Why a text is not a receipt, or a receipt proves nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The first line is another.
    #[error("the first line is not {FORMAT}")]
    Format,
    /// A line that receipts do not have.
    #[error("{0:?} is an unknown line")]
    UnknownLine(String),
    /// A line is not there, or not in its place.
    #[error("the line `{0}` is missing")]
    MissingLine(&'static str),
    /// A line is there twice.
    #[error("the line `{0}` is repeated")]
    RepeatedLine(&'static str),
    /// The value of a line is malformed or not in its one canonical spelling.
    #[error("the value of `{0}` is malformed")]
    Value(&'static str),
    /// The view is at fault.
    #[error("the view is malformed")]
    View(#[from] ViewError),
    /// The note with the checkpoint is malformed.
    #[error("the signed checkpoint is malformed")]
    Note(#[from] NoteError),
    /// The checkpoint is not to be trusted.
    #[error("the checkpoint is not trustworthy")]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is that of another log.
    #[error("the receipt is of the log {log}, its checkpoint of {origin}")]
    OtherLog {
        /// The log of the receipt.
        log: Origin,
        /// The log of the checkpoint.
        origin: Origin,
    },
    /// What the receipt says is not in the log.
    #[error("what the receipt says is not in the log at this index")]
    NotInLog(#[from] ProofError),
}

/// The lines `key: value` at the head of a receipt.
const HEAD: [&str; 9] =
    ["log", "event", "type", "time", "version", "view-salt", "data-digest", "row-digest", "index"];

impl Receipt {
    /// The leaf that the receipt claims to be in the log.
    pub fn leaf(&self) -> Leaf {
        Leaf {
            log: self.log.clone(),
            event_id: self.event_id,
            event_type: self.event_type.clone(),
            time: self.time,
            version: self.version,
            view: commit(&self.view_salt, self.view.to_string().as_bytes()),
            data: self.data,
            row: self.row,
        }
    }

    /// Checks that the log of the receipt has signed a checkpoint with exactly this content.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Verified, ReceiptError> {
        let opened = Checkpoint::open(&self.checkpoint, keys)?;
        let Checkpoint { origin, size, root } = &opened.checkpoint;
        if *origin != self.log {
            let (log, origin) = (self.log.clone(), origin.clone());
            return Err(ReceiptError::OtherLog { log, origin });
        }
        verify_inclusion(&self.leaf().hash(), self.index, *size, &self.path, root)?;
        Ok(Verified { index: self.index, opened })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let values: [&dyn Display; 9] = [
            &self.log,
            &self.event_id,
            &self.event_type,
            &time_text(self.time),
            &self.version,
            &Hash(self.view_salt.0),
            &self.data,
            &self.row,
            &self.index,
        ];
        let mut text = format!("{FORMAT}\n");
        for (key, value) in HEAD.iter().zip(values) {
            writeln!(text, "{key}: {value}").expect("a string takes any text");
        }
        write!(text, "\nview\n{}\npath\n", self.view).expect("a string takes any text");
        for hash in &self.path {
            writeln!(text, "{hash}").expect("a string takes any text");
        }
        text + &format!("\ncheckpoint\n{}", self.checkpoint)
    }

    /// Reads the text of a file. Two texts never give the same receipt.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        let rest = text.strip_prefix(FORMAT).and_then(|rest| rest.strip_prefix('\n'));
        let (head, rest) = section(rest.ok_or(ReceiptError::Format)?, "view")?;
        let (view, rest) = section(rest, "path")?;
        let (path, checkpoint) = section(rest, "checkpoint")?;

        let [log, event, kind, time, version, salt, data, row, index] = head_values(head)?;
        Ok(Self {
            log: value("log", log)?,
            event_id: value("event", event)?,
            event_type: value("type", kind)?,
            time: time
                .parse()
                .ok()
                .filter(|parsed| time_text(*parsed) == time)
                .ok_or(ReceiptError::Value("time"))?,
            version: value("version", version)?,
            view_salt: Salt(value::<Hash>("view-salt", salt)?.0),
            data: value("data-digest", data)?,
            row: value("row-digest", row)?,
            index: value("index", index)?,
            view: view.parse()?,
            path: path
                .split_terminator('\n')
                .map(|hash| value("path", hash))
                .collect::<Result<_, _>>()?,
            checkpoint: checkpoint.parse()?,
        })
    }
}

/// Cuts at the empty line and title with which a section begins; the part before it is empty or
/// ends with a line feed.
fn section<'t>(text: &'t str, title: &'static str) -> Result<(&'t str, &'t str), ReceiptError> {
    let cut = format!("\n{title}\n");
    text.split_once(&cut)
        .filter(|(before, _)| before.is_empty() || before.ends_with('\n'))
        .ok_or(ReceiptError::MissingLine(title))
}

fn head_values(head: &str) -> Result<[&str; 9], ReceiptError> {
    let mut values = [""; 9];
    let mut next = 0;
    for line in head.split_terminator('\n') {
        let unknown = || ReceiptError::UnknownLine(line.to_owned());
        let (key, value) = line.split_once(": ").ok_or_else(unknown)?;
        let place = HEAD.iter().position(|known| *known == key).ok_or_else(unknown)?;
        if place < next {
            return Err(ReceiptError::RepeatedLine(HEAD[place]));
        }
        if place > next {
            return Err(ReceiptError::MissingLine(HEAD[next]));
        }
        values[place] = value;
        next += 1;
    }
    if next < HEAD.len() { Err(ReceiptError::MissingLine(HEAD[next])) } else { Ok(values) }
}

/// Reads a value that is spelt exactly as it would be written.
fn value<T: FromStr + Display>(line: &'static str, text: &str) -> Result<T, ReceiptError> {
    text.parse()
        .ok()
        .filter(|parsed: &T| parsed.to_string() == text)
        .ok_or(ReceiptError::Value(line))
}

fn time_text(time: jiff::Timestamp) -> String {
    format!("{time:.6}")
}
