//! The staff pages as a browser gets them.

use axum::http::StatusCode;
use gongxin_kernel::{Post, Staff};
use gongxin_proto::review::v1::ExitStage;
use gongxin_testkit::officer;

use crate::office::*;

async fn page(office: &Office, staff: &Staff, path: &str) -> (StatusCode, String) {
    let url = format!("http://{}{path}", office.running.address);
    gongxin_testkit::get(&url, Some(&office.deployment.token(staff))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_numbers_and_periods_and_nobodys_name() {
    let office = Office::open().await;
    let (_, empty) = page(&office, &reviewer(), "/cases").await;
    assert!(empty.contains("还没有案件"), "{empty}");
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;

    let (status, list) = page(&office, &reviewer(), "/cases").await;
    assert_eq!(status, StatusCode::OK);
    for text in [&case.case_number, "城关派出所", "还剩 3 天", "执法运行"] {
        assert!(list.contains(text), "{text}");
    }
    assert!(!list.contains("张某某"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_shows_its_clock_step_by_step_its_exit_and_its_course() {
    let office = Office::open().await;
    let (case, exit) = office.delivered().await;
    office.exit_at(&case, ExitStage::Delivered).await;

    let reader = officer("619007", &[Post::SupervisionOfficer]);
    let (status, html) = page(&office, &reader, &format!("/cases/{}", case.case_id)).await;
    assert_eq!(status, StatusCode::OK);
    let link = format!("/cases/{}/exits/{}/receipt", case.case_id, exit.exit_id);
    for text in [
        "张某某",
        "提请批准逮捕中",
        "期限计算",
        "同意：事实清楚",
        &exit.document_number,
        &link,
        "出口文书送达",
    ] {
        assert!(html.contains(text), "{text}");
    }
    let mut admin = office.deployment.world().admin().await;
    let reads: i64 =
        sqlx::query_scalar("select count(*) from review.audit where actor = 'staff:619007'")
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert_eq!(reads, 1);

    let (status, receipt) = page(&office, &reader, &link).await;
    assert_eq!(status, StatusCode::OK);
    assert!(receipt.contains(&exit.document_number), "{receipt}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_page_says_why_in_chinese() {
    let office = Office::open().await;
    let nobody = officer("619006", &[Post::ReportOfficer]);
    let (status, html) = page(&office, &nobody, "/cases").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(html.contains("POWER_MISSING") && html.contains("您的岗位没有此项权限"), "{html}");

    let path = format!("/cases/{}", gongxin_kernel::new_uuid());
    let (status, html) = page(&office, &reviewer(), &path).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("法制部门尚未收到该案件"), "{html}");
    let (status, _) = page(&office, &reviewer(), "/cases/7").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
