//! The staff pages of the register.

use gongxin_kernel::Post;
use gongxin_proto::intake::v1::FilingOutcome;
use gongxin_testkit::officer;
use http::StatusCode;

use crate::house::{House, desk, leader, theft};

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_finds_a_report_its_clock_and_its_way() {
    let house = House::new().await;
    let (status, empty) = house.page(&desk(), "/reports").await;
    assert_eq!(status, StatusCode::OK);
    assert!(empty.contains("还没有接报记录"), "{empty}");

    let report = house.register(theft(house.now())).await;
    house.decide(&leader(), &report.report_id, FilingOutcome::Filed).await.unwrap();
    let (_, list) = house.page(&desk(), "/reports").await;
    assert!(list.contains(&report.number) && list.contains("已立案"), "{list}");
    assert!(!list.contains("贺启文") && !list.contains("龚小军"));

    let (status, page) = house.page(&desk(), &format!("/reports/{}", report.report_id)).await;
    assert_eq!(status, StatusCode::OK);
    for shown in ["贺启文", "盗窃罪", "决定立案", "明公（刑）立字〔2026〕1号", &report.case_number]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let path = format!("/reports/{}/receipt", report.report_id);
    let (status, receipt) = house.page(&desk(), &path).await;
    assert_eq!(status, StatusCode::OK);
    gongxin_transparency::Receipt::parse(&receipt).unwrap();
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_to_file_shows_its_ground_the_time_to_serve_and_the_time_to_contest_it() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    let path = format!("/reports/{report}");
    let (_, page) = house.page(&desk(), &path).await;
    for shown in ["不予立案", "有犯罪事实，需要追究刑事责任", "通知书送达期限"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("申请复议期限"));

    house.serve(&report, house.now()).await.unwrap();
    let (_, page) = house.page(&desk(), &path).await;
    assert!(page.contains("申请复议期限") && page.contains("通知书送达时间"), "{page}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_refuse_who_may_not_read_and_what_is_not_there() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await;
    let auxiliary = officer("619900", &[Post::Auxiliary]);
    let path = format!("/reports/{}", report.report_id);
    assert_eq!(house.page(&auxiliary, &path).await.0, StatusCode::FORBIDDEN);
    assert_eq!(house.page(&auxiliary, "/reports").await.0, StatusCode::FORBIDDEN);
    for nowhere in ["/reports/x", "/reports/0199a7c0-0000-7000-8000-000000000000", "/cases"] {
        assert_eq!(house.page(&desk(), nowhere).await.0, StatusCode::NOT_FOUND, "{nowhere}");
    }
    let (status, page) = house.page(&desk(), "/reports?after=x").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("PAGE_TOKEN_INVALID"));
    house.stop().await;
}
