//! The main job: from a 110 call to the procuratorate and back.

use gongxin_tests::county::{County, Setup};
use gongxin_tests::story;

use crate::books::balance;

#[tokio::test(flavor = "multi_thread")]
async fn a_theft_goes_from_the_call_to_the_arrest() {
    let county = County::new(Setup::default()).await;
    let told = story::theft(&county, 0).await;

    assert_eq!(told.report.number, "明公（010000）接报字〔2026〕1号");
    assert_eq!(told.exit_document, "明公（刑）提捕字〔2026〕1号");
    balance(&county, &[told]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_arrest_ends_with_a_release_paper() {
    let refuses = vec!["A6199210100002026010001".to_owned()];
    let county = County::new(Setup { refuses, ..Setup::default() }).await;
    let report = story::register(&county, 0).await;
    story::file(&county, &report.report_id).await;
    let case = story::get_case(&county, &report.report_id).await;
    let suspect = &case.suspects[0].suspect_id;
    story::detain(&county, &case.case_id, suspect, 0).await;
    story::send_for_arrest(&county, &case.case_id, suspect).await;
    story::carry_out(&county, &case.case_id, suspect, 0).await;

    let case = story::get_case(&county, &report.report_id).await;
    let stage = case.suspects[0].stage();
    assert_eq!(stage, gongxin_proto::review::v1::MeasureStage::Released);
    assert!(case.exits[0].answer_number.contains("不批捕"), "{:?}", case.exits);
}

#[tokio::test(flavor = "multi_thread")]
async fn services_that_are_asked_to_end_end_in_order_and_go_on_where_they_were() {
    let county = County::new(Setup::default()).await;
    let first = story::theft(&county, 0).await;
    county.intake.terminate();
    county.review.terminate();
    county.intake.restart();
    county.review.restart();
    let second = story::theft(&county, 1).await;
    balance(&county, &[first, second]).await;
}
