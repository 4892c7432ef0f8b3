//! What somebody changed in the database is found and named: payload, leaf, tile, checkpoint,
//! number, cursor, audit chain, row. A log that nobody touched gives no finding.

use futures::future::BoxFuture;
use gongxin_eventing::verify::{Case, Defect, Finding, Held, Projection, followed};
use gongxin_eventing::{Newest, OrFault as _, Records, Scope, Tx, reasons, verify};
use gongxin_kernel::{Canonical, Fault, new_uuid};
use gongxin_testkit::{World, log_key, until};
use uuid::Uuid;

use crate::toys::{Running, change, count, echo, status, toy, wind, wind_in, world};

struct Toys;

impl Records for Toys {
    fn canonical<'t>(
        &'t self,
        tx: &'t mut Tx,
        newest: &'t Newest,
    ) -> BoxFuture<'t, Result<Vec<u8>, Fault>> {
        Box::pin(async move {
            let version: Option<i32> = sqlx::query_scalar("select version from toys where id = $1")
                .bind(newest.aggregate)
                .fetch_optional(tx.conn())
                .await
                .or_fault()?;
            let version = version.ok_or_else(|| Fault::new(&reasons::EVENT_NOT_FOUND))?;
            Ok(Canonical::new("toy").field("version", version.to_be_bytes()).finish())
        })
    }

    fn ids<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<Vec<Uuid>, Fault>> {
        Box::pin(async move {
            sqlx::query_scalar("select id from toys").fetch_all(tx.conn()).await.or_fault()
        })
    }

    fn follows(&self) -> &'static [&'static str] {
        &[]
    }

    fn find_case<'t>(
        &'t self,
        _: &'t mut Tx,
        _: &'t str,
    ) -> BoxFuture<'t, Result<Option<Case>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    fn held<'t>(&'t self, _: &'t mut Tx, _: &'t Case) -> BoxFuture<'t, Result<Vec<Held>, Fault>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn projected(&self, _: &str) -> Option<Projection> {
        None
    }
}

/// Everything that is wrong with the toy's schema.
async fn findings(world: &World) -> Vec<Finding> {
    let followers = followed(&world.db("echo"), "echo").await.unwrap();
    let key = log_key("toy").verifier();
    verify(&world.db("toy"), &key, &Toys, &followers).await.unwrap().findings
}

/// The findings as code and number.
async fn found(world: &World) -> Vec<(&'static str, Option<u64>)> {
    let findings = findings(world).await;
    findings.iter().map(|finding| (finding.defect.code(), finding.sequence)).collect()
}

/// Six toys wound fifty times each and one of another bureau, followed by an echo, all at rest;
/// four reads are on record and in the log.
async fn at_rest(world: &World) -> Vec<Uuid> {
    let db = world.db("toy");
    for actor in ["staff:1", "staff:2", "staff:3", "staff:4"] {
        db.transaction("read", Scope::Bureau("619921".parse().unwrap()), move |tx| {
            Box::pin(async move { tx.audit(actor, "get_toy", new_uuid()).await })
        })
        .await
        .unwrap();
    }
    let toys: Vec<Uuid> = (0..6).map(|_| new_uuid()).collect();
    let (source, echoes) = started(world).await;
    for _ in 0..50 {
        futures::future::join_all(toys.iter().map(|toy| wind(&db, *toy))).await;
    }
    wind_in(&db, "619922", new_uuid()).await.unwrap();
    until(302, async || status(&source).await.log_size).await;
    until(302, async || status(&echoes).await.cursors[0].applied).await;
    echoes.stop().await;
    source.stop().await;
    toys
}

async fn started(world: &World) -> (Running, Running) {
    let source = toy(world).await;
    let echoes = echo(world, &source).await;
    (source, echoes)
}

