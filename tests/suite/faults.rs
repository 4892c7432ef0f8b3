//! Power cuts at any moment of the main job.

use std::time::Duration;

use futures::future::join_all;
use gongxin_testkit::NatsServer;
use gongxin_tests::county::{County, Setup};
use gongxin_tests::process::Process;
use gongxin_tests::story;

use crate::books::balance;

const CASES: usize = 6;

/// Up to so many milliseconds, differently each time.
fn some_time(at_most: u64) -> Duration {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    Duration::from_millis(u64::from_le_bytes(bytes) % at_most)
}

/// Takes the cases their way while `cuts` does its worst, then looks at the books.
async fn through(county: &County, cuts: impl Future<Output = ()>) {
    let cases = join_all((0..CASES).map(|number| story::theft(county, number)));
    let (told, ()) = tokio::join!(cases, cuts);
    balance(county, &told).await;
}

/// Kills a service again and again, each time at another moment.
async fn power_cuts(service: &Process) {
    for _ in 0..8 {
        tokio::time::sleep(some_time(400)).await;
        service.kill();
        service.restart();
        service.until_ready().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn intake_killed_at_any_moment_loses_and_repeats_nothing() {
    let county = County::new(Setup::default()).await;
    through(&county, power_cuts(&county.intake)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn review_killed_at_any_moment_loses_and_repeats_nothing() {
    let county = County::new(Setup::default()).await;
    through(&county, power_cuts(&county.review)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_bus_and_a_lost_store_lose_and_repeat_nothing() {
    let mut nats = NatsServer::start().await;
    let county = County::new(Setup { nats: Some(nats.url()), ..Setup::default() }).await;
    let cuts = async {
        for round in 0..3 {
            tokio::time::sleep(some_time(500)).await;
            nats.kill();
            tokio::time::sleep(some_time(300)).await;
            if round == 1 {
                nats.lose_store();
            }
            nats.restart().await;
        }
    };
    through(&county, cuts).await;
}
