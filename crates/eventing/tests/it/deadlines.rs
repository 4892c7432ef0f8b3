//! Each moment of a period happens once, whatever the number of replicas, and never too early.

use std::sync::Arc;

use futures::future::BoxFuture;
use gongxin_eventing::{Db, Deadlines, Due, Moment, NewDeadline, OrFault as _, Scope, Tx, reasons};
use gongxin_kernel::{Fault, new_uuid};
use gongxin_testkit::{World, until};
use jiff::Timestamp;
use uuid::Uuid;

use crate::toys::{toy_with, world};

/// Writes down what came; the rule `broken` always fails.
struct Bell;

impl Deadlines for Bell {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            if due.rule == "broken" {
                return Err(Fault::new(&reasons::INVARIANT_BROKEN));
            }
            let moment = match due.moment {
                Moment::Warning => "warning".to_owned(),
                Moment::Overdue => "overdue".to_owned(),
                Moment::Reminder(n) => format!("reminder {n}"),
            };
            sqlx::query("insert into rings (bureau, rule, moment) values ($1, $2, $3)")
                .bind(tx.bureau()?.to_string())
                .bind(&due.rule)
                .bind(moment)
                .execute(tx.conn())
                .await
                .or_fault()?;
            Ok(())
        })
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn period(toy: Uuid, rule: &'static str, due_at: &str) -> NewDeadline {
    NewDeadline {
        aggregate: toy,
        rule,
        rule_version: "2026-01-01".into(),
        subject: toy,
        started_at: at("2026-01-05T01:00:00Z"),
        warn_at: None,
        due_at: at(due_at),
        assumed: false,
        explained: vec![],
    }
}

async fn start(db: &Db, deadline: NewDeadline) {
    let deadline = Arc::new(deadline);
    db.transaction("start", Scope::Bureau("619921".parse().unwrap()), move |tx| {
        let deadline = Arc::clone(&deadline);
        Box::pin(async move {
            tx.lock(vec![deadline.aggregate]).await?;
            tx.start_deadline(&deadline).await
        })
    })
    .await
    .unwrap();
}

async fn rings(world: &World) -> Vec<String> {
    sqlx::query_scalar("select rule || ' ' || moment from toy.rings order by n")
        .fetch_all(&mut world.admin().await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_moment_comes_once_and_a_fault_stops_no_other_period() {
    let world = world().await;
    let mut replicas = Vec::new();
    for _ in 0..3 {
        replicas.push(toy_with(&world, Arc::new(Bell)).await);
    }
    let (db, toy) = (world.db("toy"), new_uuid());
    start(&db, period(toy, "broken", "2026-01-06T01:00:00Z")).await;
    let warned = Some(at("2026-01-06T00:00:00Z"));
    start(&db, NewDeadline { warn_at: warned, ..period(toy, "filing", "2026-01-06T02:00:00Z") })
        .await;

    world.set_clock(at("2026-01-06T02:00:00Z"));
    until(vec!["filing warning".to_owned()], async || rings(&world).await).await;

    world.set_clock(at("2026-01-06T02:00:00.000001Z"));
    let overdue = vec!["filing warning".to_owned(), "filing overdue".to_owned()];
    until(overdue.clone(), async || rings(&world).await).await;

    world.set_clock(at("2026-01-07T02:00:00Z"));
    let reminded = [overdue, vec!["filing reminder 1".to_owned()]].concat();
    until(reminded, async || rings(&world).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_period_fires_at_its_new_end_and_a_met_one_never() {
    let world = world().await;
    let replica = toy_with(&world, Arc::new(Bell)).await;
    let (db, toy) = (replica.runtime.db().clone(), new_uuid());
    start(&db, period(toy, "moved", "2026-01-06T00:00:00Z")).await;
    start(&db, period(toy, "met", "2026-01-06T00:00:00Z")).await;
    start(&db, period(toy, "mark", "2026-01-07T00:00:00Z")).await;
    db.transaction("change", Scope::Bureau("619921".parse().unwrap()), move |tx| {
        Box::pin(async move {
            tx.lock(vec![toy]).await?;
            tx.move_deadline(&period(toy, "moved", "2026-01-08T00:00:00Z")).await?;
            tx.meet_deadline(toy, "met", toy, at("2026-01-05T02:00:00Z")).await
        })
    })
    .await
    .unwrap();

    world.set_clock(at("2026-01-07T12:00:00Z"));
    until(vec!["mark overdue".to_owned()], async || rings(&world).await).await;
    world.set_clock(at("2026-01-08T00:00:01Z"));
    until(true, async || rings(&world).await.contains(&"moved overdue".to_owned())).await;

    let states: Vec<(String, String)> =
        sqlx::query_as("select rule, state from toy.deadlines order by rule")
            .fetch_all(&mut world.admin().await)
            .await
            .unwrap();
    let states: Vec<(&str, &str)> =
        states.iter().map(|(rule, state)| (rule.as_str(), state.as_str())).collect();
    assert_eq!(states, [("mark", "overdue"), ("met", "met"), ("moved", "overdue")]);
    assert!(rings(&world).await.iter().all(|ring| !ring.starts_with("met")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_that_is_over_is_not_moved_even_before_the_runner_looked() {
    let world = world().await;
    let (db, toy) = (world.db("toy"), new_uuid());
    start(&db, period(toy, "over", "2026-01-06T00:00:00Z")).await;
    world.set_clock(at("2026-01-06T00:00:01Z"));

    let moved = db
        .transaction("move", Scope::Bureau("619921".parse().unwrap()), move |tx| {
            Box::pin(async move {
                tx.lock(vec![toy]).await?;
                tx.move_deadline(&period(toy, "over", "2026-01-08T00:00:00Z")).await
            })
        })
        .await;

    assert_eq!(moved.unwrap_err().reason, &reasons::INVARIANT_BROKEN);
}
