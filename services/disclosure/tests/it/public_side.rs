//! The public side: allow-listed fields, one and the same nothing, a role that reads four tables.

use gongxin_disclosure::{PUBLIC_ROLE, prepare_public};
use gongxin_documents::{Draft, Kind};
use gongxin_proto::disclosure::v1::Holder;
use gongxin_proto::intake::v1::NonFilingNoticeServed;
use gongxin_proto::review::v1::{MeasureEntered, MeasureKind};
use gongxin_testkit::eventually;
use http::StatusCode;
use sqlx::{AssertSqlSafe, PgPool};

use crate::house::{House, Seen, number};
use crate::sources::{CANARY, filed, not_filed, period, publish};

/// Asks until the answer has this text.
async fn ask_until(house: &House, code: &str, text: &str) -> Seen {
    eventually(text, async || {
        let seen = house.ask(&number(1), code).await;
        seen.text.contains(text).then_some(seen)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn req_dis_3_a_reporter_follows_the_report_and_sees_stages_and_dates_alone() {
    let house = House::new().await;
    let report = house.report(1).await;
    let code = house.issue(1, Holder::Reporter).await.query_code;
    let seen = house.ask(" 明公接报[2026]１号", &code.to_lowercase()).await;
    assert_eq!(seen.status, StatusCode::OK);
    for text in ["城关派出所", "正在审查是否立案", "接报案登记", "2026-01-08 23:59", "立案监督"]
    {
        assert!(seen.text.contains(text), "{text}: {}", seen.text);
    }

    publish(house.world(), "intake", (report, 2), not_filed(report, 1)).await;
    ask_until(&house, &code, "不予立案通知书应当在 2026-01-10 23:59").await;
    let served = NonFilingNoticeServed {
        report_id: report.to_string(),
        case_number: CANARY.into(),
        notice_number: CANARY.into(),
        served_at: "2026-01-09T02:00:00Z".into(),
        reconsideration: Some(period("r", "2026-01-16T15:59:59Z")),
    };
    publish(house.world(), "intake", (report, 3), served).await;
    let seen = ask_until(&house, &code, "2026-01-16 23:59").await;
    assert!(seen.text.contains("申请复议") && seen.text.contains("已送达"), "{}", seen.text);
    assert!(!seen.text.contains(CANARY));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_in_every_private_field_is_on_no_public_page_and_in_no_public_table() {
    let house = House::new().await;
    let report = house.report(1).await;
    publish(house.world(), "intake", (report, 2), filed(report, 1)).await;
    let measure = MeasureEntered {
        case_id: report.to_string(),
        case_number: CANARY.into(),
        suspect_id: CANARY.into(),
        kind: MeasureKind::Detention.into(),
        started_at: "2026-01-06T02:00:00Z".into(),
        document_number: CANARY.into(),
        ..Default::default()
    };
    publish(house.world(), "review", (report, 1), measure).await;
    let code = house.issue(1, Holder::Victim).await.query_code;
    // Two logs are followed side by side: neither of the two steps waits for the other.
    ask_until(&house, &code, "已立案侦查").await;
    let seen = ask_until(&house, &code, "已依法采取强制措施").await;
    let pages = [
        seen,
        house.get("/").await,
        house.get("/verify").await,
        house.get("/published").await,
        house.get("/nowhere").await,
        house.ask(&number(1), "wrong").await,
    ];
    for page in pages {
        for private in [CANARY, "龚小军", &report.to_string(), "A6199210100002026010001"] {
            assert!(!page.text.contains(private), "{private}: {}", page.text);
        }
        assert!(!page.text.contains(&code));
    }
    for table in ["public_matters", "public_steps", "public_codes", "public_documents"] {
        let sql =
            format!("select coalesce(string_agg(t::text, ' '), '') from disclosure.{table} t");
        let rows: String = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut house.world().admin().await)
            .await
            .unwrap();
        assert!(!rows.contains(CANARY) && !rows.contains("龚小军"), "{table}: {rows}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_number_wrong_code_ended_and_locked_answer_with_the_same_bytes() {
    let house = House::new().await;
    house.report(1).await;
    house.report(2).await;
    let family = house.issue(1, Holder::Family).await;
    let reporter = house.issue(1, Holder::Reporter).await.query_code;
    assert!(house.ask(&number(1), &family.query_code).await.text.contains("城关派出所"));
    house.revoke(1, &family.code_id).await;

    let wrong = house.ask(&number(1), "3333333333").await;
    assert!(wrong.text.contains("没有可以显示的结果"));
    assert_eq!(house.ask(&number(9), &reporter).await, wrong, "no such number");
    assert_eq!(house.ask(&number(2), &reporter).await, wrong, "the code of another report");
    assert_eq!(house.ask(&number(1), &family.query_code).await, wrong, "opposing party");
    assert_eq!(house.ask("", "").await, wrong, "nothing typed");
    assert_eq!(house.post("/result", &[]).await, wrong, "no fields");

    // One ended code and one wrong one count; three more lock the number.
    for _ in 0..2 {
        assert!(house.ask(&number(1), &reporter).await.text.contains("城关派出所"));
        assert_eq!(house.ask(&number(1), "4444444444").await, wrong);
    }
    assert_eq!(house.ask(&number(1), "4444444444").await, wrong);
    assert_eq!(house.ask(&number(1), &reporter).await, wrong, "locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_of_the_public_side_reads_its_four_tables_and_nothing_else() {
    let house = House::new().await;
    let pool = PgPool::connect(&house.world().url(PUBLIC_ROLE)).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select tablename::text from pg_tables where schemaname = 'disclosure' order by 1",
    )
    .fetch_all(&mut house.world().admin().await)
    .await
    .unwrap();
    assert!(tables.len() > 10);
    for table in tables {
        let sql = format!("select count(*) from disclosure.{table}");
        let read = sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql)).fetch_one(&pool).await;
        assert_eq!(read.is_ok(), table.starts_with("public_"), "{table}");
        let sql = format!("set transaction read write; delete from disclosure.{table}");
        assert!(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.is_err(), "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_has_its_headers_and_takes_nothing_by_address() {
    let house = House::new().await;
    for (path, status) in [
        ("/", StatusCode::OK),
        ("/verify", StatusCode::OK),
        ("/published", StatusCode::OK),
        ("/result", StatusCode::SEE_OTHER),
        ("/result?number=1&code=2", StatusCode::SEE_OTHER),
        ("/reports", StatusCode::NOT_FOUND),
    ] {
        let seen = house.get(path).await;
        assert_eq!(seen.status, status, "{path}");
        let has = |name: &str, part: &str| {
            seen.headers.iter().any(|(n, value)| n == name && value.contains(part))
        };
        assert!(has("content-security-policy", "default-src 'self'"), "{path}");
        assert!(has("referrer-policy", "no-referrer") && has("cache-control", "no-store"));
        assert!(!has("location", "number"), "{path}");
        assert!(!seen.text.contains("<script"), "{path}");
    }
    let (css, wrong) = (gongxin_pages::stylesheet_path(), house.post("/", &[]).await);
    assert_eq!(house.get(css).await.status, StatusCode::OK);
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_checked_and_a_changed_one_is_refused() {
    let house = House::new().await;
    let report = house.report(1).await;
    let event: uuid::Uuid = sqlx::query_scalar("select id from intake.events where aggregate = $1")
        .bind(report)
        .fetch_one(&mut house.world().admin().await)
        .await
        .unwrap();
    let db = house.world().db("intake");
    let log = house.world().log(&db, "intake").await;
    let bureau = "619921".parse().unwrap();
    let event = gongxin_kernel::EventId(event);
    let receipt = gongxin_eventing::receipt(&db, &log, &bureau, event).await.unwrap().to_text();

    let pasted = format!("\r\n{}  ", receipt.replace('\n', "\r\n"));
    let good = house.post("/verify", &[("receipt", &pasted)]).await;
    assert!(good.text.contains("回执真实") && good.text.contains("told"), "{}", good.text);
    for changed in [receipt.replace("case: told", "case: tolt"), "x".into(), String::new()] {
        let bad = house.post("/verify", &[("receipt", &changed)]).await;
        assert!(bad.text.contains("回执不能通过核验"), "{}", bad.text);
        assert!(!bad.text.contains("回执真实"));
    }
}

/// Whoever was handed a paper compares it with what its receipt says, without asking the bureau.
#[tokio::test(flavor = "multi_thread")]
async fn req_xc_7_the_receipt_of_a_document_is_checked_and_tells_number_and_verification_code() {
    let house = House::new().await;
    let db = house.world().db("intake");
    let scope = gongxin_eventing::Scope::Bureau("619921".parse().unwrap());
    let issued = db.transaction("issue", scope, |tx| {
        Box::pin(async move {
            let matter = gongxin_kernel::new_uuid();
            tx.lock(vec![matter]).await?;
            let number = "明公（刑）立字〔2026〕1号";
            let draft = Draft::new(Kind::FilingDecision, number).fact("被害人", "贺启文");
            let id = tx.issue(matter, draft).await?;
            tx.document(id).await
        })
    });
    let issued = issued.await.unwrap();
    let log = house.world().log(&db, "intake").await;
    let bureau = "619921".parse().unwrap();
    let receipt = gongxin_eventing::receipt(&db, &log, &bureau, issued.event).await.unwrap();
    let receipt = receipt.to_text();

    let digest = issued.document.digest();
    let good = house.post("/verify", &[("receipt", &receipt)]).await;
    for shown in ["回执真实", "签发文书", "立案决定书", "明公（刑）立字〔2026〕1号", &digest.code()]
    {
        assert!(good.text.contains(shown), "{shown}: {}", good.text);
    }
    assert!(good.text.contains("核验码") && !good.text.contains("贺启文"), "{}", good.text);
    let forged = receipt.replace("立字〔2026〕1号", "立字〔2026〕2号");
    assert_ne!(forged, receipt);
    let bad = house.post("/verify", &[("receipt", &forged)]).await;
    assert!(bad.text.contains("回执不能通过核验"), "{}", bad.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_may_be_made_from_several_databases_of_a_server_at_once() {
    let (one, other) = tokio::join!(House::new(), House::new());
    let (one, other) = tokio::join!(one.world().admin_pool(), other.world().admin_pool());
    let made = (0..20).map(|n| {
        let pool = if n % 2 == 0 { one.clone() } else { other.clone() };
        async move { prepare_public(&pool, "test").await }
    });
    for made in futures::future::join_all(made).await {
        made.unwrap();
    }
}
