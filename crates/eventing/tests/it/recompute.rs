//! A law that changes moves what runs, once, and nothing that is over.

use std::sync::Arc;

use futures::future::BoxFuture;
use gongxin_eventing::{
    Deadlines, Due, NewDeadline, OrFault as _, Reactions, Runtime, Scope, Stale, Tx, reasons,
};
use gongxin_kernel::{Fault, new_uuid};
use gongxin_law::{Calendar, Facts, Grant, Law};
use gongxin_testkit::{NOTICE_OF_2027, World, until};
use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::toys::{Nothing, Running, count, running, time_passes, world};

/// Three days, moved off days off.
const NOTICE: &str = "intake.non_filing.notice";
/// Seven days in which a person may ask.
const ASK: &str = "intake.non_filing.reconsideration.request";
/// Three days, then thirty with a leader's grant.
const REVIEW: &str = "intake.filing_review.criminal";

/// The law with the notice of 2027.
fn later() -> Law<'static> {
    let calendar = Box::leak(Box::new(Calendar::with(&[NOTICE_OF_2027]).unwrap()));
    Law { calendar, ..Law::builtin() }
}

/// Computes by its law and writes down that it did.
struct Toy(Law<'static>);

impl Deadlines for Toy {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }

    fn recompute<'t>(
        &'t self,
        tx: &'t mut Tx,
        stale: &'t Stale,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            let (broken, started, facts): (bool, String, String) = sqlx::query_as(
                "select explained[1] = 'broken', to_char(started_at, 'YYYY-MM-DD\"T\"HH24:MI:SSOF'),
                        facts::text
                   from deadlines where aggregate = $1 and rule = $2 and state = 'running'",
            )
            .bind(stale.aggregate)
            .bind(&stale.rule)
            .fetch_one(tx.conn())
            .await
            .or_fault()?;
            sqlx::query("insert into rings (bureau, rule, moment) values ($1, $2, $3)")
                .bind(tx.bureau()?.to_string())
                .bind(&stale.rule)
                .bind(&stale.reason)
                .execute(tx.conn())
                .await
                .or_fault()?;
            if broken {
                return Err(Fault::new(&reasons::INVARIANT_BROKEN));
            }
            let facts: Facts = serde_json::from_str(&facts).unwrap();
            let rule = [NOTICE, ASK, REVIEW].into_iter().find(|rule| *rule == stale.rule).unwrap();
            tx.move_deadline(&period(self.0, stale.aggregate, rule, &started, facts)).await
        })
    }
}

fn period(
    law: Law<'_>,
    aggregate: Uuid,
    rule: &'static str,
    started_at: &str,
    facts: Facts,
) -> NewDeadline {
    let started_at: Timestamp = started_at.parse().unwrap();
    let (row, due) = law.again(rule, started_at, &facts).unwrap();
    NewDeadline {
        aggregate,
        rule,
        rule_version: row.version(),
        subject: aggregate,
        started_at,
        warn_at: Some(due.warn_at),
        due_at: due.at,
        assumed: due.assumed,
        explained: due.render_zh(),
        facts: Some(facts),
    }
}

/// A replica whose law is `law`.
async fn replica(world: &World, law: Law<'static>) -> Running {
    let db = world.db("toy").under(law);
    let log = world.log(&db, "toy").await;
    let reactions: Arc<dyn Reactions> = Arc::new(Nothing);
    let bus = world.bus("toy").await;
    let runtime = Runtime::new(db, log, bus, Vec::new(), &reactions, Arc::new(Toy(law)));
    running(runtime, Arc::default())
}

async fn start(replica: &Running, deadline: NewDeadline) {
    let deadline = Arc::new(deadline);
    let scope = Scope::Bureau("619921".parse().unwrap());
    let started = replica.runtime.db().transaction("start", scope, move |tx| {
        let deadline = Arc::clone(&deadline);
        Box::pin(async move {
            tx.lock(vec![deadline.aggregate]).await?;
            tx.start_deadline(&deadline).await
        })
    });
    started.await.unwrap();
}

