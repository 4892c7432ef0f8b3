//! Follows another service's log: each event has its effect once, in order.
//!
//! The locked cursor is the inbox: what lies below it changes nothing. JetStream wakes the
//! consumer and brings the events; whatever it does not bring is replayed from the source. One
//! replica at a time follows a log.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::{self, consumer};
use futures::StreamExt as _;
use futures::future::BoxFuture;
use gongxin_kernel::{Fault, Kind};
use gongxin_proto::operations::v1::Envelope;
use tokio::time::{Instant, sleep_until};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::bus::{self, Bus};
use crate::lease::Fence;
use crate::store::cursors::{self, Cursor};
use crate::store::quarantine;
use crate::trace::TraceContext;
use crate::{Db, Scope, Tx, reasons};

/// Most events in one transaction.
const BATCH: usize = 500;
/// How often the consumer compares itself with the source, messages or not.
const COMPARE: Duration = Duration::from_secs(2);
/// A message that does not come within this time after a later one is replayed.
const GAP: Duration = Duration::from_millis(500);
const RETRY: Duration = Duration::from_millis(500);
/// How often a message is tried before it is set aside.
const TRIES: u32 = 3;

/// What a service does about others' facts.
pub trait Reactions: Send + Sync {
    /// Everything that applying `event` changes; locked before the batch's first write.
    fn aggregates(&self, event: &Envelope) -> Vec<Uuid> {
        event.aggregate.parse().into_iter().collect()
    }

    /// Applies one event in the consumer's transaction; `tx` speaks for the event's bureau.
    /// Types that mean nothing here are `Ok`. A fault that is not `Unavailable` sets the event
    /// aside after a few tries.
    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Envelope)
    -> BoxFuture<'t, Result<(), Fault>>;
}

/// Of a service that follows nobody.
impl Reactions for () {
    fn apply<'t>(&'t self, _: &'t mut Tx, _: &'t Envelope) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

/// The log of a source, read over gRPC.
pub trait LogSource: Send + Sync {
    /// Entries from sequence number `from` on, at most `limit`.
    fn replay(&self, from: u64, limit: u64) -> BoxFuture<'_, Result<Vec<Envelope>, Fault>>;
    /// Number of entries.
    fn size(&self) -> BoxFuture<'_, Result<u64, Fault>>;
}

/// One log that this service follows.
#[derive(Clone)]
pub(crate) struct Following {
    pub(crate) log_id: String,
    pub(crate) source: Arc<dyn LogSource>,
    pub(crate) reactions: Arc<dyn Reactions>,
}

/// Whether an event came as it happened or was fetched later.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Live,
    Replayed,
}

/// Runs while the fence holds.
pub(crate) async fn run(db: &Db, bus: &Bus, durable: &str, following: &Following, fence: Fence) {
    while !fence.over.is_cancelled() {
        // Asking a bus that is not there would only wait for its time-out.
        if bus.is_connected()
            && let Err(error) = follow(db, bus, durable, following, &fence).await
        {
            tracing::debug!(log = following.log_id, %error, "bus not followed, replaying instead");
        }
        // Without a bus the log is still followed, by replay alone.
        catch_up(db, following, &fence).await;
        tokio::select! {
            () = fence.over.cancelled() => {}
            () = tokio::time::sleep(RETRY) => {}
        }
    }
}

/// Reads the stream until it fails; applies what comes and fetches what does not.
async fn follow(
    db: &Db,
    bus: &Bus,
    durable: &str,
    following: &Following,
    fence: &Fence,
) -> Result<(), async_nats::Error> {
    let setup = async {
        let stream = bus.context().get_stream(bus.stream_name(&following.log_id)).await?;
        let config = consumer::pull::Config {
            durable_name: Some(durable.to_owned()),
            ack_policy: consumer::AckPolicy::Explicit,
            deliver_policy: consumer::DeliverPolicy::All,
            ack_wait: Duration::from_secs(30),
            max_ack_pending: 2000,
            max_deliver: -1,
            ..Default::default()
        };
        let consumer = stream.get_or_create_consumer(durable, config).await?;
        let messages = consumer
            .stream()
            .max_messages_per_batch(BATCH)
            .expires(Duration::from_secs(30))
            .heartbeat(Duration::from_secs(1))
            .messages()
            .await?;
        Ok::<_, async_nats::Error>(messages)
    };
    // A server that dies while it is asked gives no answer at all.
    let messages = tokio::select! {
        () = fence.over.cancelled() => return Ok(()),
        messages = tokio::time::timeout(Duration::from_secs(10), setup) => messages??,
    };
    let mut messages = messages.ready_chunks(BATCH);
    let mut compare = tokio::time::interval(COMPARE);
    let mut waiting: BTreeMap<u64, (Envelope, jetstream::Message)> = BTreeMap::new();
    // When to stop waiting for a message that should have come before those that wait.
    let mut patience: Option<Instant> = None;

    loop {
        let gap = sleep_until(patience.unwrap_or_else(Instant::now));
        tokio::select! {
            () = fence.over.cancelled() => return Ok(()),
            chunk = messages.next() => {
                let Some(chunk) = chunk else { return Ok(()) };
                for message in chunk {
                    let message = message?;
                    if let Some(event) = bus::envelope(&message) {
                        waiting.insert(event.sequence, (event, message));
                    } else {
                        tracing::warn!(subject = %message.subject, "a message of no log, ignored");
                        message.ack().await?;
                    }
                }
            }
            () = gap, if patience.is_some() => {
                patience = None;
                catch_up(db, following, fence).await;
            }
            _ = compare.tick() => {
                if waiting.is_empty() { catch_up(db, following, fence).await }
            }
        }
        let moved = deliver(db, following, fence, &mut waiting).await?;
        patience = match patience {
            _ if waiting.is_empty() => None,
            Some(until) if !moved => Some(until),
            _ => Some(Instant::now() + GAP),
        };
    }
}

