//! One effect for each request id; a caller who goes away breaks nothing.

use std::time::Duration;

use gongxin_eventing::{Command, OrFault as _, Tx, reasons};
use gongxin_kernel::{Actor, Fault, RequestId, new_uuid};
use gongxin_testkit::{officer, until};
use uuid::Uuid;

use crate::toys::{Wind, count, world};

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
    assert_eq!(count(&world, "toy.events").await, 1);
}

/// Another command whose content happens to look the same.
struct Unwind(Uuid);

impl Command for Unwind {
    const NAME: &'static str = "unwind";
    type Answer = ();

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        sqlx::query("update toys set version = version + 100")
            .execute(tx.conn())
            .await
            .or_fault()?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_of_another_command_is_refused_and_changes_nothing() {
    let world = world().await;
    let db = world.db("toy");
    let (toy, id) = (new_uuid(), RequestId::fresh());
    let officer = || Actor::Staff(officer("619001", &[]));
    let bureau = || "619921".parse().unwrap();
    db.command(officer(), bureau(), id, [1; 32], Wind(toy)).await.unwrap();

    let refused = db.command(officer(), bureau(), id, [1; 32], Unwind(toy)).await.unwrap_err();

    assert_eq!(refused.reason, &reasons::REQUEST_ID_REUSED);
    assert_eq!(count(&world, "toy.toys where version = 1").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_id_of_another_officer_is_another_request() {
    let world = world().await;
    let db = world.db("toy");
    let (toy, id) = (new_uuid(), RequestId::fresh());
    for (digest, number) in [(1, "619001"), (2, "619002"), (1, "619001"), (2, "619002")] {
        let officer = Actor::Staff(officer(number, &[]));
        let bureau = "619921".parse().unwrap();
        db.command(officer, bureau, id, [digest; 32], Wind(toy)).await.unwrap();
    }
    assert_eq!(count(&world, "toy.toys where version = 2").await, 1);
    assert_eq!(count(&world, "toy.events where actor = 'staff:619001'").await, 1);
    assert_eq!(count(&world, "toy.events where actor = 'staff:619002'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_sent_many_times_at_once_has_one_effect() {
    let world = world().await;
    let db = world.db("toy");
    let (toy, id) = (new_uuid(), RequestId::fresh());
    let send = |_| {
        let bureau = "619921".parse().unwrap();
        db.command(Actor::Service("test".into()), bureau, id, [1; 32], Wind(toy))
    };

    let answers = futures::future::try_join_all((0..12).map(send)).await.unwrap();

    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(count(&world, "toy.events").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_that_cancel_at_random_poison_no_connection() {
    let world = world().await;
    let db = world.db("toy");
    let toys: Vec<_> = (0..8).map(|_| new_uuid()).collect();
    let mut acknowledged = Vec::new();
    for wave in 0..20u64 {
        // Spread over all stages of a transaction, from before its start to after its end.
        let calls = (0..10u64).map(|n| {
            let (toy, id) = (toys[usize::try_from(n % 8).unwrap()], RequestId::fresh());
            let micros = if n == 9 { 10_000_000 } else { (wave * 10 + n) * 7919 % 40_000 };
            let (actor, bureau) = (Actor::Service("test".into()), "619921".parse().unwrap());
            let call = db.command(actor, bureau, id, [0; 32], Wind(toy));
            async move {
                let answer = tokio::time::timeout(Duration::from_micros(micros), call).await;
                answer.is_ok_and(|answer| answer.is_ok()).then_some(id.0)
            }
        });
        acknowledged.extend(futures::future::join_all(calls).await.into_iter().flatten());
    }
    assert!(acknowledged.len() >= 20, "every tenth caller stays");
    assert!(acknowledged.len() < 200, "some callers went away");

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
    let answered: Vec<Uuid> = sqlx::query_scalar("select request_id from toy.requests")
        .fetch_all(&mut admin)
        .await
        .unwrap();
    assert_eq!(events, versions, "a state was saved without its event");
    assert_eq!(events, i64::try_from(answered.len()).unwrap(), "or without its answer");
    assert_eq!(events, count(&world, "toy.unsequenced").await, "or outside the outbox");
    assert!(acknowledged.iter().all(|id| answered.contains(id)));
}
