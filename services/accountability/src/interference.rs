//! Records of interference (干预过问记录), apart from clues, events, deadlines and audit.
//!
//! They do not pass through the command path of the house: that one keeps the caller's request
//! where others can see that there was one.

use gongxin_accountability_domain::{
    FieldError, Interference, Officer, Problem, Refusal, check_prose, check_short,
};
use gongxin_eventing::{Db, Scope, Ts, reasons::REQUEST_ID_REUSED};
use gongxin_kernel::{Fault, RequestId, Staff, new_uuid};
use jiff::Timestamp;
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
}

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
) -> Result<Uuid, Fault> {
    let by = Officer::from(staff);
    let bureau = staff.bureau.clone();
    db.transaction(APART, Scope::Bureau(bureau.clone()), move |tx| {
        let (by, account, bureau) = (by.clone(), account.clone(), bureau.clone());
        Box::pin(async move {
            tx.lock(vec![request_id.0]).await?;
            store::as_officer(tx.conn(), &by.police_number).await?;
            if let Some((id, was)) = store::find(tx.conn(), request_id.0).await? {
                let other = "was used with other content";
                let refused = || Fault::field(&REQUEST_ID_REUSED, "request_id", other);
                return if was == digest { Ok(id) } else { Err(refused()) };
            }
            let at = tx.at();
            account.check(at)?;
            let record = Record { id: new_uuid(), account, by, at };
            store::insert(tx.conn(), &bureau, (request_id.0, &digest), &record).await?;
            Ok(record.id)
        })
    })
    .await
}

/// The records of the reader's bureau, newest first. The caller has checked the power.
pub(crate) async fn read(db: &Db, staff: &Staff) -> Result<Vec<Record>, Fault> {
    let (reader, bureau) = (staff.police_number.clone(), staff.bureau.clone());
    db.transaction(APART, Scope::Bureau(bureau.clone()), move |tx| {
        let (reader, bureau) = (reader.clone(), bureau.clone());
        Box::pin(async move {
            store::as_discipline(tx.conn()).await?;
            let at = Ts(tx.at());
            store::read(tx.conn(), &bureau, &reader, at).await
        })
    })
    .await
}
