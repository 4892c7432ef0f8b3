//! What an operator does about a message in quarantine.

use gongxin_kernel::Fault;
use gongxin_proto::operations::v1::Envelope;

use crate::consumer::{Delivery, Following, react};
use crate::store::quarantine;
use crate::{Db, Scope, reasons};

/// Applies an open quarantined message and those parked behind it, or closes it unapplied.
/// Gives how many left quarantine.
pub(crate) async fn resolve(
    db: &Db,
    following: &Following,
    sequence: u64,
    apply: bool,
    why: &str,
) -> Result<u32, Fault> {
    let (following, why) = (following.clone(), why.to_owned());
    db.transaction("resolve_quarantined", Scope::All, move |tx| {
        let (following, why) = (following.clone(), why.clone());
        Box::pin(async move {
            let source = &following.log_id;
            let bytes = quarantine::with_parked(tx.conn(), source, sequence).await?;
            if bytes.is_empty() {
                return Err(Fault::new(&reasons::QUARANTINE_NOT_FOUND));
            }
            let mut events = Vec::with_capacity(bytes.len());
            for bytes in &bytes {
                let event: Envelope = prost::Message::decode(&**bytes)
                    .map_err(|e| Fault::new(&reasons::EVENT_UNREADABLE).caused_by(e))?;
                events.push(event);
            }
            tx.lock(events.iter().flat_map(|e| following.reactions.aggregates(e)).collect())
                .await?;
            let mut resolved = 0;
            for event in &events {
                let closes_unapplied = !apply && event.sequence == sequence;
                if !closes_unapplied {
                    react(tx, &following, event, Delivery::Replayed).await?;
                }
                let state = if closes_unapplied { "closed" } else { "applied" };
                quarantine::close(tx.conn(), source, event.sequence, state, &why).await?;
                resolved += 1;
            }
            Ok(resolved)
        })
    })
    .await
}
