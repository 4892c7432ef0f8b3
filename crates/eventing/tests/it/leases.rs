//! A loop runs at one replica; a holder that slept through its lease changes nothing any more.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use gongxin_eventing::{Duty, OrFault as _, Tx};
use gongxin_kernel::{Fault, new_uuid};
use gongxin_testkit::{World, until};
use tokio_util::sync::CancellationToken;

use crate::bus::follows_live;
use crate::toys::{
    Nothing, Running, change, count, echo, echoes_in_order, running, status, time_passes, toy,
    toy_runtime, wind, world,
};

/// Another replica has the lease from here on, as when its holder slept through it.
async fn taken_over(world: &World, schema: &str, lease: &str) {
    let sql = format!(
        "update {schema}.leases set holder = gen_random_uuid(), epoch = epoch + 1,
                expires_at = clock_timestamp() + interval '1 hour' where name = '{lease}'"
    );
    change(world, &sql).await;
}

async fn given_back(world: &World, schema: &str) {
    change(world, &format!("update {schema}.leases set expires_at = '-infinity'")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequencer_that_lost_its_lease_numbers_nothing() {
    let world = world().await;
    let (source, item) = (toy(&world).await, new_uuid());
    wind(source.runtime.db(), item).await.unwrap();
    until(1, async || count(&world, "toy.log").await).await;

    taken_over(&world, "toy", "sequencer").await;
    for _ in 0..5 {
        wind(source.runtime.db(), item).await.unwrap();
    }
    time_passes(&world, "toy", "relay").await;
    assert_eq!(count(&world, "toy.log").await, 1);
    assert_eq!(count(&world, "toy.checkpoints").await, 1);
    assert_eq!(count(&world, "toy.unsequenced").await, 5);

    given_back(&world, "toy").await;
    until(6, async || count(&world, "toy.log").await).await;
    assert_eq!(count(&world, "toy.leases where name = 'sequencer' and epoch = 3").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_lost_its_lease_moves_no_cursor() {
    let world = world().await;
    let source = toy(&world).await;
    wind(source.runtime.db(), new_uuid()).await.unwrap();
    until(1, async || status(&source).await.relayed).await;

    taken_over(&world, "toy", "relay").await;
    wind(source.runtime.db(), new_uuid()).await.unwrap();
    until(2, async || status(&source).await.log_size).await;
    time_passes(&world, "toy", "sequencer").await;
    assert_eq!(status(&source).await.relayed, 1);

    given_back(&world, "toy").await;
    until(2, async || status(&source).await.relayed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_lost_its_lease_applies_nothing_and_blames_no_message() {
    let world = world().await;
    let source = toy(&world).await;
    let _listener = echo(&world, &source).await;
    wind(source.runtime.db(), new_uuid()).await.unwrap();
    follows_live(&world).await;

    taken_over(&world, "echo", "consumer:619921/toy").await;
    wind(source.runtime.db(), new_uuid()).await.unwrap();
    until(2, async || status(&source).await.relayed).await;
    time_passes(&world, "echo", "sequencer").await;
    assert_eq!(echoes_in_order(&world).await, 1);
    assert_eq!(count(&world, "echo.quarantine").await, 0);

    given_back(&world, "echo").await;
    until(2, async || echoes_in_order(&world).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_side_by_side_double_nothing_while_leases_wander() {
    let world = world().await;
    let toys = [new_uuid(), new_uuid(), new_uuid()];
    let sources = [toy(&world).await, toy(&world).await];
    let listeners = [echo(&world, &sources[0]).await, echo(&world, &sources[1]).await];
    let epochs = async || {
        let sql = "select (select coalesce(sum(epoch), 0) from toy.leases)::bigint,
                          (select coalesce(sum(epoch), 0) from echo.leases)::bigint";
        sqlx::query_as::<_, (i64, i64)>(sql).fetch_one(&mut world.admin().await).await.unwrap()
    };
    for n in 0..120 {
        wind(sources[n % 2].runtime.db(), toys[n % 3]).await.unwrap();
        if n % 40 == 20 {
            let before = epochs().await;
            until(true, async || {
                // Whoever is faster takes them: the holder again, or the other.
                given_back(&world, "toy").await;
                given_back(&world, "echo").await;
                let now = epochs().await;
                now.0 > before.0 && now.1 > before.1
            })
            .await;
        }
    }
    until(120, async || echoes_in_order(&world).await).await;
    until(120, async || count(&world, "echo.log").await).await;
    assert_eq!(count(&world, "toy.log").await, 120);
    assert_eq!(count(&world, "echo.events").await, 120);
    assert_eq!(status(&listeners[0]).await.quarantined, 0);
}

/// Replicas at work now.
type AtWork = Arc<Mutex<Vec<u8>>>;

/// Says at which replicas it is at work; every toy is work that waits.
struct Shift {
    replica: u8,
    at_work: AtWork,
}

/// Ends a shift, however it ends.
struct Leaves<'a>(&'a Shift);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.at_work.lock().unwrap().retain(|replica| *replica != self.0.replica);
    }
}

impl Duty for Shift {
    fn name(&self) -> &'static str {
        "shift"
    }

    fn run(&self, over: CancellationToken) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.at_work.lock().unwrap().push(self.replica);
            let _leaves = Leaves(self);
            over.cancelled().await;
        })
    }

    fn pending<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<u64, Fault>> {
        Box::pin(async move {
            let toys: i64 = sqlx::query_scalar("select count(*) from toys")
                .fetch_one(tx.conn())
                .await
                .or_fault()?;
            Ok(toys.unsigned_abs())
        })
    }
}

async fn on_duty(world: &World, replica: u8, at_work: &AtWork) -> Running {
    let duty = Shift { replica, at_work: Arc::clone(at_work) };
    let runtime = toy_runtime(world, Arc::new(Nothing)).await.with_duty(Arc::new(duty));
    running(runtime, Arc::default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duty_is_at_one_replica_at_a_time_and_goes_on_at_the_other() {
    let (world, at_work) = (world().await, AtWork::default());
    let there = async || at_work.lock().unwrap().clone();
    let first = on_duty(&world, 1, &at_work).await;
    until(vec![1], there).await;
    let second = on_duty(&world, 2, &at_work).await;
    for _ in 0..3 {
        wind(second.runtime.db(), new_uuid()).await.unwrap();
    }
    time_passes(&world, "toy", "duty:shift").await;
    assert_eq!(there().await, [1]);
    assert_eq!(status(&second).await.pending_deliveries, 3, "also where it does not run");

    first.stop().await;
    until(vec![2], there).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duty_ends_when_its_lease_is_lost_and_begins_again_with_it() {
    let (world, at_work) = (world().await, AtWork::default());
    let there = async || at_work.lock().unwrap().clone();
    let _service = on_duty(&world, 1, &at_work).await;
    until(vec![1], there).await;

    taken_over(&world, "toy", "duty:shift").await;
    until(vec![], there).await;

    given_back(&world, "toy").await;
    until(vec![1], there).await;
}
