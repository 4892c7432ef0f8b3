//! The append-only file of what was received, decided and sent: one JSON record a line.
//!
//! A record counts from its line feed on, and is on disk before anybody hears of it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message;
use serde::{Deserialize, Serialize};

/// How long a former process of the same journal may take to be gone.
const TRIES: u32 = 50;
const BETWEEN: Duration = Duration::from_millis(20);

/// One thing that has happened. Messages stand in it as base64 of their bytes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Record {
    /// An envelope was received, and this receipt given.
    Received { request: String, receipt: String, traceparent: String, tracestate: String },
    /// The envelope `key` is answered by this one.
    Decided { key: String, answer: String },
    /// The answer to the envelope `key` was receipted.
    Delivered { key: String, receipt: String },
    /// The court judged on what was prosecuted out of the envelope `key`.
    Judged { key: String, judgment: String },
    /// The judgment on it was receipted.
    JudgmentDelivered { key: String, receipt: String },
    /// An envelope that needs no decision was received, and this receipt given.
    Kept { request: String, receipt: String },
    /// A notice to correct a violation was issued.
    Issued { notice: String },
    /// The notice in the envelope `key` was receipted.
    Receipted { key: String, receipt: String },
}

/// A message as it stands in a record.
pub(crate) fn pack(message: &impl Message) -> String {
    STANDARD.encode(message.encode_to_vec())
}

/// The message of a record.
///
/// # Errors
/// When `text` is none.
pub(crate) fn unpack<M: Message + Default>(text: &str) -> anyhow::Result<M> {
    Ok(M::decode(&*STANDARD.decode(text)?)?)
}

/// The open file; this process alone writes it.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    /// Where the last whole record ends.
    end: u64,
}

impl Journal {
    /// Opens the file, or makes it, readable by its owner alone: envelopes name persons. Gives
    /// the records in it; what stands behind the last line feed was never confirmed and goes.
    ///
    /// # Errors
    /// When another process has it open, or a whole line is no record.
    pub(crate) async fn open(path: &Path) -> anyhow::Result<(Self, Vec<Record>)> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        lock(&file).await?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let records = text[..end]
            .split_inclusive(|byte| *byte == b'\n')
            .enumerate()
            .map(|(index, line)| {
                serde_json::from_slice(line).with_context(|| format!("line {}", index + 1))
            })
            .collect::<anyhow::Result<_>>()?;
        let journal = Self { file, end: end as u64 };
        journal.file.set_len(journal.end)?;
        journal.file.sync_all()?;
        File::open(path.canonicalize()?.parent().context("a file has a folder")?)?.sync_all()?;
        Ok((journal, records))
    }

    /// Writes one more record down; it is on disk when this returns.
    ///
    /// # Errors
    /// When it is not; the next record takes its place.
    pub(crate) fn append(&mut self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        // Whatever a failed append has left must not follow a shorter record.
        self.file.set_len(self.end)?;
        self.file.write_all_at(&line, self.end)?;
        self.file.sync_data()?;
        self.end += line.len() as u64;
        Ok(())
    }
}

async fn lock(file: &File) -> anyhow::Result<()> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(BETWEEN).await,
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
    bail!("another process has it open")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::path::PathBuf;

    use super::*;

    fn record(key: &str) -> Record {
        Record::Decided { key: key.into(), answer: "QQ==".into() }
    }

    fn path() -> PathBuf {
        std::env::temp_dir().join(format!("gongxin-journal-{}", gongxin_kernel::new_uuid()))
    }

    async fn reopened(path: &Path) -> Vec<Record> {
        Journal::open(path).await.unwrap().1
    }

    #[tokio::test]
    async fn a_torn_tail_is_dropped_and_written_over() {
        let path = path();
        let (mut journal, records) = Journal::open(&path).await.unwrap();
        assert_eq!(records, []);
        journal.append(&record("one")).unwrap();
        drop(journal);
        let torn = format!(r#"{{"what":"decided","key":"two","answer":"{}"#, "A".repeat(300));
        OpenOptions::new().append(true).open(&path).unwrap().write_all(torn.as_bytes()).unwrap();

        let (mut journal, records) = Journal::open(&path).await.unwrap();
        assert_eq!(records, [record("one")]);
        journal.append(&record("three")).unwrap();
        drop(journal);

        assert_eq!(reopened(&path).await, [record("one"), record("three")]);
        std::fs::remove_file(path).unwrap();
    }

    #[tokio::test]
    async fn a_record_that_was_not_confirmed_gives_its_place_to_the_next() {
        let path = path();
        let (mut journal, _) = Journal::open(&path).await.unwrap();
        // What is left when the disk takes a record and then fails to confirm it.
        let mut line = serde_json::to_vec(&record(&"long".repeat(9))).unwrap();
        line.push(b'\n');
        journal.file.write_all_at(&line, journal.end).unwrap();

        journal.append(&record("short")).unwrap();
        drop(journal);

        assert_eq!(reopened(&path).await, [record("short")]);
        std::fs::remove_file(path).unwrap();
    }

    #[tokio::test]
    async fn a_journal_damaged_before_its_end_is_refused_and_kept() {
        let path = path();
        let damaged =
            "{\"what\":\"decided\"}\n{\"what\":\"decided\",\"key\":\"k\",\"answer\":\"\"}\n";
        std::fs::write(&path, damaged).unwrap();

        let refused = Journal::open(&path).await.unwrap_err();

        assert_eq!(refused.to_string(), "line 1");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged);
        std::fs::remove_file(path).unwrap();
    }

    #[tokio::test]
    async fn two_processes_never_write_one_journal() {
        let path = path();
        let first = Journal::open(&path).await.unwrap();

        let refused = Journal::open(&path).await.unwrap_err();
        assert_eq!(refused.to_string(), "another process has it open");
        drop(first);

        assert_eq!(reopened(&path).await, []);
        std::fs::remove_file(path).unwrap();
    }
}