/// Applies what is contiguous and acknowledges all that is applied; says whether anything was.
async fn deliver(
    db: &Db,
    following: &Following,
    fence: &Fence,
    waiting: &mut BTreeMap<u64, (Envelope, jetstream::Message)>,
) -> Result<bool, async_nats::Error> {
    if waiting.is_empty() {
        return Ok(false);
    }
    let events = waiting.values().take(BATCH).map(|(event, _)| event.clone()).collect();
    let Some(applied) = apply(db, following, fence, events, Delivery::Live).await else {
        return Ok(false);
    };
    let rest = waiting.split_off(&applied);
    let done = std::mem::replace(waiting, rest);
    let moved = !done.is_empty();
    for (_, message) in done.into_values() {
        message.ack().await?;
    }
    Ok(moved)
}

/// Fetches from the source whatever it has beyond the cursor.
async fn catch_up(db: &Db, following: &Following, fence: &Fence) {
    while !fence.over.is_cancelled() {
        match fetch(db, following).await {
            Ok(events) if events.is_empty() => return,
            Ok(events) => {
                if apply(db, following, fence, events, Delivery::Replayed).await.is_none() {
                    return;
                }
            }
            Err(fault) => {
                tracing::debug!(log = following.log_id, error = %fault, "source not compared");
                return;
            }
        }
    }
}

async fn fetch(db: &Db, following: &Following) -> Result<Vec<Envelope>, Fault> {
    let name = following.log_id.clone();
    let position = db
        .transaction("cursor", Scope::All, move |tx| {
            let name = name.clone();
            Box::pin(async move { cursors::position(tx.conn(), &name).await })
        })
        .await?;
    let size = following.source.size().await?;
    if size < position {
        tracing::error!(
            log = following.log_id,
            size,
            applied = position,
            "the source's log is shorter than what was applied of it; an operator must decide"
        );
        return Err(Fault::new(&reasons::LOG_FORKED));
    }
    if size == position {
        return Ok(Vec::new());
    }
    // One entry more, applied already, shows whether it is still the same log.
    let events = following.source.replay(position.saturating_sub(1), BATCH as u64).await?;
    let goes_on = events.last().is_some_and(|event| event.sequence >= position);
    Ok(if goes_on { events } else { Vec::new() })
}

/// Applies a batch; after a fault, one by one. Gives the new position, or nothing when the
/// batch must be tried again later.
async fn apply(
    db: &Db,
    following: &Following,
    fence: &Fence,
    events: Vec<Envelope>,
    delivery: Delivery,
) -> Option<u64> {
    let batch = Arc::new(events);
    match apply_once(db, following, fence, Arc::clone(&batch), delivery, None).await {
        Ok(position) => return Some(position),
        Err(fault) if must_wait(&fault, fence) => {
            tracing::debug!(log = following.log_id, error = %fault, "batch not applied yet");
            return None;
        }
        Err(_) => {}
    }
    let mut position = None;
    for event in batch.iter() {
        position = Some(apply_alone(db, following, fence, event, delivery).await?);
    }
    position
}

