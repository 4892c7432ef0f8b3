//! Query codes: issued once, kept as digests, ended for ever.

use gongxin_kernel::Post;
use gongxin_proto::disclosure::v1::{GetAccessRequest, Holder};
use gongxin_testkit::{officer, reason};

use crate::house::{House, centre, desk, issue, number};

#[tokio::test(flavor = "multi_thread")]
async fn req_dis_3_a_code_is_shown_once_and_kept_as_a_salted_digest() {
    let house = House::new().await;
    house.report(1).await;
    let ask = issue(1, Holder::Reporter);
    let call = house.deployment.call(&desk(), ask.clone());
    let first = house.api.clone().issue_query_code(call).await.unwrap().into_inner();
    assert_eq!(first.query_code.len(), 10);

    let call = house.deployment.call(&desk(), ask);
    let again = house.api.clone().issue_query_code(call).await.unwrap().into_inner();
    assert_eq!((again.code_id, again.query_code.as_str()), (first.code_id, ""));

    for table in ["access_codes", "public_codes", "requests", "events", "unsequenced", "audit"] {
        let sql =
            format!("select coalesce(string_agg(t::text, ' '), '') from disclosure.{table} t");
        let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut house.world().admin().await)
            .await
            .unwrap();
        assert!(!rows.contains(&first.query_code), "{table}");
        let hex: Vec<String> = first.query_code.bytes().map(|b| format!("{b:02x}")).collect();
        assert!(!rows.contains(&hex.concat()), "{table}");
    }
    assert_eq!(house.subjects().await, ["access.issued"]);
    house.conforms().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_see_who_has_a_code_and_never_the_code() {
    let house = House::new().await;
    house.report(1).await;
    let issued = house.issue(1, Holder::Family).await;
    house.revoke(1, &issued.code_id).await;
    let call = house.deployment.call(&centre(), GetAccessRequest { receipt_number: number(1) });
    let access = house.api.clone().get_access(call).await.unwrap().into_inner().access.unwrap();
    assert_eq!(access.codes.len(), 1);
    assert!(access.codes[0].revoked);
    assert_eq!(house.subjects().await, ["access.issued", "access.revoked"]);
    let reads: i64 =
        sqlx::query_scalar("select count(*) from disclosure.audit where actor = 'staff:619102'")
            .fetch_one(&mut house.world().admin().await)
            .await
            .unwrap();
    assert_eq!(reads, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ninth_live_code_is_refused_and_a_handler_ends_none() {
    let house = House::new().await;
    house.report(1).await;
    for _ in 0..8 {
        house.issue(1, Holder::Victim).await;
    }
    let call = house.deployment.call(&desk(), issue(1, Holder::Victim));
    let refused = house.api.clone().issue_query_code(call).await.unwrap_err();
    assert_eq!(reason(&refused), "CODES_EXHAUSTED");

    let handler = officer("619104", &[Post::CaseOfficer]);
    let message = gongxin_proto::disclosure::v1::RevokeAccessRequest::default();
    let call = house.deployment.call(&handler, message);
    let refused = house.api.clone().revoke_access(call).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
}
