//! Reports made online: a receipt at once, inside by itself, registered by an officer.

use gongxin_disclosure::PUBLIC_ROLE;
use gongxin_proto::disclosure::v1::{
    GetPortalReportRequest, ListPortalReportsRequest, PortalChannel, PortalReport,
    RegisterPortalReportRequest,
};
use gongxin_testkit::{eventually, log_key, reason, until};
use gongxin_transparency::Receipt;
use http::StatusCode;
use sqlx::PgPool;
use tonic::Status;

use crate::house::{House, Seen, centre, desk, fresh, number, petitions};

const FACTS: &str = "龚小军骗走三千元";

/// What a browser sends with the form that it was given.
async fn send(house: &House, form: &str, facts: &str) -> Seen {
    let fields = [
        ("form", form),
        ("channel", "kiosk"),
        ("name", "苗春花"),
        ("phone", "0999-7654321"),
        ("place", "城关镇"),
        ("facts", facts),
    ];
    house.post("/report", &fields).await
}

/// The receipt on a page, as the reader copies it.
fn receipt(seen: &Seen) -> Receipt {
    let (_, rest) = seen.text.split_once("gongxin-receipt/v1").expect("a receipt on the page");
    let (text, _) = rest.split_once("</textarea>").unwrap();
    let text = text.replace("&#43;", "+").replace("&#47;", "/").replace("&#x2b;", "+");
    Receipt::parse(&format!("gongxin-receipt/v1{text}")).unwrap()
}

async fn inside(house: &House) -> PortalReport {
    eventually("the report inside", async || {
        let call = house.deployment.call(&desk(), ListPortalReportsRequest {});
        let list = house.api.clone().list_portal_reports(call).await.unwrap().into_inner();
        list.reports.into_iter().next()
    })
    .await
}

