//! Live delivery, a killed server, a lost store: each event has its effect once, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_nats::jetstream::consumer::PullConsumer;
use gongxin_eventing::{LogSetup, Reactions, Runtime};
use gongxin_kernel::new_uuid;
use gongxin_testkit::{NatsServer, World, log_key, until};
use uuid::Uuid;

use crate::toys::{
    Nothing, Running, echo, echoes_in_order, running, status, toy, wind, wind_in, world,
};

async fn wind_all(service: &Running, toys: &[Uuid], times: usize) {
    for n in 0..times {
        wind(service.runtime.db(), toys[n % toys.len()]).await.unwrap();
    }
}

/// Waits until the consumer reads the bus: all that is there is acknowledged.
pub(crate) async fn follows_live(world: &World) {
    until(true, async || {
        let client = async_nats::connect(world.nats()).await.unwrap();
        let context = async_nats::jetstream::new(client);
        let name = |log: &str| format!("{}_619921_{log}", world.prefix()).to_uppercase();
        let Ok(stream) = context.get_stream(name("toy")).await else { return false };
        let Ok(consumer) = stream.get_consumer(&name("echo")).await else { return false };
        let consumer: PullConsumer = consumer;
        let last = stream.cached_info().state.last_sequence;
        last > 0 && consumer.cached_info().ack_floor.stream_sequence == last
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_applies_each_event_once_and_in_order() {
    let world = world().await;
    let (source, toys) = (toy(&world).await, [new_uuid(), new_uuid()]);
    let listener = echo(&world, &source).await;
    wind_all(&source, &toys, 1).await;
    follows_live(&world).await;

    // From here on nothing can be replayed: what comes, comes by the bus.
    listener.source_open.store(false, Ordering::Relaxed);
    wind_all(&source, &toys, 40).await;

    until(41, async || echoes_in_order(&world).await).await;
    until(41, async || status(&source).await.relayed).await;
    until(41, async || status(&listener).await.log_size).await; // what the effects published
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_the_bus_lost_is_fetched_while_later_ones_keep_coming() {
    let world = world().await;
    let (source, toys) = (toy(&world).await, [new_uuid()]);
    let listener = echo(&world, &source).await;
    wind_all(&source, &toys, 1).await;
    follows_live(&world).await;

    listener.source_open.store(false, Ordering::Relaxed);
    sqlx::raw_sql("update toy.cursors set position = 2 where name = 'relay'")
        .execute(&mut world.admin().await)
        .await
        .unwrap();
    wind_all(&source, &toys, 2).await;
    until(3, async || status(&source).await.relayed).await;
    assert_eq!(echoes_in_order(&world).await, 1, "the second event never went out");
    listener.source_open.store(true, Ordering::Relaxed);
    let sent = AtomicI64::new(3);
    until(true, async || {
        wind_all(&source, &toys, 1).await; // a steady stream must not keep the gap open
        sent.fetch_add(1, Ordering::Relaxed);
        echoes_in_order(&world).await > 1
    })
    .await;
    until(sent.into_inner(), async || echoes_in_order(&world).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bus_the_log_is_followed_by_replay() {
    let world = world().await.on_nats("nats://127.0.0.1:1");
    let (source, toys) = (toy(&world).await, [new_uuid()]);
    let _listener = echo(&world, &source).await;

    wind_all(&source, &toys, 5).await;

    until(5, async || echoes_in_order(&world).await).await;
    assert_eq!(status(&source).await.relayed, 0, "nothing can have been published");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_and_a_lost_store_lose_nothing() {
    let mut nats = NatsServer::start().await;
    let world = world().await.on_nats(&nats.url());
    let (source, toys) = (toy(&world).await, [new_uuid(), new_uuid(), new_uuid()]);
    let listener = echo(&world, &source).await;

    wind_all(&source, &toys, 30).await;
    until(30, async || status(&source).await.relayed).await;
    nats.kill();
    wind_all(&source, &toys, 30).await;
    nats.restart().await;
    until(60, async || echoes_in_order(&world).await).await;
    until(60, async || status(&source).await.relayed).await;

    nats.kill();
    nats.lose_store();
    wind_all(&source, &toys, 30).await;
    nats.restart().await;
    wind_all(&source, &toys, 30).await;

    until(120, async || echoes_in_order(&world).await).await;
    until(120, async || status(&source).await.relayed).await;

    // The bus is used again: what happens now can come by nothing else.
    follows_live(&world).await;
    listener.source_open.store(false, Ordering::Relaxed);
    wind_all(&source, &toys, 3).await;
    until(123, async || echoes_in_order(&world).await).await;
    until(123, async || status(&listener).await.log_size).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bureau_that_joins_later_is_carried_by_the_stream_that_is_there() {
    let world = world().await;
    let source = toy(&world).await;
    wind_all(&source, &[new_uuid()], 1).await;
    until(1, async || status(&source).await.relayed).await;
    source.stop().await;

    let db = world.db("toy");
    let bureaus = vec!["619921".to_owned(), "619922".to_owned()];
    let log = LogSetup::open(&db, "toy", bureaus, log_key("toy")).await.unwrap();
    let (bus, nothing): (_, Arc<dyn Reactions>) = (world.bus("toy").await, Arc::new(()));
    let runtime = Runtime::new(db, Arc::new(log), bus, vec![], &nothing, Arc::new(Nothing));
    let source = running(runtime, Arc::default());
    wind_in(source.runtime.db(), "619922", new_uuid()).await.unwrap();

    until(2, async || status(&source).await.relayed).await;
    wind_all(&source, &[new_uuid()], 1).await;
    until(3, async || status(&source).await.relayed).await;
}