/// Changes the toy's tables as somebody who owns the whole server and stops every trigger.
async fn tamper(world: &World, sql: &str) {
    let sql = format!("set search_path to toy; set session_replication_role to replica; {sql}");
    change(world, &sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_touched_gives_no_finding() {
    let world = world().await;
    assert_eq!(found(&world).await, [], "before the first event");
    at_rest(&world).await;

    let key = log_key("toy").verifier();
    let report = verify(&world.db("toy"), &key, &Toys, &[]).await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!((report.entries, report.aggregates, report.audited), (302, 8, 4));
    assert_eq!(i64::try_from(report.checkpoints).unwrap(), count(&world, "toy.checkpoints").await);
    assert_eq!(found(&world).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_is_named_with_its_place() {
    let world = world().await;
    let toys = at_rest(&world).await;
    let event = "(select event_id from log where seq = 260)";
    let flipped = |column: &str, byte: i32| {
        format!("set {column} = set_byte({column}, {byte}, get_byte({column}, {byte}) # 1)")
    };
    let tamperings = [
        (format!("update events {} where id = {event}", flipped("data", 3)), "EVENT_DIFFERS", 260),
        (format!("update events set view = view || ' ' where id = {event}"), "EVENT_DIFFERS", 260),
        (
            format!("update events {} where id = {event}", flipped("salts", 95)),
            "EVENT_DIFFERS",
            260,
        ),
        (
            format!("update events set at = at + interval '1 microsecond' where id = {event}"),
            "EVENT_DIFFERS",
            260,
        ),
        (format!("update log {} where seq = 17", flipped("leaf", 0)), "LEAF_DIFFERS", 17),
        (
            format!("update tiles {} where level = 0 and index = 1", flipped("hashes", 64)),
            "TILE_DIFFERS",
            258,
        ),
        (
            "update tiles set hashes = substr(hashes, 1, 8160) where level = 0 and index = 0"
                .into(),
            "TILE_DIFFERS",
            255,
        ),
        (
            "update tiles set hashes = hashes || sha256('') where level = 0 and index = 1".into(),
            "TILE_DIFFERS",
            301,
        ),
        ("delete from log where seq = 40".into(), "SEQUENCE_GAP", 40),
        (format!("delete from events where id = {event}"), "EVENT_MISSING", 260),
        ("delete from checkpoints where size = 302".into(), "CHECKPOINT_MISSING", 302),
        (
            "update checkpoints set note = replace(note, '302', '303') where size = 302".into(),
            "CHECKPOINT_UNSIGNED",
            302,
        ),
        (
            "delete from checkpoints where size between 200 and 301;
             update checkpoints set size = 250 where size = 302"
                .into(),
            "CHECKPOINT_DIFFERS",
            250,
        ),
        ("update checkpoints set size = 400 where size = 302".into(), "CHECKPOINT_DIFFERS", 400),
        ("delete from log where seq = 301".into(), "CURSOR_AHEAD", 302),
        (
            "update echo.cursors set last_event = 'x' where name like '%toy'".into(),
            "CURSOR_DIFFERS",
            301,
        ),
        ("update cursors set position = 303 where name = 'relay'".into(), "CURSOR_AHEAD", 303),
        ("update audit set actor = 'staff:9' where no = 3".into(), "AUDIT_DIFFERS", 3),
        ("delete from audit where no = 4".into(), "AUDIT_DIFFERS", 4),
    ];
    for table in ["events", "log", "tiles", "checkpoints", "cursors", "audit"] {
        change(&world, &format!("create table saved_{table} as select * from toy.{table}")).await;
    }
    change(&world, "create table saved_echo as select * from echo.cursors").await;
    for (sql, code, place) in tamperings {
        tamper(&world, &sql).await;
        let found = found(&world).await;
        assert!(found.contains(&(code, Some(place))), "{sql}: {found:?}");
        restore(&world).await;
        assert_eq!(self::found(&world).await, [], "after {sql} was put right");
    }
    assert_eq!(toys.len(), 6);
}

async fn restore(world: &World) {
    let tables = ["events", "log", "tiles", "checkpoints", "cursors", "audit"].map(|table| {
        format!(
            "delete from toy.{table};
             insert into toy.{table} overriding system value select * from public.saved_{table};"
        )
    });
    let sql = format!(
        "set session_replication_role to replica; {}
         delete from echo.cursors; insert into echo.cursors select * from public.saved_echo;",
        tables.concat()
    );
    change(world, &sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_change_of_a_payload_is_one_finding_and_names_the_aggregate() {
    let world = world().await;
    let toys = at_rest(&world).await;
    let of = format!("aggregate = '{}' and version = 7", toys[2]);
    tamper(&world, &format!("update events set data = data || '\\x00' where {of}")).await;

    let findings = findings(&world).await;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].defect, Defect::EventDiffers);
    assert_eq!(findings[0].aggregate, Some(toys[2]));
    assert!(findings[0].to_string().starts_with("toy EVENT_DIFFERS #"), "{}", findings[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payload_with_leaf_and_tiles_made_to_fit_is_betrayed_by_the_signed_roots() {
    let world = world().await;
    let toys = at_rest(&world).await;
    // Whoever has the database and not the key can write everything but a signature.
    let of = format!("aggregate = '{}' and version = 1", toys[0]);
    let seq: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "select seq from toy.log join toy.events on id = event_id where {of}"
    )))
    .fetch_one(&mut world.admin().await)
    .await
    .unwrap();
    let place = seq * 32 + 1;
    tamper(
        &world,
        &format!(
            "update log set leaf = sha256('') where seq = {seq};
             update tiles set hashes = overlay(hashes placing sha256('') from {place} for 32)
              where level = 0 and index = 0"
        ),
    )
    .await;

    let found = found(&world).await;
    let seq = seq.unsigned_abs();
    assert!(found.contains(&("EVENT_DIFFERS", Some(seq))), "{found:?}");
    assert!(found.iter().any(|(code, size)| *code == "CHECKPOINT_DIFFERS" && *size > Some(seq)));
    assert!(found.iter().any(|(code, _)| *code == "TILE_DIFFERS"), "the tile above: {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_was_kept_from_the_log_is_found() {
    let world = world().await;
    let toys = at_rest(&world).await;
    wind(&world.db("toy"), toys[1]).await.unwrap();
    assert_eq!(found(&world).await, [], "it waits for its number");

    tamper(&world, "delete from unsequenced").await;

    let findings = findings(&world).await;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].defect, Defect::EventUnnumbered);
    assert_eq!(findings[0].aggregate, Some(toys[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_removed_or_added_row_is_found() {
    let world = world().await;
    let toys = at_rest(&world).await;
    let added = new_uuid();
    tamper(
        &world,
        &format!(
            "update toys set version = 51 where id = '{}'; delete from toys where id = '{}';
             insert into toys values ('{added}', '619922', 1)",
            toys[4], toys[5]
        ),
    )
    .await;

    let mut findings: Vec<_> =
        findings(&world).await.into_iter().map(|it| (it.defect.code(), it.aggregate)).collect();
    findings.sort_unstable();
    assert_eq!(
        findings,
        [
            ("ROW_DIFFERS", Some(toys[4])),
            ("ROW_MISSING", Some(toys[5])),
            ("ROW_WITHOUT_EVENT", Some(added))
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_done_beside_a_service_at_work() {
    let world = world().await;
    let (_source, _echoes) = started(&world).await;
    let (db, toy) = (world.db("toy"), new_uuid());
    let work = async {
        for _ in 0..100 {
            wind(&db, toy).await.unwrap();
        }
    };
    let watch = async {
        for _ in 0..10 {
            assert_eq!(found(&world).await, []);
        }
    };
    tokio::join!(work, watch);
}
