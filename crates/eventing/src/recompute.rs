//! A law that changes moves what runs: periods that another law has computed are computed again.
//!
//! The law of a service is that of the replica that started last. A period that is over stays as
//! it was; so does a person's own time that a later law would cut short after it was told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use gongxin_kernel::Fault;
use gongxin_law::{Basis, Facts};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::db::to_microseconds;
use crate::store::laws::{self, Row};
use crate::{Db, Deadlines, Scope, Tx, reasons};

/// A replica of an older release may still start periods by its law.
const POLL: Duration = Duration::from_secs(5);
/// After so many looks what could not be computed is tried again.
const LOOKS: u32 = 12;
/// How many are computed in one look.
const LOOK: i64 = 1000;
/// How many are moved in one transaction: few enough that nobody waits long for its locks.
const TOGETHER: usize = 200;
/// How many transactions run at once. With those of the deadlines they are more than the loops have
/// connections: then one waits for another.
const AT_ONCE: usize = 4;

/// A running period to be computed again.
#[derive(Clone, Debug)]
pub struct Stale {
    /// Whose period it is.
    pub aggregate: Uuid,
    /// Rule id in the law engine.
    pub rule: String,
    /// What of the aggregate it is about.
    pub subject: Uuid,
    /// What of the law has changed, in Chinese.
    pub reason: String,
}

/// A period that is another now, and its bureau.
#[derive(Clone, Debug)]
struct Moved {
    /// Its id, its basis and its end when it was looked at: what was decided then holds for no other.
    seen: (Uuid, String, Timestamp),
    bureau: String,
    stale: Stale,
}

/// Those of one aggregate.
type Whole = Vec<Moved>;

/// Makes the law of `db` that of the service.
pub(crate) async fn enter(db: &Db) -> Result<(), Fault> {
    let content = serde_json::to_string(&db.law().basis()).map_err(broken)?;
    let basis = Arc::clone(db.basis());
    db.transaction("enter_law", Scope::All, move |tx| {
        let (basis, content) = (Arc::clone(&basis), content.clone());
        Box::pin(async move { laws::enter(tx.conn(), &basis, &content).await })
    })
    .await
}

