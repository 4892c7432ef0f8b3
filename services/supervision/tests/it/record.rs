//! What was recorded stays as it is, whoever asks the database.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn no_role_of_the_service_deletes_or_rewrites_what_was_recorded() {
    let house = House::open().await;
    house.overdue_review().await;
    let refused = [
        "delete from timeline",
        "update timeline set subject = 'case.filed'",
        "delete from findings",
        "update findings set kind = 'recording_missing'",
        "update findings set unit_code = '619921020000'",
        "delete from finding_acts",
        "update finding_acts set text = '另有理由'",
        "update recordings set digest = decode(repeat('00', 32), 'hex')",
        "delete from recordings",
        "update watches set due_at = started_at + interval '9 days'",
        "update scheme_items set points = 1",
        "update cases set unit_code = '619921020000'",
    ];
    for role in ["gx_supervision", "gx_supervision_worker"] {
        let mut role = PgConnection::connect(&house.world().url(role)).await.unwrap();
        for sql in refused {
            let error = sqlx::query(AssertSqlSafe(sql)).execute(&mut role).await.unwrap_err();
            let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
            assert_eq!(code.as_deref(), Some("42501"), "{sql}: {error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_role_sees_nothing_without_naming_a_bureau() {
    let house = House::open().await;
    house.overdue_review().await;
    let mut role = PgConnection::connect(&house.world().url("gx_supervision")).await.unwrap();
    for table in ["cases", "timeline", "findings", "finding_acts", "watches", "recordings"] {
        let sql = format!("select count(*) from {table}");
        let seen: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut role).await.unwrap();
        assert_eq!(seen, 0, "{table}");
    }
}
