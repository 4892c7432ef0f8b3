//! Who read what is chained, and the chain is fixed by the log: what was changed is found.

use gongxin_eventing::{Db, Scope, reasons, verify_audit};
use gongxin_kernel::{Fault, Post, new_uuid};
use gongxin_proto::operations::v1::{AuditHead, Envelope};
use gongxin_testkit::{World, officer, until};
use prost::{Message as _, Name as _};

use crate::toys::{Running, change, count, status, time_passes, toy, world};

async fn read_by(db: &Db, actor: &'static str) {
    let subject = new_uuid();
    db.transaction("read", Scope::Bureau("619921".parse().unwrap()), move |tx| {
        Box::pin(async move { tx.audit(actor, "get_report", subject).await })
    })
    .await
    .unwrap();
}

/// The first entry that is not what it was.
async fn broken_at(db: &Db) -> Option<u64> {
    verify_audit(db, &"619921".parse().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_written_at_once_make_one_chain() {
    let world = world().await;
    let db = world.db("toy");
    assert_eq!(broken_at(&db).await, None);

    futures::future::join_all((0..30).map(|_| read_by(&db, "staff:619001"))).await;

    assert_eq!(count(&world, "toy.audit where no between 1 and 30").await, 30);
    assert_eq!(broken_at(&db).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_at_once_are_each_recorded_before_anything_is_given_out() {
    let world = world().await;
    let db = world.db("toy");
    let reader = officer("619001", &[Post::CaseOfficer]);

    let read = async |n: u32| {
        let toy = new_uuid();
        let found = db.read("get_toy", &reader, toy, move |_| Box::pin(async move { Ok(n) })).await;
        let recorded = format!("toy.audit where subject = '{toy}' and action = 'get_toy'");
        (found.unwrap(), count(&world, &recorded).await)
    };
    let seen = futures::future::join_all((0..40).map(read)).await;

    assert_eq!(seen, (0..40).map(|n| (n, 1)).collect::<Vec<_>>());
    assert_eq!(count(&world, "toy.audit where no between 1 and 40").await, 40);
    assert_eq!(broken_at(&db).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_finds_nothing_or_cannot_be_recorded_gives_nothing() {
    let world = world().await;
    let db = world.db("toy");
    let reader = officer("619001", &[Post::CaseOfficer]);

    let unknown = db
        .read::<(), _>("get_toy", &reader, new_uuid(), |_| {
            Box::pin(async { Err(Fault::new(&reasons::EVENT_NOT_FOUND)) })
        })
        .await;
    assert_eq!(unknown.unwrap_err().reason, &reasons::EVENT_NOT_FOUND);
    assert_eq!(count(&world, "toy.audit").await, 0);

    change(&world, "revoke insert on toy.audit from gx_toy").await;
    let refused = db
        .read("get_toy", &reader, new_uuid(), |_| Box::pin(async { Ok("somebody's secret") }))
        .await;
    assert_eq!(refused.unwrap_err().reason, &reasons::DATABASE_REFUSED);
    change(&world, "grant insert on toy.audit to gx_toy").await;
    let read = db.read("get_toy", &reader, new_uuid(), |_| Box::pin(async { Ok(()) })).await;
    read.expect("the next one is entered again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_or_removed_entry_is_named() {
    let tamperings = [
        ("update toy.audit set actor = 'staff:619002' where no = 3", 3),
        ("update toy.audit set action = 'list_reports' where no = 3", 3),
        ("update toy.audit set at = at + interval '1 microsecond' where no = 3", 3),
        ("update toy.audit set subject = gen_random_uuid() where no = 3", 3),
        ("update toy.audit set hash = sha256('') where no = 3", 3),
        ("delete from toy.audit where no = 3", 4),
    ];
    let world = world().await;
    let db = world.db("toy");
    for _ in 0..5 {
        read_by(&db, "staff:619001").await;
    }
    change(&world, "create table saved as select * from toy.audit").await;
    for (tampering, found) in tamperings {
        change(&world, tampering).await;
        assert_eq!(broken_at(&db).await, Some(found), "{tampering}");
        change(&world, "truncate toy.audit; insert into toy.audit select * from saved").await;
        assert_eq!(broken_at(&db).await, None);
    }
}

/// The heads in the log, in order.
async fn heads(service: &Running) -> Vec<AuditHead> {
    let is_head = |event: &Envelope| event.r#type == AuditHead::full_name();
    let log = service.runtime.replay(0, 100).await.unwrap().into_iter();
    log.filter(is_head).map(|event| AuditHead::decode(&*event.data).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_of_the_chain_enters_the_log_when_it_has_grown() {
    let world = world().await;
    let db = world.db("toy");
    for _ in 0..3 {
        read_by(&db, "staff:619001").await;
    }
    let service = toy(&world).await;
    until(1, async || status(&service).await.log_size).await;
    let entered = heads(&service).await;
    let last: Vec<u8> = sqlx::query_scalar("select hash from toy.audit where no = 3")
        .fetch_one(&mut world.admin().await)
        .await
        .unwrap();
    assert_eq!(entered, [AuditHead { bureau: "619921".into(), entries: 3, hash: last }]);
    service.stop().await;

    let service = toy(&world).await;
    time_passes(&world, "toy", "audit_head").await;
    assert_eq!(count(&world, "toy.events").await, 1, "nothing was read since");
    service.stop().await;

    read_by(&db, "staff:619001").await;
    let service = toy(&world).await;
    until(2, async || status(&service).await.log_size).await;
    assert_eq!(heads(&service).await[1].entries, 4);
    assert_eq!(status(&service).await.audit_heads, 2);
    assert_eq!(broken_at(&db).await, None);
}

/// A service that has the head of four entries in its log.
async fn entered(world: &World) -> Running {
    for _ in 0..4 {
        read_by(&world.db("toy"), "staff:619001").await;
    }
    let service = toy(world).await;
    until(1, async || status(&service).await.log_size).await;
    service
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_cut_off_the_end_are_missed_by_the_log() {
    let world = world().await;
    let service = entered(&world).await;

    change(&world, "delete from toy.audit where no > 2").await;

    assert_eq!(broken_at(service.runtime.db()).await, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_replaced_in_a_chain_that_is_whole_is_named() {
    let world = world().await;
    let service = entered(&world).await;
    let db = service.runtime.db();

    change(&world, "delete from toy.audit where no = 4").await;
    read_by(db, "staff:619002").await;
    read_by(db, "staff:619002").await;

    assert_eq!(broken_at(db).await, Some(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_waits_for_a_change_under_way_and_is_on_record() {
    let world = world().await;
    let (db, toy) = (world.db("toy"), new_uuid());
    // A command holds the lock and has not committed: a read that went on would see half of it.
    let mut writer = world.admin().await;
    let sql = format!("begin; select pg_advisory_xact_lock(hashtextextended('toy{toy}', 0))");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut writer).await.unwrap();

    let reader = gongxin_testkit::officer("619001", &[]);
    let read = db.read("get_toy", &reader, toy, move |tx| Box::pin(tx.history(toy)));
    let commit = async {
        until(true, async || {
            sqlx::query_scalar::<_, bool>(
                "select exists (select from pg_locks l join pg_database d on d.oid = l.database
                  where d.datname = current_database() and l.locktype = 'advisory'
                    and not l.granted)",
            )
            .fetch_one(&mut world.admin().await)
            .await
            .unwrap()
        })
        .await;
        sqlx::raw_sql("commit").execute(&mut writer).await.unwrap();
    };
    let (history, ()) = tokio::join!(read, commit);

    assert!(history.unwrap().is_empty());
    let on_record = format!("toy.audit where action = 'get_toy' and subject = '{toy}'");
    assert_eq!(count(&world, &on_record).await, 1);
}
