//! Officers sign in at the issuer's page and work through their queues.

use gongxin_tests::county::{County, Setup};
use gongxin_tests::story;

use crate::driver::{Browser, DESKTOP, PHONE};

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_8_a_reviewer_signs_in_and_opens_a_case_of_the_queue() {
    let county = County::new(Setup::default()).await;
    let report = story::theft(&county, 0).await.report;
    county.until_level().await;

    for screen in [DESKTOP, PHONE] {
        let browser = Browser::open(screen).await;
        browser.goto(&format!("{}/cases", county.review.url())).await;
        assert!(browser.text().await.contains("DEMO ONLY"), "the issuer asks who it is");
        browser.press("[value='619005']").await;
        let seen = browser.text().await;
        assert!(seen.contains("民警619005") && seen.contains(&report.case_number), "{seen}");
        assert!(!browser.source().await.contains("龚小军"), "the list names nobody");
        browser.fits().await;

        browser.follow(&report.case_number).await;
        let seen = browser.text().await;
        for step in ["提出审核意见", "明公（刑）提捕字〔2026〕1号", "批准逮捕", "执行逮捕"]
        {
            assert!(seen.contains(step), "{step}: {seen}");
        }
        browser.fits().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_4_the_counter_finds_a_report_and_what_became_of_it() {
    let county = County::new(Setup::default()).await;
    let report = story::register(&county, 0).await;
    story::file(&county, &report.report_id).await;
    let browser = Browser::open(PHONE).await;

    browser.goto(&format!("{}/reports", county.intake.url())).await;
    browser.press("[value='619044']").await;
    browser.fits().await;
    browser.follow(&report.number).await;

    let seen = browser.text().await;
    for step in ["贺启文", "电动车", "已立案", "民警619044", "民警619001"] {
        assert!(seen.contains(step), "{step}: {seen}");
    }
    browser.fits().await;
}
