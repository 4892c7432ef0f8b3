//! Each moment of a period happens once, whatever the number of replicas, and never too early.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::BoxFuture;
use gongxin_eventing::{Db, Deadlines, Due, Moment, NewDeadline, OrFault as _, Scope, Tx, reasons};
use gongxin_kernel::{Fault, new_uuid};
use gongxin_testkit::{World, until};
use jiff::{SignedDuration, Timestamp};
use sqlx::Connection as _;
use uuid::Uuid;

use crate::toys::{count, toy_with, world};

const MICROSECOND: SignedDuration = SignedDuration::from_micros(1);

/// Writes down what came, and does about some rules what a service may do.
#[derive(Default)]
struct Bell {
    /// How often the rule `mended` was tried; it fails twice.
    tries: AtomicU32,
}

impl Deadlines for Bell {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
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
            self.act(tx, due).await
        })
    }
}

impl Bell {
    async fn act(&self, tx: &mut Tx, due: &Due) -> Result<(), Fault> {
        let is_warning = due.moment == Moment::Warning;
        match due.rule.as_str() {
            "broken" => Err(Fault::new(&reasons::INVARIANT_BROKEN)),
            "mended" if self.tries.fetch_add(1, Ordering::Relaxed) < 2 => {
                Err(Fault::new(&reasons::INVARIANT_BROKEN))
            }
            "extended" if is_warning => {
                let to = period(due.aggregate, "extended", "2026-01-08T00:00:00Z");
                tx.move_deadline(&to).await
            }
            "met" => {
                let now = tx.at();
                tx.meet_deadline(due.aggregate, "met", due.subject, now).await
            }
            _ => Ok(()),
        }
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
        facts: None,
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

/// The moments that came for a rule.
async fn rings(world: &World, rule: &str) -> Vec<String> {
    sqlx::query_scalar("select moment from toy.rings where rule = $1 order by n")
        .bind(rule)
        .fetch_all(&mut world.admin().await)
        .await
        .unwrap()
}

/// The runner has looked at this instant: a period that ends just before it was fired.
async fn looked_at(world: &World, db: &Db, now: &str) {
    let toy = new_uuid();
    let due_at = at(now) - MICROSECOND;
    start(db, NewDeadline { due_at, ..period(toy, "mark", now) }).await;
    world.set_clock(at(now));
    let mark = format!("toy.deadlines where aggregate = '{toy}' and state = 'overdue'");
    until(1, async || count(world, &mark).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_moment_comes_once_at_three_replicas_and_none_comes_early() {
    let world = world().await;
    let mut replicas = Vec::new();
    for _ in 0..3 {
        replicas.push(toy_with(&world, Arc::new(Bell::default())).await);
    }
    let (db, many) = (world.db("toy"), 20);
    for _ in 0..many {
        let warn_at = Some(at("2026-01-06T00:00:00Z"));
        start(&db, NewDeadline { warn_at, ..period(new_uuid(), "filing", "2026-01-06T02:00:00Z") })
            .await;
    }
    let mut expected: Vec<String> = Vec::new();
    for (before, then, moment) in [
        ("2026-01-05T23:59:59.999999Z", "2026-01-06T00:00:00Z", "warning"),
        ("2026-01-06T02:00:00Z", "2026-01-06T02:00:00.000001Z", "overdue"),
        ("2026-01-07T01:59:59.999999Z", "2026-01-07T02:00:00Z", "reminder 1"),
        ("2026-01-08T01:59:59.999999Z", "2026-01-08T02:00:00Z", "reminder 2"),
    ] {
        looked_at(&world, &db, before).await;
        assert_eq!(rings(&world, "filing").await, expected, "none before {then}");
        world.set_clock(at(then));
        expected.extend(std::iter::repeat_n(moment.to_owned(), many));
        until(expected.clone(), async || rings(&world, "filing").await).await;
    }
    looked_at(&world, &db, "2026-01-08T03:00:00Z").await;
    assert_eq!(rings(&world, "filing").await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_fails_is_tried_again_and_stops_no_other_period() {
    let world = world().await;
    let bell = Arc::new(Bell::default());
    let replicas = [toy_with(&world, bell.clone()).await, toy_with(&world, bell.clone()).await];
    let db = replicas[0].runtime.db();
    for (rule, due_at) in [
        ("broken", "2026-01-06T00:00:00Z"),
        ("mended", "2026-01-06T01:00:00Z"),
        ("filing", "2026-01-06T02:00:00Z"),
    ] {
        start(db, period(new_uuid(), rule, due_at)).await;
    }
    world.set_clock(at("2026-01-06T02:00:01Z"));

    until(vec!["overdue".to_owned()], async || rings(&world, "filing").await).await;
    until(vec!["overdue".to_owned()], async || rings(&world, "mended").await).await;

    assert_eq!(bell.tries.load(Ordering::Relaxed), 3);
    assert!(rings(&world, "broken").await.is_empty(), "a failure left something behind");
    assert_eq!(count(&world, "toy.deadlines where state = 'running'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_may_move_its_period_and_is_called_at_the_new_end() {
    let world = world().await;
    let replica = toy_with(&world, Arc::new(Bell::default())).await;
    let db = replica.runtime.db();
    let warn_at = Some(at("2026-01-06T00:00:00Z"));
    start(db, NewDeadline { warn_at, ..period(new_uuid(), "extended", "2026-01-07T00:00:00Z") })
        .await;
    world.set_clock(at("2026-01-06T00:00:00Z"));
    until(vec!["warning".to_owned()], async || rings(&world, "extended").await).await;

    looked_at(&world, db, "2026-01-07T12:00:00Z").await; // the old end is past
    assert_eq!(rings(&world, "extended").await, ["warning"]);

    world.set_clock(at("2026-01-08T00:00:00.000001Z"));
    let both = vec!["warning".to_owned(), "overdue".to_owned()];
    until(both, async || rings(&world, "extended").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_may_meet_its_period_and_is_not_called_again() {
    let world = world().await;
    let replica = toy_with(&world, Arc::new(Bell::default())).await;
    let (db, end) = (replica.runtime.db(), "2026-01-07T00:00:00Z");
    let warn_at = Some(at("2026-01-06T00:00:00Z"));
    start(db, NewDeadline { warn_at, ..period(new_uuid(), "met", end) }).await; // at its warning
    start(db, period(new_uuid(), "met", end)).await; // at its end, which is too late

    world.set_clock(at("2026-01-06T00:00:00Z"));
    until(1, async || count(&world, "toy.deadlines where state = 'met'").await).await;
    world.set_clock(at("2026-01-07T00:00:01Z"));
    until(1, async || count(&world, "toy.deadlines where state = 'met_late'").await).await;

    looked_at(&world, db, "2026-01-09T00:00:00Z").await;
    assert_eq!(rings(&world, "met").await, ["warning", "overdue"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_period_fires_at_its_new_end_and_a_closed_one_never_again() {
    let world = world().await;
    let replica = toy_with(&world, Arc::new(Bell::default())).await;
    let (db, toy) = (replica.runtime.db().clone(), new_uuid());
    for rule in ["moved", "done", "late", "cancelled"] {
        start(&db, period(toy, rule, "2026-01-06T00:00:00Z")).await;
    }
    db.transaction("change", Scope::Bureau("619921".parse().unwrap()), move |tx| {
        Box::pin(async move {
            tx.lock(vec![toy]).await?;
            tx.move_deadline(&period(toy, "moved", "2026-01-08T00:00:00Z")).await?;
            tx.cancel_deadline(toy, "cancelled", toy).await?;
            tx.meet_deadline(toy, "done", toy, at("2026-01-06T00:00:00Z")).await
        })
    })
    .await
    .unwrap();

    looked_at(&world, &db, "2026-01-06T12:00:00Z").await;
    assert_eq!(rings(&world, "late").await, ["overdue"]);
    db.transaction("change", Scope::Bureau("619921".parse().unwrap()), move |tx| {
        Box::pin(async move {
            tx.lock(vec![toy]).await?;
            tx.meet_deadline(toy, "late", toy, at("2026-01-06T12:00:00Z")).await
        })
    })
    .await
    .unwrap();

    looked_at(&world, &db, "2026-01-08T00:00:00Z").await;
    assert!(rings(&world, "moved").await.is_empty());
    looked_at(&world, &db, "2026-01-08T00:00:00.000002Z").await;

    assert_eq!(rings(&world, "moved").await, ["overdue"]);
    assert_eq!(rings(&world, "late").await, ["overdue"]);
    let states: Vec<String> = sqlx::query_scalar(
        "select rule || ' ' || state from toy.deadlines where rule <> 'mark' order by rule",
    )
    .fetch_all(&mut world.admin().await)
    .await
    .unwrap();
    assert_eq!(states, ["cancelled cancelled", "done met", "late met_late", "moved overdue"]);
    assert_eq!(count(&world, "toy.rings where rule in ('done', 'cancelled')").await, 0);
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
    let _replica = toy_with(&world, Arc::new(Bell::default())).await;
    until(vec!["overdue".to_owned()], async || rings(&world, "over").await).await;
}

/// Somebody with the service's own password tries to make a clock say what suits him.
#[tokio::test(flavor = "multi_thread")]
async fn the_services_own_roles_cannot_turn_a_period_back_or_silence_it() {
    let world = world().await;
    let running = toy_with(&world, Arc::new(Bell::default())).await;
    let db = world.db("toy");
    let [runs, over, closed] = [new_uuid(), new_uuid(), new_uuid()];
    start(&db, period(runs, "runs", "2026-02-01T00:00:00Z")).await;
    start(&db, period(over, "over", "2026-01-05T02:00:00Z")).await;
    start(&db, period(closed, "met", "2026-01-05T02:00:00Z")).await;
    looked_at(&world, &db, "2026-01-05T03:00:00Z").await;
    running.stop().await;

    for (toy, change, why) in [
        (runs, "started_at = due_at", "42501"),
        (runs, "rule = 'another'", "42501"),
        (runs, "bureau = '619922'", "42501"),
        (runs, "next_at = 'infinity'", "23514"),
        (runs, "next_at = due_at + interval '1 hour'", "23514"),
        (runs, "retry_at = 'infinity'", "23001"),
        (runs, "reminders = 1000", "23001"),
        (over, "state = 'running'", "23001"),
        (over, "due_at = due_at + interval '1 day'", "23001"),
        (over, "next_at = 'infinity'", "23514"),
        (over, "reminders = 1000", "23001"),
        (closed, "state = 'cancelled'", "23001"),
        (closed, "closed_at = due_at", "23001"),
        (closed, "state = 'running', next_at = due_at, closed_at = null", "23001"),
    ] {
        for role in ["gx_toy", "gx_toy_worker"] {
            let mut conn = sqlx::PgConnection::connect(&world.url(role)).await.unwrap();
            let sql = format!(
                "set gongxin.bureau = '619921'; update deadlines set {change} where aggregate = '{toy}'"
            );
            let tried = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await;
            let error = tried.expect_err(change);
            let code = error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .unwrap()
                .into_owned();
            assert_eq!(code, why, "{role}: {change}: {error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_entered_after_its_warning_warns_at_once() {
    let world = world().await;
    let replica = toy_with(&world, Arc::new(Bell::default())).await;
    let db = replica.runtime.db();
    world.set_clock(at("2026-01-06T12:00:00Z"));
    let late = |rule| NewDeadline {
        warn_at: Some(at("2026-01-06T00:00:00Z")),
        ..period(new_uuid(), rule, "2026-01-07T00:00:00Z")
    };
    start(db, late("filing")).await;
    until(vec!["warning".to_owned()], async || rings(&world, "filing").await).await;

    world.set_clock(at("2026-01-07T00:00:01Z"));
    start(db, late("past")).await; // over as well: nothing is left to warn of
    until(vec!["overdue".to_owned()], async || rings(&world, "past").await).await;
    let both = vec!["warning".to_owned(), "overdue".to_owned()];
    until(both, async || rings(&world, "filing").await).await;
}
