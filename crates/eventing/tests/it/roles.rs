//! What the database refuses, whatever the program asks: with the real roles.

use gongxin_testkit::World;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use gongxin_kernel::new_uuid;

use crate::toys::{wind, world};

async fn refused(world: &World, role: &str, sql: &str) {
    let mut conn = PgConnection::connect(&world.url(role)).await.unwrap();
    let error = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap_err();
    let code =
        error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap().into_owned();
    assert_eq!(code, "42501", "{role}: {sql}: {error}"); // insufficient privilege
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_cannot_delete_records_or_look_into_another_schema() {
    let world = world().await;
    wind(&world.db("toy"), new_uuid()).await.unwrap();
    let statements = [
        "delete from toys",
        "truncate toys",
        "delete from events",
        "truncate events cascade",
        "update events set data = ''",
        "update events set actor = 'nobody'",
        "delete from log",
        "update log set leaf = leaf",
        "delete from checkpoints",
        "update checkpoints set note = ''",
        "delete from audit",
        "update audit set actor = 'nobody'",
        "delete from requests",
        "update requests set answer = ''",
        "delete from deadlines",
        "delete from quarantine",
        "update log_identity set log_id = 'other'",
        "drop table events",
        "alter table events disable row level security",
        "drop policy own_bureau on events",
        "create table toy.more (id int)",
        "create table public.more (id int)",
        "select * from echo.echoes",
        "select * from echo.events",
    ];
    for role in ["gx_toy", "gx_toy_worker"] {
        for statement in statements {
            refused(&world, role, statement).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_sees_and_writes_rows_of_the_named_bureau_alone() {
    let world = world().await;
    wind(&world.db("toy"), new_uuid()).await.unwrap();
    let mut conn = PgConnection::connect(&world.url("gx_toy")).await.unwrap();

    for (bureau, expected) in [("619922", 0), ("", 0), ("%", 0), ("619921", 1)] {
        let sql = format!("set gongxin.bureau = '{bureau}'");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
        for table in ["toys", "events", "requests"] {
            let sql = AssertSqlSafe(format!("select count(*) from {table}"));
            let seen: i64 = sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap();
            assert_eq!(seen, expected, "{table} as {bureau:?}");
        }
        let update = sqlx::query("update toys set version = version + 1");
        let changed = update.execute(&mut conn).await.unwrap().rows_affected();
        assert_eq!(changed, expected.unsigned_abs(), "{bureau:?}");
    }
    let moved = "set gongxin.bureau = '619921'; update toys set bureau = '619922'";
    refused(&world, "gx_toy", moved).await;
    let foreign = "set gongxin.bureau = '619922';
                   insert into toys values (gen_random_uuid(), '619921', 1)";
    refused(&world, "gx_toy", foreign).await;
    refused(&world, "gx_toy", "insert into toys values (gen_random_uuid(), '619921', 1)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_cannot_be_taken_off_the_queue_before_it_is_in_the_log() {
    let world = world().await;
    wind(&world.db("toy"), new_uuid()).await.unwrap();
    let mut worker = PgConnection::connect(&world.url("gx_toy_worker")).await.unwrap();
    let hidden = sqlx::raw_sql("delete from unsequenced").execute(&mut worker).await.unwrap_err();
    let code = hidden.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap();
    assert_eq!(code, "23001", "{hidden}");
    refused(&world, "gx_toy", "delete from unsequenced").await;
    refused(&world, "gx_toy_worker", "truncate unsequenced").await;
}
