//! A log that its source has replaced is not followed any further.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use gongxin_eventing::LogSource;
use gongxin_kernel::{Fault, new_uuid};
use gongxin_proto::operations::v1::Envelope;
use gongxin_testkit::{World, until};
use uuid::Uuid;

use crate::toys::{
    Running, TOY_LOG, count, echo_runtime, echoes_in_order, running, time_passes, world,
};

/// A log written by the test.
#[derive(Default)]
struct Written(Mutex<Vec<Envelope>>);

impl Written {
    /// The log has one entry for each of these incarnations; the same ones have the same ids.
    fn holds(&self, incarnations: &[&str]) {
        let tagged: Vec<_> = incarnations.iter().map(|word| (*word, word.len() as u64)).collect();
        self.written(&tagged);
    }

    /// The log was restored to its first `kept` entries and has gone on from there to `size`.
    fn restored(&self, kept: u64, size: u64) {
        let tag = |sequence| if sequence < kept { "first".len() as u64 } else { 99 };
        let tagged: Vec<_> = (0..size).map(|sequence| ("first", tag(sequence))).collect();
        self.written(&tagged);
    }

    /// An entry for each incarnation; number and tag make its id.
    fn written(&self, entries: &[(&str, u64)]) {
        let entry = |(sequence, (incarnation, tag)): (u64, &(&str, u64))| Envelope {
            sequence,
            incarnation: (*incarnation).to_owned(),
            event_id: Uuid::from_u64_pair(*tag, sequence).to_string(),
            source: TOY_LOG.to_owned(),
            bureau: "619921".to_owned(),
            aggregate: new_uuid().to_string(),
            version: 1,
            subject: "toy.wound".to_owned(),
            ..Default::default()
        };
        *self.0.lock().unwrap() = (0..).zip(entries).map(entry).collect();
    }
}

impl LogSource for Written {
    fn replay(&self, from: u64, _: u64) -> BoxFuture<'_, Result<Vec<Envelope>, Fault>> {
        let entries = self.0.lock().unwrap()[usize::try_from(from).unwrap()..].to_vec();
        Box::pin(async move { Ok(entries) })
    }

    fn size(&self) -> BoxFuture<'_, Result<u64, Fault>> {
        let size = self.0.lock().unwrap().len() as u64;
        Box::pin(async move { Ok(size) })
    }
}

/// An echo that can only replay.
async fn follow(world: &World, source: &Arc<Written>) -> Running {
    running(echo_runtime(world, source.clone()).await, Arc::default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_log_is_not_applied_and_the_true_one_goes_on() {
    let (world, source) =
        (world().await.on_nats("nats://127.0.0.1:1"), Arc::new(Written::default()));
    source.holds(&["first", "first"]);
    let _listener = follow(&world, &source).await;
    until(2, async || echoes_in_order(&world).await).await;

    source.holds(&["second", "second", "second"]);
    time_passes(&world, "echo", "consumer:619921/toy").await;
    assert_eq!(echoes_in_order(&world).await, 2);
    assert_eq!(count(&world, "echo.quarantine").await, 0);

    source.holds(&["first", "first", "first"]);
    until(3, async || echoes_in_order(&world).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_batch_never_mixes_two_logs() {
    let (world, source) =
        (world().await.on_nats("nats://127.0.0.1:1"), Arc::new(Written::default()));
    source.holds(&["first", "second"]);
    let _listener = follow(&world, &source).await;
    until(1, async || echoes_in_order(&world).await).await;

    time_passes(&world, "echo", "consumer:619921/toy").await;

    assert_eq!(echoes_in_order(&world).await, 1);
    assert_eq!(count(&world, "echo.quarantine").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_restored_to_an_earlier_state_is_not_followed_however_it_grows() {
    let (world, source) =
        (world().await.on_nats("nats://127.0.0.1:1"), Arc::new(Written::default()));
    source.holds(&["first", "first", "first"]);
    let _listener = follow(&world, &source).await;
    until(3, async || echoes_in_order(&world).await).await;

    for size in [1, 3, 5] {
        source.restored(1, size);
        time_passes(&world, "echo", "consumer:619921/toy").await;
        assert_eq!(echoes_in_order(&world).await, 3, "at size {size}");
        assert_eq!(count(&world, "echo.quarantine").await, 0);
    }
}
