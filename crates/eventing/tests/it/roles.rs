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
    for role in ["gx_toy", "gx_toy_worker"] {
        refused(&world, role, "delete from events").await;
        refused(&world, role, "update events set data = ''").await;
        refused(&world, role, "truncate toys").await;
        refused(&world, role, "delete from toys").await;
        refused(&world, role, "delete from log").await;
        refused(&world, role, "select * from echo.echoes").await;
        refused(&world, role, "create table toy.more (id int)").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_sees_and_writes_rows_of_the_named_bureau_alone() {
    let world = world().await;
    wind(&world.db("toy"), new_uuid()).await.unwrap();
    let mut conn = PgConnection::connect(&world.url("gx_toy")).await.unwrap();

    for (bureau, expected) in [("619921", 1i64), ("619922", 0)] {
        let sql = format!("set gongxin.bureau = '{bureau}'");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
        let seen: i64 =
            sqlx::query_scalar("select count(*) from toys").fetch_one(&mut conn).await.unwrap();
        assert_eq!(seen, expected, "{bureau}");
    }
    let foreign = "set gongxin.bureau = '619922';
                   insert into toys values (gen_random_uuid(), '619921', 1)";
    refused(&world, "gx_toy", foreign).await;
    refused(&world, "gx_toy", "insert into toys values (gen_random_uuid(), '619921', 1)").await;
}
