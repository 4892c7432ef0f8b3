//! Publishes the log in order and remembers how far it came.
//!
//! No error is final: whatever the bus answers, the relay tries again from its durable cursor.
//! Messages published twice carry the same id and the same sequence number.

use std::sync::Arc;
use std::time::Duration;

use gongxin_kernel::Fault;
use gongxin_proto::operations::v1::Envelope;
use tracing::Instrument as _;

use crate::bus::{Bus, headers};
use crate::lease::Fence;
use crate::runtime::LogSetup;
use crate::store::{cursors, log};
use crate::trace::TraceContext;
use crate::{Db, Scope};

/// Cursor of the relay.
pub(crate) const CURSOR: &str = "relay";

/// Most messages without acknowledgement: measured sweet spot between rate and latency.
const WINDOW: i64 = 256;
const POLL: Duration = Duration::from_millis(250);
const BACKOFF: Duration = Duration::from_secs(2);

/// Runs while the fence holds.
pub(crate) async fn run(db: &Db, setup: &Arc<LogSetup>, bus: &Bus, fence: Fence) {
    let mut failures = 0u32;
    while !fence.over.is_cancelled() {
        let rung = db.committed().notified();
        tokio::pin!(rung);
        rung.as_mut().enable();
        // Whatever was published without being noted is published again under the same id.
        let published = tokio::select! {
            () = fence.over.cancelled() => break,
            published = relay(db, setup, bus, &fence) => published,
        };
        let pause = match published {
            Ok(0) => {
                failures = 0;
                POLL
            }
            Ok(_) => {
                failures = 0;
                continue;
            }
            Err(error) => {
                failures += 1;
                tracing::debug!(%error, failures, "events not published yet");
                if failures == 20 {
                    tracing::warn!(%error, "the bus takes no events; they are safe in the log");
                }
                tokio::select! {
                    () = fence.over.cancelled() => break,
                    () = ensure_stream(setup, bus) => {}
                }
                BACKOFF.min(Duration::from_millis(50 << failures.min(5)))
            }
        };
        tokio::select! {
            () = fence.over.cancelled() => {}
            () = rung, if failures == 0 => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn ensure_stream(setup: &LogSetup, bus: &Bus) {
    if bus.is_connected()
        && let Err(error) =
            bus.ensure_stream(setup.log_id(), setup.service(), setup.bureaus()).await
    {
        tracing::debug!(%error, "stream not there yet");
    }
}

/// Publishes one window; gives how many.
async fn relay(db: &Db, setup: &Arc<LogSetup>, bus: &Bus, fence: &Fence) -> Result<usize, Error> {
    let (from, window) = next_window(db, setup).await?;
    if window.is_empty() {
        return Ok(0);
    }
    if !bus.is_connected() {
        return Err(Error::NoBus);
    }
    let mut acknowledgements = Vec::with_capacity(window.len());
    for envelope in &window {
        acknowledgements.push(publish(setup, bus, envelope).await?);
    }
    for acknowledgement in acknowledgements {
        acknowledgement.await.map_err(|e| Error::Bus(e.into()))?;
    }
    let next = from + window.len() as u64;
    advance(db, fence, next).await?;
    Ok(window.len())
}

async fn publish(
    setup: &LogSetup,
    bus: &Bus,
    envelope: &Envelope,
) -> Result<async_nats::jetstream::context::PublishAckFuture, Error> {
    let subject = bus.subject(setup.service(), envelope);
    let span = tracing::info_span!(
        "publish",
        otel.name = format!("publish {}", envelope.subject),
        otel.kind = "producer",
        messaging.system = "nats",
        messaging.destination.name = %subject,
        messaging.message.id = %envelope.event_id,
        aggregate.id = %envelope.aggregate,
    );
    TraceContext {
        traceparent: envelope.traceparent.clone(),
        tracestate: envelope.tracestate.clone(),
    }
    .adopt(&span);
    bus.context()
        .publish_with_headers(subject, headers(envelope), envelope.data.clone().into())
        .instrument(span)
        .await
        .map_err(|e| Error::Bus(e.into()))
}

async fn next_window(db: &Db, setup: &Arc<LogSetup>) -> Result<(u64, Vec<Envelope>), Fault> {
    let setup = Arc::clone(setup);
    db.transaction("relay_read", Scope::All, move |tx| {
        let setup = Arc::clone(&setup);
        Box::pin(async move {
            let from = cursors::position(tx.conn(), CURSOR).await?;
            let entries = log::read(tx.conn(), from, WINDOW).await?;
            let envelopes = entries
                .into_iter()
                .map(|(seq, event)| event.envelope(seq, setup.log_id(), setup.incarnation()))
                .collect();
            Ok((from, envelopes))
        })
    })
    .await
}

async fn advance(db: &Db, fence: &Fence, next: u64) -> Result<(), Fault> {
    let fence = fence.clone();
    db.transaction("relay_advance", Scope::All, move |tx| {
        let fence = fence.clone();
        Box::pin(async move {
            fence.check(tx).await?;
            cursors::advance(tx.conn(), CURSOR, next).await
        })
    })
    .await
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("there is no bus")]
    NoBus,
    #[error("the bus did not take the events")]
    Bus(#[source] async_nats::Error),
    #[error(transparent)]
    Database(#[from] Fault),
}
