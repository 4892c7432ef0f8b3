//! Records of interference (干预过问记录), apart from clues, events, deadlines and audit.
//!
//! Each record continues a chain of its bureau, which no other log knows of. They do not pass through the command path of the house: that one keeps the caller's request
//! where others can see that there was one.

use gongxin_accountability_domain::{
    FieldError, Interference, Officer, Problem, Refusal, check_prose, check_short,
};
use gongxin_eventing::{Db, Scope, Ts, reasons::REQUEST_ID_REUSED};
use gongxin_kernel::{BureauCode, Canonical, Fault, RequestId, Staff, new_uuid};
use gongxin_transparency::Hash;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::store::interference as store;

/// Name of every transaction here; it does not say what is done.
const APART: &str = "apart";

/// What the officer who met it tells.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) kind: Interference,
    /// Name, unit and post as known.
    pub(crate) who: String,
    pub(crate) happened_at: Timestamp,
    /// Where and by which channel.
    pub(crate) channel: String,
    pub(crate) case_number: Option<String>,
    /// The words or the instruction.
    pub(crate) words: String,
    /// What the officer answered, and who witnessed it.
    pub(crate) answer: String,
}

/// An account as it was recorded.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    pub(crate) account: Account,
    pub(crate) by: Officer,
    pub(crate) at: Timestamp,
    /// Its place in the chain.
    pub(crate) at_link: Link,
}

/// Where a chain stands: number and digest of its last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) no: i64,
    pub(crate) digest: [u8; 32],
}

impl Link {
    /// Before the first record.
    pub(crate) const START: Self = Self { no: 0, digest: [0; 32] };

    /// As people and contracts write it.
    pub(crate) fn proof(&self) -> String {
        format!("{:x}", Hash(self.digest))
    }
}

/// Records as discipline inspection reads them.
#[derive(Debug)]
pub(crate) struct Records {
    /// Newest first.
    pub(crate) newest: Vec<Record>,
    /// Whether every record stands in the chain as it was made.
    pub(crate) intact: bool,
}

impl Record {
    /// The place in the chain of a record that comes after `before`.
    fn link(
        bureau: &BureauCode,
        before: &Link,
        record: (Uuid, &Account, &Officer, Timestamp),
    ) -> Link {
        let (id, account, by, at) = record;
        let no = before.no + 1;
        let form = Canonical::new("gongxin.interference.v1")
            .field("before", before.digest)
            .field("bureau", bureau.as_str())
            .field("no", no.to_be_bytes())
            .field("id", id.as_bytes())
            .field("police_number", &by.police_number)
            .field("officer", &by.name)
            .field("unit", by.unit.code.as_str())
            .field("unit_name", &by.unit.name)
            .instant("recorded_at", at)
            .field("kind", account.kind.code())
            .field("who", &account.who)
            .instant("happened_at", account.happened_at)
            .field("channel", &account.channel)
            .optional("case_number", account.case_number.as_ref())
            .field("words", &account.words)
            .field("answer", &account.answer);
        Link { no, digest: Sha256::digest(form.finish()).into() }
    }
}

/// Whether these records, oldest first, are all that were made, up to `head`.
fn is_intact(bureau: &BureauCode, records: &[Record], head: Link) -> bool {
    let mut before = Link::START;
    for Record { id, account, by, at, at_link } in records {
        if Record::link(bureau, &before, (*id, account, by, *at)) != *at_link {
            return false;
        }
        before = *at_link;
    }
    before == head
}

/// Most records in one answer.
const MOST: usize = 200;

impl Account {
    fn check(&self, now: Timestamp) -> Result<(), Refusal> {
        let mut errors: Vec<FieldError> = Vec::new();
        errors.extend(check_short("who", &self.who).err().unwrap_or_default());
        errors.extend(check_short("channel", &self.channel).err().unwrap_or_default());
        if let Some(case_number) = &self.case_number {
            errors.extend(check_short("case_number", case_number).err().unwrap_or_default());
        }
        errors.extend(check_prose("words", &self.words).err().unwrap_or_default());
        errors.extend(check_prose("answer", &self.answer).err().unwrap_or_default());
        if self.happened_at > now {
            errors.push(FieldError { field: "happened_at", problem: Problem::InFuture });
        }
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
    }
}

/// Records an account; the same request id with the same content gives the same record.
///
/// # Errors
/// `CLUE_INVALID`, `REQUEST_ID_REUSED`.
pub(crate) async fn record(
    db: &Db,
    staff: &Staff,
    request_id: RequestId,
    digest: [u8; 32],
    account: Account,
) -> Result<(Uuid, Link), Fault> {
    let by = Officer::from(staff);
    let bureau = staff.bureau.clone();
    db.transaction(APART, Scope::Bureau(bureau.clone()), move |tx| {
        let (by, account, bureau) = (by.clone(), account.clone(), bureau.clone());
        Box::pin(async move {
            tx.lock(vec![request_id.0]).await?;
            store::as_officer(tx.conn(), &by.police_number).await?;
            if let Some((id, link, was)) = store::find(tx.conn(), request_id.0).await? {
                let other = "was used with other content";
                let refused = || Fault::field(&REQUEST_ID_REUSED, "request_id", other);
                return if was == digest { Ok((id, link)) } else { Err(refused()) };
            }
            let at = tx.at();
            account.check(at)?;
            let id = new_uuid();
            let before = store::lock_head(tx.conn(), &bureau).await?;
            let at_link = Record::link(&bureau, &before, (id, &account, &by, at));
            let record = Record { id, account, by, at, at_link };
            store::insert(tx.conn(), &bureau, (request_id.0, &digest), &record).await?;
            store::move_head(tx.conn(), &bureau, at_link).await?;
            Ok((id, at_link))
        })
    })
    .await
}

/// The records of the reader's bureau. The caller has checked the power.
pub(crate) async fn read(db: &Db, staff: &Staff) -> Result<Records, Fault> {
    let (reader, bureau) = (staff.police_number.clone(), staff.bureau.clone());
    db.transaction(APART, Scope::Bureau(bureau.clone()), move |tx| {
        let (reader, bureau) = (reader.clone(), bureau.clone());
        Box::pin(async move {
            store::as_discipline(tx.conn()).await?;
            let at = Ts(tx.at());
            // The head first, and held: no record can come between it and the reading.
            let head = store::lock_head(tx.conn(), &bureau).await?;
            let mut records = store::read(tx.conn(), &bureau, &reader, at).await?;
            let intact = is_intact(&bureau, &records, head);
            records.reverse();
            records.truncate(MOST);
            Ok(Records { newest: records, intact })
        })
    })
    .await
}