async fn register(house: &House, portal_id: &str, receipt_number: String) -> Result<(), Status> {
    let (request_id, portal_id) = (fresh(), portal_id.to_owned());
    let message = RegisterPortalReportRequest { request_id, portal_id, receipt_number };
    let call = house.deployment.call(&desk(), message);
    house.api.clone().register_portal_report(call).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn req_dis_4_a_report_made_online_has_a_receipt_at_once_and_is_registered_inside() {
    let house = House::new().await;
    let page = house.get("/report?channel=kiosk").await.text;
    let (_, main) = page.split_once("<main").expect("a main part");
    assert!(main.find("紧急情况请拨打110").unwrap() < main.find("<form").unwrap());
    assert!(page.contains(r#"name="channel" value="kiosk""#), "{page}");

    let seen = send(&house, &fresh(), FACTS).await;
    assert_eq!(seen.status, StatusCode::OK);
    let key = log_key("portal").verifier();
    let made = receipt(&seen);
    made.verify(&[key]).unwrap();
    assert_eq!(made.view.get("portal-number"), Some("网报〔2026〕1号"));
    assert_eq!(made.view.get("received-at"), Some("2026-01-05T01:00:00Z"));
    let checked = house.post("/verify", &[("receipt", &made.to_text())]).await;
    assert!(checked.text.contains("提交网上报案") && checked.text.contains("2026-01-05 09:00"));
    assert!(checked.text.contains("回执真实"), "{}", checked.text);
    assert!(!made.to_text().contains("龚小军") && !made.to_text().contains("苗春花"));

    let report = inside(&house).await;
    assert_eq!(
        (report.number.as_str(), report.channel()),
        ("网报〔2026〕1号", PortalChannel::Kiosk)
    );
    let call = house
        .deployment
        .call(&desk(), GetPortalReportRequest { portal_id: report.portal_id.clone() });
    let read = house.api.clone().get_portal_report(call).await.unwrap().into_inner();
    assert_eq!(read.content.unwrap().facts, FACTS);

    let (status, list) = house.staff_page(&desk(), "/portal").await;
    assert_eq!(status, StatusCode::OK);
    assert!(list.contains("网报〔2026〕1号") && !list.contains("苗春花"), "{list}");
    let path = format!("/portal/{}", report.portal_id);
    let (_, page) = house.staff_page(&desk(), &path).await;
    assert!(page.contains("苗春花") && page.contains("未经核实"), "{page}");
    assert_eq!(house.staff_page(&petitions(), &path).await.0, StatusCode::FORBIDDEN);
    assert_eq!(house.staff_page(&desk(), "/portal/x").await.0, StatusCode::NOT_FOUND);

    let early = register(&house, &report.portal_id, number(1)).await.unwrap_err();
    assert_eq!(reason(&early), "ACCESS_NOT_FOUND");
    house.report(1).await;
    register(&house, &report.portal_id, number(1)).await.unwrap();
    let again = register(&house, &report.portal_id, number(1)).await.unwrap_err();
    assert_eq!(reason(&again), "PORTAL_REPORT_REGISTERED");
    assert_eq!(inside(&house).await.receipt_number, number(1));
    assert_eq!(house.subjects().await, ["portal.report_received", "portal.report_registered"]);

    let told: Vec<Vec<u8>> = sqlx::query_scalar("select data from disclosure.events")
        .fetch_all(&mut house.world().admin().await)
        .await
        .unwrap();
    for data in told {
        let data = String::from_utf8_lossy(&data);
        assert!(!data.contains("苗春花") && !data.contains("龚小军") && !data.contains("7654321"));
    }
    house.conforms().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_is_one_report_and_reports_side_by_side_have_receipts_of_one_log() {
    let house = House::new().await;
    let form = fresh();
    let first = send(&house, &form, FACTS).await;
    assert_eq!(send(&house, &form, FACTS).await, first);

    let forms: Vec<String> = (0..6).map(|_| fresh()).collect();
    let others = futures::future::join_all(forms.iter().map(|form| send(&house, form, FACTS)));
    let mut places: Vec<u64> = std::iter::once(&first)
        .chain(&others.await)
        .map(|seen| receipt(seen).verify(&[log_key("portal").verifier()]).unwrap().index)
        .collect();
    places.sort_unstable();
    assert_eq!(places, [0, 1, 2, 3, 4, 5, 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_in_a_form_is_named_and_what_was_typed_stays() {
    let house = House::new().await;
    let fields = [("name", "苗春花"), ("phone", ""), ("facts", " ")];
    let seen = house.post("/report", &fields).await;
    assert!(seen.text.contains("苗春花") && seen.text.contains("必填"), "{}", seen.text);
    let empty = house.post("/report", &[]).await;
    assert!(empty.text.contains("必填") && !empty.text.contains("gongxin-receipt"));
    let made: i64 = sqlx::query_scalar("select count(*) from disclosure.portal_reports")
        .fetch_one(&mut house.world().admin().await)
        .await
        .unwrap();
    assert_eq!(made, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_side_cannot_read_again_what_it_wrote_nor_change_it() {
    let house = House::new().await;
    send(&house, &fresh(), FACTS).await;
    let pool = PgPool::connect(&house.world().url(PUBLIC_ROLE)).await.unwrap();
    for sql in [
        "select facts from disclosure.portal_reports",
        "set transaction read write; update disclosure.portal_reports set facts = '无'",
        "set transaction read write; update disclosure.public_log set leaf = leaf",
        "set transaction read write; update disclosure.public_receipts set receipt = ''",
        "select * from disclosure.portal_queue",
    ] {
        let done = sqlx::raw_sql(sql).execute(&pool).await.unwrap_err();
        let code = done.as_database_error().unwrap().code().unwrap().into_owned();
        assert_eq!(code, "42501", "{sql}");
    }
    let rows: String =
        sqlx::query_scalar("select string_agg(t::text, ' ') from disclosure.public_receipts t")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert!(!rows.contains("苗春花") && !rows.contains("龚小军"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_nobody_registers_in_three_days_becomes_overdue() {
    let house = House::new().await;
    send(&house, &fresh(), FACTS).await;
    let report = inside(&house).await;
    house.world().set_clock("2026-01-08T16:00:01Z".parse().unwrap());
    let told = vec!["portal.report_received".to_owned(), "portal.contact_overdue".to_owned()];
    until(told, async || house.subjects().await).await;
    house.report(1).await;
    register(&house, &report.portal_id, number(1)).await.unwrap();
    assert!(inside(&house).await.overdue);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_typed_is_for_those_who_register_reports() {
    let house = House::new().await;
    send(&house, &fresh(), FACTS).await;
    let portal_id = inside(&house).await.portal_id;
    for other in [centre(), petitions()] {
        let call =
            house.deployment.call(&other, GetPortalReportRequest { portal_id: portal_id.clone() });
        let refused = house.api.clone().get_portal_report(call).await.unwrap_err();
        assert_eq!(reason(&refused), "POWER_MISSING");
    }
    let call = house.deployment.call(&desk(), GetPortalReportRequest { portal_id: fresh() });
    let absent = house.api.clone().get_portal_report(call).await.unwrap_err();
    assert_eq!(reason(&absent), "PORTAL_REPORT_NOT_FOUND");
}