/// Looks until `over`, at one replica of each law.
pub(crate) async fn run(db: &Db, handler: Arc<dyn Deadlines>, over: CancellationToken) {
    let mut failed = BTreeSet::new();
    let mut looks = 0;
    while !over.is_cancelled() {
        match look(db, &handler, &mut failed).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(fault) => tracing::warn!(error = %fault, "stale periods not read"),
        }
        looks += 1;
        if looks % LOOKS == 0 {
            failed.clear();
        }
        tokio::select! {
            () = over.cancelled() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// What was found in one look.
#[derive(Default)]
struct Look {
    /// How many there were.
    found: usize,
    /// Those whose period is another now, with the reason.
    moved: Vec<(Row, String)>,
    /// Those that this law cannot compute.
    failed: Vec<Uuid>,
}

/// Computes some again; gives how many there were, none when this is not the service's law.
async fn look(
    db: &Db,
    handler: &Arc<dyn Deadlines>,
    failed: &mut BTreeSet<Uuid>,
) -> Result<usize, Fault> {
    let except: Arc<[Uuid]> = failed.iter().copied().collect();
    let this = db.clone();
    let look = db.transaction("recompute_look", Scope::All, move |tx| {
        let (db, except) = (this.clone(), Arc::clone(&except));
        Box::pin(async move { compute(&db, tx, &except).await })
    });
    let look = look.await?;
    failed.extend(&look.failed);

    let mut moved: BTreeMap<Uuid, Whole> = BTreeMap::new();
    for (row, reason) in look.moved {
        let Row { id, bureau, aggregate, rule, subject, basis, due_at, .. } = row;
        let stale = Stale { aggregate, rule, subject, reason };
        moved.entry(aggregate).or_default().push(Moved {
            seen: (id, basis, due_at.0),
            bureau,
            stale,
        });
    }
    let mut moved = moved.into_values().peekable();
    let mut chunks: Vec<Vec<Whole>> = Vec::new();
    while moved.peek().is_some() {
        chunks.push(moved.by_ref().take(TOGETHER).collect());
    }
    let attempts = futures::stream::iter(chunks).map(|chunk| together(db, handler, chunk));
    let left: Vec<Vec<Uuid>> = attempts.buffer_unordered(AT_ONCE).collect().await;
    failed.extend(left.into_iter().flatten());
    Ok(look.found)
}

/// Moves the periods of these aggregates; gives those that could not be moved.
async fn together(db: &Db, handler: &Arc<dyn Deadlines>, chunk: Vec<Whole>) -> Vec<Uuid> {
    if recompute(db, handler, chunk.concat()).await.is_ok() {
        return Vec::new();
    }
    // One that cannot be moved keeps no other from it.
    let mut left = Vec::new();
    for one in chunk {
        let ids: Vec<Uuid> = one.iter().map(|moved| moved.seen.0).collect();
        let aggregate = one[0].stale.aggregate;
        if let Err(fault) = recompute(db, handler, one).await {
            tracing::error!(aggregate.id = %aggregate, error = %fault, cause = fault.cause(), "a period was not computed again");
            left.extend(ids);
        }
    }
    left
}

/// Computes each and lets those stand that come out the same.
async fn compute(db: &Db, tx: &mut Tx, except: &[Uuid]) -> Result<Look, Fault> {
    let basis = Arc::clone(db.basis());
    if laws::latest(tx.conn()).await?.as_deref() != Some(&*basis) {
        return Ok(Look::default());
    }
    let now = tx.at();
    let rows = laws::stale(tx.conn(), &basis, now, except, LOOK).await?;
    let mut look = Look { found: rows.len(), ..Look::default() };
    let mut reasons = BTreeMap::new();
    let mut same = Vec::new();
    for row in rows {
        match is_same(db, &row) {
            Ok(true) => same.push(row.id),
            Ok(false) => {
                if !reasons.contains_key(&row.basis) {
                    let before = laws::content(tx.conn(), &row.basis).await?.unwrap_or_default();
                    reasons.insert(row.basis.clone(), reason(db, &before));
                }
                let reason = reasons[&row.basis].clone();
                look.moved.push((row, reason));
            }
            Err(fault) => {
                tracing::error!(deadline.id = %row.id, aggregate.id = %row.aggregate, error = %fault, cause = fault.cause(), "a running period has no end by this law");
                look.failed.push(row.id);
            }
        }
    }
    if !same.is_empty() {
        laws::agree(tx.conn(), &basis, &same).await?;
    }
    Ok(look)
}

/// What the law of `db` has that the one stored as `before` had not; one that this program cannot
/// read any more is another one, and stops nobody.
fn reason(db: &Db, before: &str) -> String {
    match serde_json::from_str::<Basis>(before) {
        Ok(before) => db.law().basis().differs_from(&before).zh,
        Err(error) => {
            tracing::warn!(%error, "an earlier law cannot be read");
            "期限规则有新版本".to_owned()
        }
    }
}

/// Whether the law of `db` leaves the period as it is.
fn is_same(db: &Db, row: &Row) -> Result<bool, Fault> {
    let facts: Facts = serde_json::from_str(&row.facts).map_err(broken)?;
    let (rule, due) = db.law().again(&row.rule, row.started_at.0, &facts).map_err(broken)?;
    let (at, warn_at) = (to_microseconds(due.at), to_microseconds(due.warn_at));
    // Somebody was told how long he may ask: a law that comes later takes nothing of that away.
    let kept = rule.right && at < row.due_at.0;
    let same = at == row.due_at.0
        && row.warn_at.is_none_or(|warned| warned.0 == warn_at)
        && row.assumed == due.assumed
        && row.rule_version == rule.version()
        && row.explained == due.render_zh();
    Ok(kept || same)
}

/// Moves these, which are of whole aggregates, in one transaction.
async fn recompute(
    db: &Db,
    handler: &Arc<dyn Deadlines>,
    periods: Vec<Moved>,
) -> Result<(), Fault> {
    let span = tracing::info_span!(
        parent: None, "recompute", otel.name = "recompute", periods = periods.len()
    );
    let (handler, basis) = (Arc::clone(handler), Arc::clone(db.basis()));
    let periods: Arc<[Moved]> = periods.into();
    let work = db.transaction("recompute", Scope::All, move |tx| {
        let (handler, basis) = (Arc::clone(&handler), Arc::clone(&basis));
        let periods = Arc::clone(&periods);
        Box::pin(async move {
            tx.lock(periods.iter().map(|moved| moved.stale.aggregate).collect()).await?;
            // Another replica may have brought a newer law since the look.
            if laws::latest(tx.conn()).await?.as_deref() != Some(&*basis) {
                return Ok(());
            }
            let seen: Vec<_> = periods.iter().map(|moved| moved.seen.clone()).collect();
            let at = tx.at();
            let open = laws::still_stale(tx.conn(), at, &seen).await?;
            tx.gather();
            for Moved { bureau, stale, .. } in periods.iter().filter(|of| open.contains(&of.seen.0))
            {
                tx.act_for(bureau.parse().map_err(broken)?, format!("law:{basis}"));
                handler.recompute(tx, stale).await?;
            }
            tx.write_gathered().await?;
            laws::agree(tx.conn(), &basis, &open).await
        })
    });
    work.instrument(span).await
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error)
}