/// Applies one event, or sets it aside when it cannot be applied.
async fn apply_alone(
    db: &Db,
    following: &Following,
    fence: &Fence,
    event: &Envelope,
    delivery: Delivery,
) -> Option<u64> {
    let mut give_up = None;
    let mut tries = 0;
    loop {
        let one = Arc::new(vec![event.clone()]);
        match apply_once(db, following, fence, one, delivery, give_up).await {
            Ok(position) => return Some(position),
            // Also when setting aside fails: nothing is lost by trying again later.
            Err(fault) if must_wait(&fault, fence) || give_up.is_some() => return None,
            Err(fault) if fault.reason == &reasons::LOG_FORKED => {
                tracing::error!(
                    log = following.log_id,
                    "the source's log was replaced; an operator must decide"
                );
                return None;
            }
            Err(fault) => {
                tries += 1;
                if tries >= TRIES {
                    tracing::error!(
                        log = following.log_id, sequence = event.sequence, event.r#type = event.r#type,
                        error = %fault, cause = fault.cause(), "a message cannot be applied and is set aside"
                    );
                    give_up = Some(fault.reason.code);
                } else if fault.reason.kind == Kind::Stale {
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }
}

/// Whether the message is not to blame. A conflict may be: an effect that the database refuses
/// as a double is refused each time.
fn must_wait(fault: &Fault, fence: &Fence) -> bool {
    fault.reason.kind == Kind::Unavailable || fence.over.is_cancelled()
}

/// One transaction: cursor, effects and whatever they publish. With `set_aside` the single
/// event goes to quarantine under that reason instead.
async fn apply_once(
    db: &Db,
    following: &Following,
    fence: &Fence,
    events: Arc<Vec<Envelope>>,
    delivery: Delivery,
    set_aside: Option<&'static str>,
) -> Result<u64, Fault> {
    let (following, fence) = (following.clone(), fence.clone());
    db.transaction("apply", Scope::All, move |tx| {
        let (following, fence, events) = (following.clone(), fence.clone(), Arc::clone(&events));
        Box::pin(async move {
            fence.check(tx).await?;
            let cursor = cursors::lock(tx.conn(), &following.log_id).await?;
            let mut position = cursor.position();
            if events.iter().any(|event| is_another(event, &cursor)) {
                return Err(Fault::new(&reasons::LOG_FORKED));
            }
            let fresh = contiguous(&events, position);
            let Some(first) = fresh.first() else { return Ok(position) };
            let last = fresh.last().map_or("", |event| event.event_id.as_str()).to_owned();
            let followed = cursor.incarnation.as_str();
            let followed = if followed.is_empty() { &first.incarnation } else { followed };
            if fresh.iter().any(|event| event.incarnation != followed) {
                return Err(Fault::new(&reasons::LOG_FORKED));
            }
            let locks = fresh.iter().flat_map(|e| following.reactions.aggregates(e)).collect();
            tx.lock(locks).await?;
            let mut blocked: HashSet<Uuid> =
                quarantine::blocked(tx.conn(), &following.log_id).await?.into_iter().collect();
            for event in &fresh {
                let aggregate: Uuid = event.aggregate.parse().unwrap_or(Uuid::nil());
                if let Some(reason) = set_aside {
                    quarantine::insert(tx.conn(), event, reason, false).await?;
                    blocked.insert(aggregate);
                } else if blocked.contains(&aggregate) {
                    let reason = reasons::BEHIND_EARLIER.code;
                    quarantine::insert(tx.conn(), event, reason, true).await?;
                } else {
                    react(tx, &following, event, delivery).await?;
                }
                position = event.sequence + 1;
            }
            let incarnation = &first.incarnation;
            cursors::follow(tx.conn(), &following.log_id, position, incarnation, &last).await?;
            Ok(position)
        })
    })
    .await
}

/// Whether the event stands where another one was applied: its source was restored to an earlier
/// state and has given the same number twice.
fn is_another(event: &Envelope, cursor: &Cursor) -> bool {
    event.sequence + 1 == cursor.position()
        && !cursor.last_event.is_empty()
        && event.event_id != cursor.last_event
}

/// The events that continue the log at `position`, up to the first gap.
fn contiguous(events: &[Envelope], position: u64) -> Vec<&Envelope> {
    let later = events.iter().filter(|event| event.sequence >= position);
    (position..)
        .zip(later)
        .take_while(|(next, event)| event.sequence == *next)
        .map(|(_, event)| event)
        .collect()
}

/// Applies one event in a span that is tied to where the event came from.
pub(crate) async fn react(
    tx: &mut Tx,
    following: &Following,
    event: &Envelope,
    delivery: Delivery,
) -> Result<(), Fault> {
    let bureau =
        event.bureau.parse().map_err(|e| Fault::new(&reasons::EVENT_UNREADABLE).caused_by(e))?;
    tx.act_for(bureau, format!("service:{}", event.source));
    let span = tracing::info_span!(
        parent: None,
        "apply",
        otel.name = format!("apply {}", event.subject),
        otel.kind = "consumer",
        messaging.system = "nats",
        messaging.message.id = %event.event_id,
        aggregate.id = %event.aggregate,
        log.sequence = event.sequence,
    );
    let origin = TraceContext {
        traceparent: event.traceparent.clone(),
        tracestate: event.tracestate.clone(),
    };
    match delivery {
        Delivery::Live => origin.adopt(&span),
        Delivery::Replayed => origin.link(&span),
    }
    following.reactions.apply(tx, event).instrument(span).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(sequence: u64) -> Envelope {
        Envelope { sequence, ..Default::default() }
    }

    #[test]
    fn a_gap_ends_a_batch_and_old_events_are_dropped() {
        let events: Vec<Envelope> = [3, 4, 5, 6, 8].into_iter().map(event).collect();
        let taken = |from| contiguous(&events, from).iter().map(|e| e.sequence).collect::<Vec<_>>();
        assert_eq!(taken(5), [5, 6]);
        assert_eq!(taken(3), [3, 4, 5, 6]);
        assert_eq!(taken(2), [] as [u64; 0]);
        assert_eq!(taken(9), [] as [u64; 0]);
    }
}
