//! One effect for each request id; a caller who goes away breaks nothing.

use std::time::Duration;

use gongxin_eventing::reasons;
use gongxin_kernel::{Actor, RequestId, new_uuid};
use gongxin_testkit::until;

use crate::toys::{Wind, wind, world};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_has_one_effect_and_other_content_is_refused() {
    let world = world().await;
    let db = world.db("toy");
    let (toy, id) = (new_uuid(), RequestId::fresh());
    let send = |digest| {
        let bureau = "619921".parse().unwrap();
        db.command(Actor::Service("test".into()), bureau, id, [digest; 32], Wind(toy))
    };

    let (first, second) = (send(1).await.unwrap(), send(1).await.unwrap());
    let refused = send(2).await.unwrap_err();

    assert_eq!(first, second);
    assert_eq!(refused.reason, &reasons::REQUEST_ID_REUSED);
    assert_eq!(refused.violations[0].field, "request_id");
    let events: i64 = sqlx::query_scalar("select count(*) from toy.events")
        .fetch_one(&mut world.admin().await)
        .await
        .unwrap();
    assert_eq!(events, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_that_cancel_at_random_poison_no_connection() {
    let world = world().await;
    let db = world.db("toy");
    let toys: Vec<_> = (0..8).map(|_| new_uuid()).collect();
    let mut acknowledged = 0;
    for n in 0..200u64 {
        let toy = toys[usize::try_from(n % 8).unwrap()];
        let patience = Duration::from_micros(n * 37 % 4000);
        if tokio::time::timeout(patience, wind(&db, toy)).await.is_ok_and(|done| done.is_ok()) {
            acknowledged += 1;
        }
    }
    wind(&db, toys[0]).await.unwrap();

    let mut admin = world.admin().await;
    until(0i64, async || {
        sqlx::query_scalar(
            "select count(*) from pg_stat_activity
              where datname = current_database() and usename like 'gx_%' and state <> 'idle'",
        )
        .fetch_one(&mut world.admin().await)
        .await
        .unwrap()
    })
    .await;
    let (events, versions): (i64, i64) = sqlx::query_as(
        "select (select count(*) from toy.events), (select sum(version) from toy.toys)",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(events, versions, "a state was saved without its event");
    assert!(events > acknowledged, "{events} events for {acknowledged} acknowledged commands");
}