/// State, day of the end in China, and whether that was assumed.
async fn stands(world: &World, aggregate: Uuid) -> String {
    let sql = format!(
        "select state || to_char(due_at at time zone 'Asia/Shanghai', ' YYYY-MM-DD')
                || case when assumed then ' assumed' else '' end
           from toy.deadlines where aggregate = '{aggregate}'"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut world.admin().await).await.unwrap()
}

async fn reasons_told(world: &World) -> Vec<String> {
    sqlx::query_scalar("select moment from toy.rings order by n")
        .fetch_all(&mut world.admin().await)
        .await
        .unwrap()
}

/// No running period was computed by another law than that of the last replica.
async fn settled(world: &World) {
    let stale = "toy.deadlines where state = 'running' and due_at > '2026-12-29' and basis <>
                 (select id from toy.laws order by started_at desc limit 1)";
    until(0, async || count(world, stale).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_comes_out_moves_what_runs_and_leaves_what_is_over() {
    let world = world().await;
    world.set_clock("2026-12-29T02:00:00Z".parse().unwrap());
    let old = replica(&world, Law::builtin()).await;
    let plain = Facts::default();
    let [moved, shorter, kept, extended, steady, past, house] = std::array::from_fn(|_| new_uuid());
    let builtin = Law::builtin();
    for (toy, rule, from, facts) in [
        (moved, NOTICE, "2026-12-29T01:00:00Z", plain.clone()),
        (shorter, NOTICE, "2027-01-06T01:00:00Z", plain.clone()),
        (kept, ASK, "2027-01-02T01:00:00Z", plain.clone()),
        (
            extended,
            REVIEW,
            "2026-12-04T01:00:00Z",
            Facts { extensions: vec![Grant::full("major")], ..plain.clone() },
        ),
        (steady, NOTICE, "2026-12-28T01:00:00Z", plain.clone()),
        (past, NOTICE, "2026-12-21T01:00:00Z", plain.clone()),
    ] {
        start(&old, period(builtin, toy, rule, from, facts)).await;
    }
    let of_house = period(builtin, house, NOTICE, "2026-12-29T01:00:00Z", plain);
    start(&old, NewDeadline { facts: None, ..of_house }).await;
    until("overdue 2026-12-24".to_owned(), async || stands(&world, past).await).await;
    assert_eq!(stands(&world, moved).await, "running 2027-01-01 assumed");
    old.stop().await;

    let replicas = [
        replica(&world, later()).await,
        replica(&world, later()).await,
        replica(&world, later()).await,
    ];
    settled(&world).await;

    assert_eq!(stands(&world, moved).await, "running 2027-01-04");
    assert_eq!(stands(&world, shorter).await, "running 2027-01-09");
    assert_eq!(stands(&world, kept).await, "running 2027-01-11 assumed", "he was told the 11th");
    assert_eq!(stands(&world, extended).await, "running 2027-01-04", "thirty days, not three");
    assert_eq!(stands(&world, steady).await, "running 2026-12-31");
    assert_eq!(stands(&world, past).await, "overdue 2026-12-24");
    assert_eq!(stands(&world, house).await, "running 2027-01-01 assumed");
    assert_eq!(reasons_told(&world).await, ["2027年放假安排已公布"; 3], "each moved once");
    for replica in replicas {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_that_ended_unseen_is_over_all_the_same() {
    let world = world().await;
    let old = replica(&world, Law::builtin()).await;
    let toy = new_uuid();
    start(&old, period(Law::builtin(), toy, NOTICE, "2026-12-29T01:00:00Z", Facts::default()))
        .await;
    old.stop().await;
    // Nobody looked while it ended; by the new law it would still run.
    world.set_clock("2027-01-02T01:00:00Z".parse().unwrap());

    let new = replica(&world, later()).await;
    until("overdue 2027-01-01 assumed".to_owned(), async || stands(&world, toy).await).await;
    time_passes(&world, "toy", &lease(later())).await;

    assert_eq!(stands(&world, toy).await, "overdue 2027-01-01 assumed");
    new.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_moved_keeps_no_other_from_it() {
    let world = world().await;
    let old = replica(&world, Law::builtin()).await;
    let mut sound = Vec::new();
    for n in 0..40 {
        let toy = new_uuid();
        let to_move = period(Law::builtin(), toy, NOTICE, "2026-12-29T01:00:00Z", Facts::default());
        if n == 20 {
            start(&old, NewDeadline { explained: vec!["broken".into()], ..to_move }).await;
        } else {
            sound.push(toy);
            start(&old, to_move).await;
        }
    }
    // And one that no law gives an end.
    let senseless = Facts { extensions: vec![Grant::full("unheard_of")], ..Facts::default() };
    let strange = NewDeadline {
        facts: Some(senseless),
        ..period(Law::builtin(), new_uuid(), NOTICE, "2026-12-29T01:00:00Z", Facts::default())
    };
    start(&old, strange).await;
    old.stop().await;

    let new = replica(&world, later()).await;
    let moved = "toy.deadlines where due_at > '2027-01-03' and not assumed";
    until(39, async || count(&world, moved).await).await;

    assert_eq!(count(&world, "toy.rings").await, 39, "a failure left something behind");
    assert_eq!(stands(&world, sound[0]).await, "running 2027-01-04");
    new.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_law_is_that_of_the_replica_that_started_last() {
    let world = world().await;
    let old = replica(&world, Law::builtin()).await;
    let new = replica(&world, later()).await;
    let toy = new_uuid();
    // The old one still serves while the new one is rolled out.
    start(&old, period(Law::builtin(), toy, NOTICE, "2026-12-29T01:00:00Z", Facts::default()))
        .await;
    until("running 2027-01-04".to_owned(), async || stands(&world, toy).await).await;
    time_passes(&world, "toy", &lease(Law::builtin())).await;
    assert_eq!(stands(&world, toy).await, "running 2027-01-04");
    new.stop().await;
    old.stop().await;

    // Going back is a decision too: the notice was withdrawn.
    let back = replica(&world, Law::builtin()).await;
    until("running 2027-01-01 assumed".to_owned(), async || stands(&world, toy).await).await;
    let told = ["2027年放假安排已公布", "2027年放假安排已撤下"];
    assert_eq!(reasons_told(&world).await, told);
    back.stop().await;
}

fn lease(law: Law<'_>) -> String {
    format!("law:{}", law.basis().id())
}

/// A replica that looked before a newer law came must not move what that law has moved: a person's
/// own time, told as longer, would be cut short by one that is no more in force.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_law_has_moved_since_the_look_is_left_alone() {
    let world = world().await;
    world.set_clock("2026-12-29T02:00:00Z".parse().unwrap());
    let old = replica(&world, Law::builtin()).await;
    let toy = new_uuid();
    start(&old, period(Law::builtin(), toy, ASK, "2026-12-26T01:00:00Z", Facts::default())).await;
    old.stop().await;

    let mut admin = world.admin().await;
    let mut busy = sqlx::Connection::begin(&mut admin).await.unwrap();
    let key = format!("select pg_advisory_xact_lock(hashtextextended('toy{toy}', 0))");
    sqlx::raw_sql(AssertSqlSafe(key)).execute(&mut *busy).await.unwrap();
    let late = replica(&world, later()).await;
    // It has looked, and waits for the aggregate.
    let waits = "pg_locks where locktype = 'advisory' and not granted
                 and database = (select oid from pg_database where datname = current_database())";
    until(1, async || count(&world, waits).await).await;
    let newer = format!(
        "insert into toy.laws (id, content) values ('newer', '{{}}');
         update toy.deadlines set basis = 'newer', due_at = '2027-01-14T15:59:59.999999Z'
          where aggregate = '{toy}'"
    );
    sqlx::raw_sql(AssertSqlSafe(newer)).execute(&mut *busy).await.unwrap();
    busy.commit().await.unwrap();
    time_passes(&world, "toy", &lease(later())).await;

    assert_eq!(count(&world, "toy.rings").await, 0);
    assert!(stands(&world, toy).await.starts_with("running 2027-01-14"));
    late.stop().await;
}
