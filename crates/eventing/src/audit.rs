//! The chain of who read personal data: its head goes into the log, and anybody may check it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use gongxin_kernel::{BureauCode, Canonical, Fault, Revision};
use gongxin_proto::operations::v1::AuditHead;
use gongxin_transparency::View;
use prost::Message as _;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::lease::Fence;
use crate::runtime::LogSetup;
use crate::store::{audit, events};
use crate::{Db, NewEvent, Scope, Tx, reasons};

/// How long a forger has at most before an entry is fixed by the log.
const EVERY: Duration = Duration::from_hours(1);
const RETRY: Duration = Duration::from_secs(10);

/// Recomputes the audit chain of `bureau` and gives the number of the first entry that does not
/// continue the one before it or is not what the log says of it, or nothing when the chain is
/// whole. What was cut off or written anew since the newest head in the log is not seen.
pub async fn verify_audit(db: &Db, bureau: &BureauCode) -> Result<Option<u64>, Fault> {
    let mut moment = db.moment("audit_check").await?;
    Ok(check_chain(moment.machine.conn(), bureau).await?.broken_at)
}

/// A chain of reads as it was found.
pub(crate) struct Chain {
    /// How many entries it has, as far as they are whole.
    pub(crate) entries: u64,
    /// The first entry that is not what it was.
    pub(crate) broken_at: Option<u64>,
}

/// Recomputes the chain of `bureau` in a transaction that sees one moment.
pub(crate) async fn check_chain(
    conn: &mut PgConnection,
    bureau: &BureauCode,
) -> Result<Chain, Fault> {
    let entered = events::contents(conn, aggregate(bureau)).await?;
    let head = |data: Vec<u8>| decode(&data).map(|head| (head.entries, head.hash));
    // A head that cannot be read is an event that differs from its leaf, which is told of there.
    let heads: BTreeMap<u64, Vec<u8>> =
        entered.into_iter().filter_map(|it| head(it).ok()).collect();
    let (mut last, mut hash) = (0, vec![0; 32]);
    loop {
        match audit::check(conn, bureau, last, hash, &heads).await? {
            Err(broken) => {
                return Ok(Chain { entries: last.unsigned_abs(), broken_at: Some(broken) });
            }
            Ok((next, _)) if next == last => break,
            Ok(next) => (last, hash) = next,
        }
    }
    let entries = last.unsigned_abs();
    let is_cut = heads.last_key_value().is_some_and(|(entered, _)| *entered > entries);
    Ok(Chain { entries, broken_at: is_cut.then_some(entries + 1) })
}

/// Enters the heads at once and then every hour, while the fence holds.
pub(crate) async fn enter_heads(db: &Db, setup: &LogSetup, fence: Fence) {
    while !fence.over.is_cancelled() {
        let mut pause = EVERY;
        for bureau in setup.bureaus() {
            if let Err(fault) = enter_head(db, bureau, &fence).await {
                tracing::warn!(bureau, error = %fault, cause = fault.cause(), "audit head not entered");
                pause = RETRY;
            }
        }
        tokio::select! {
            () = fence.over.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Appends the head of one bureau's chain as an event, unless it is in the log already.
async fn enter_head(db: &Db, bureau: &str, fence: &Fence) -> Result<(), Fault> {
    let bureau: BureauCode =
        bureau.parse().map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
    let fence = fence.clone();
    db.transaction("audit_head", Scope::All, move |tx| {
        let (bureau, fence) = (bureau.clone(), fence.clone());
        Box::pin(async move {
            fence.check(tx).await?;
            tx.act_for(bureau.clone(), "system".to_owned());
            let aggregate = aggregate(&bureau);
            tx.lock(vec![aggregate]).await?;
            let Some((no, hash)) = audit::head(tx.conn(), &bureau).await? else { return Ok(()) };
            let head = AuditHead { bureau: bureau.to_string(), entries: no.unsigned_abs(), hash };
            append(tx, aggregate, &head).await
        })
    })
    .await
}

async fn append(tx: &mut Tx, aggregate: Uuid, head: &AuditHead) -> Result<(), Fault> {
    let mut version = Revision(1);
    if let Some((newest, data)) = events::newest(tx.conn(), aggregate).await? {
        if decode(&data)?.entries >= head.entries {
            return Ok(()); // nothing was read since
        }
        version = Revision(newest.unsigned_abs()).next();
    }
    let hash = head.hash.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes any text");
        text
    });
    let entries = head.entries.to_string();
    let view = View::new([("bureau", head.bureau.clone()), ("entries", entries), ("hash", hash)])
        .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
    let row = Canonical::new("gongxin.audit_head.v1")
        .field("bureau", &head.bureau)
        .field("entries", head.entries.to_be_bytes())
        .field("hash", &head.hash)
        .finish();
    tx.append(NewEvent::new(aggregate, version, "audit.head", head, view, &row)).await
}

fn decode(data: &[u8]) -> Result<AuditHead, Fault> {
    AuditHead::decode(data).map_err(|e| Fault::new(&reasons::EVENT_UNREADABLE).caused_by(e))
}

/// How many heads of these bureaus' chains are in the log.
pub(crate) async fn heads(tx: &mut Tx, bureaus: &[String]) -> Result<u64, Fault> {
    let mut count = 0;
    for bureau in bureaus {
        let bureau: BureauCode =
            bureau.parse().map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
        let newest = events::newest(tx.conn(), aggregate(&bureau)).await?;
        count += newest.map_or(0, |(version, _)| u64::from(version.unsigned_abs()));
    }
    Ok(count)
}

/// The chain of a bureau as an aggregate: every replica must find the same id.
fn aggregate(bureau: &BureauCode) -> Uuid {
    let digest = Sha256::digest(format!("audit chain of {bureau}"));
    let bytes = digest.first_chunk().expect("a digest has 32 bytes");
    uuid::Builder::from_custom_bytes(*bytes).into_uuid()
}
