//! Live delivery, a killed server, a lost store: each event has its effect once, in order.

use gongxin_kernel::new_uuid;
use gongxin_testkit::{NatsServer, until};
use uuid::Uuid;

use crate::toys::{Running, echo, echoes_in_order, status, toy, wind, world};

async fn wind_all(service: &Running, toys: &[Uuid], times: usize) {
    for n in 0..times {
        wind(service.runtime.db(), toys[n % toys.len()]).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_applies_each_event_once_and_in_order() {
    let world = world().await;
    let (source, toys) = (toy(&world).await, [new_uuid(), new_uuid()]);
    let _listener = echo(&world, &source).await;

    wind_all(&source, &toys, 40).await;

    until(40, async || echoes_in_order(&world).await).await;
    until(40, async || status(&source).await.relayed).await;
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
    let _listener = echo(&world, &source).await;

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
}
