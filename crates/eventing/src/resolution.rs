//! What an operator does about a message in quarantine.

use gongxin_kernel::{Fault, Kind};
use gongxin_proto::operations::v1::Envelope;
use prost::Message as _;

use crate::consumer::{Delivery, Following, react};
use crate::store::{OrFault as _, cursors, quarantine};
use crate::{Db, Scope, Tx, reasons};

/// Applies an open quarantined message and those parked behind it, or closes it unapplied and
/// applies those behind it. The first of those that cannot be applied takes its place.
/// Gives how many left quarantine.
pub(crate) async fn resolve(
    db: &Db,
    following: &Following,
    sequence: u64,
    apply: bool,
    why: &str,
) -> Result<u32, Fault> {
    let (following, why) = (following.clone(), why.to_owned());
    db.transaction("resolve_quarantined", Scope::Call, move |tx| {
        let (following, why) = (following.clone(), why.clone());
        Box::pin(async move {
            let source = &following.log_id;
            // The consumer holds its cursor while it parks: none is parked behind our back.
            cursors::lock(tx.conn(), source).await?;
            let events = queue(tx, source, sequence).await?;
            tx.lock(events.iter().flat_map(|e| following.reactions.aggregates(e)).collect())
                .await?;
            let mut resolved = 0;
            for event in &events {
                let is_head = event.sequence == sequence;
                let mut state = "applied";
                if is_head && !apply {
                    state = "closed";
                } else if is_head {
                    react(tx, &following, event, Delivery::Replayed).await?;
                } else if let Some(reason) = try_react(tx, &following, event).await? {
                    quarantine::head(tx.conn(), source, event.sequence, reason).await?;
                    break;
                }
                quarantine::close(tx.conn(), source, event.sequence, state, &why).await?;
                resolved += 1;
            }
            Ok(resolved)
        })
    })
    .await
}

/// The message at `sequence` and those parked behind it, in order.
async fn queue(tx: &mut Tx, source: &str, sequence: u64) -> Result<Vec<Envelope>, Fault> {
    let bytes = quarantine::with_parked(tx.conn(), source, sequence).await?;
    if bytes.is_empty() {
        return Err(Fault::new(&reasons::QUARANTINE_NOT_FOUND));
    }
    let decode = |bytes: &Vec<u8>| Envelope::decode(&**bytes);
    bytes
        .iter()
        .map(decode)
        .collect::<Result<_, _>>()
        .map_err(|e| Fault::new(&reasons::EVENT_UNREADABLE).caused_by(e))
}

/// Applies `event`, or leaves no trace of it and gives the reason.
async fn try_react(
    tx: &mut Tx,
    following: &Following,
    event: &Envelope,
) -> Result<Option<&'static str>, Fault> {
    sqlx::query("savepoint parked").execute(tx.conn()).await.or_fault()?;
    match react(tx, following, event, Delivery::Replayed).await {
        Ok(()) => Ok(None),
        Err(fault) if fault.reason.kind == Kind::Unavailable => Err(fault),
        Err(fault) => {
            sqlx::query("rollback to savepoint parked").execute(tx.conn()).await.or_fault()?;
            Ok(Some(fault.reason.code))
        }
    }
}
