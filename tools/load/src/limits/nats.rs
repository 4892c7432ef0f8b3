//! JetStream without the suite: publish with 256 messages in flight, consume with double ack.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream::{self, consumer, stream};
use futures::{StreamExt as _, TryStreamExt as _};

use crate::latency::per_second;

/// Bytes of a message, as in the measurements that the goals come from.
const PAYLOAD: usize = 512;
const WINDOW: usize = 256;
/// Acknowledgements that wait for their answer together.
const ACKS: usize = 500;

/// Messages a second: published and consumed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    pub(crate) publish: f64,
    pub(crate) consume: f64,
}

/// Publishes `count` messages into a stream of its own and consumes them.
pub(crate) async fn measure(url: &str, count: u64) -> anyhow::Result<Rates> {
    let context = jetstream::new(async_nats::connect(url).await?);
    let _ = context.delete_stream("BENCH_LIMIT").await;
    let stream = context
        .create_stream(stream::Config {
            name: "BENCH_LIMIT".to_owned(),
            subjects: vec!["bench.limit".to_owned()],
            storage: stream::StorageType::File,
            ..Default::default()
        })
        .await?;

    let payload = bytes(PAYLOAD);
    let begun = Instant::now();
    futures::stream::iter(0..count)
        .map(|n| {
            let (context, payload) = (context.clone(), payload.clone());
            async move {
                let mut headers = async_nats::HeaderMap::new();
                headers.insert(NATS_MESSAGE_ID, n.to_string());
                let sent = context.publish_with_headers("bench.limit", headers, payload).await?;
                sent.await?;
                Ok::<_, anyhow::Error>(())
            }
        })
        .buffer_unordered(WINDOW)
        .try_collect::<Vec<()>>()
        .await?;
    let publish = per_second(count, begun.elapsed());

    let config = consumer::pull::Config {
        durable_name: Some("bench".to_owned()),
        ack_policy: consumer::AckPolicy::Explicit,
        max_ack_pending: 2000,
        ..Default::default()
    };
    let consumer = stream.create_consumer(config).await?;
    let begun = Instant::now();
    let messages = consumer.stream().max_messages_per_batch(ACKS).messages().await?;
    let mut acknowledged = messages
        .take(usize::try_from(count).context("a count")?)
        .map(|message| async move {
            message?.double_ack().await.map_err(|error| anyhow::anyhow!(error))?;
            Ok::<_, anyhow::Error>(())
        })
        .buffer_unordered(ACKS);
    let mut arrived = 0;
    while acknowledged.try_next().await?.is_some() {
        arrived += 1;
    }
    ensure!(arrived == count, "{arrived} of {count} messages came");
    let consume = per_second(count, begun.elapsed());
    context.delete_stream("BENCH_LIMIT").await?;
    Ok(Rates { publish, consume })
}

/// Some bytes that do not repeat.
fn bytes(count: usize) -> prost::bytes::Bytes {
    (0..count).map(|n| u8::try_from(n % 251).unwrap_or(0)).collect::<Vec<u8>>().into()
}
