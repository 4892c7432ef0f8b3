//! A victim follows the case on the public page, at a desk and with a phone.

use gongxin_proto::disclosure::v1::disclosure_service_client::DisclosureServiceClient;
use gongxin_proto::disclosure::v1::{Holder, IssueQueryCodeRequest};
use gongxin_testkit::eventually;
use gongxin_tests::county::{County, Setup, desk};
use gongxin_tests::outside::public_side;
use gongxin_tests::story;
use tonic::transport::Endpoint;

use crate::driver::{Browser, DESKTOP, PHONE};

/// What the bureau knows of the case and the victim is not shown.
const PRIVATE: [&str; 16] = [
    "龚小军",
    "贺启文",
    "19900006070",
    "电动车",
    "振兴路",
    "盗窃",
    "购车发票",
    "追究刑事责任",
    "社会危险性",
    "民警",
    "619044",
    "619045",
    "619005",
    "619001",
    "拘字",
    "A61992101",
];

/// A code for the victim of the report with this number, as the counter hands it out.
async fn query_code(county: &County, receipt_number: &str) -> String {
    let channel = Endpoint::from_shared(county.disclosure.url()).unwrap().connect_lazy();
    let message = IssueQueryCodeRequest {
        request_id: story::id(),
        receipt_number: receipt_number.to_owned(),
        holder: Holder::Victim.into(),
        kinship_proof: String::new(),
    };
    story::insist(county, &desk(), message, |call| {
        let mut api = DisclosureServiceClient::new(channel.clone());
        async move { api.issue_query_code(call).await }
    })
    .await
    .query_code
}

/// Types number and code on the first page and presses the button.
async fn ask(browser: &Browser, public: &str, number: &str, code: &str) {
    browser.goto(public).await;
    browser.fill("number", number).await;
    browser.fill("code", code).await;
    browser.press("form button").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_dis_3_a_victim_sees_the_steps_of_the_case_and_nothing_that_is_private() {
    let county = County::new(Setup::default()).await;
    let told = story::theft(&county, 0).await;
    county.until_level().await;
    let number = &told.report.number;
    let code = query_code(&county, number).await;
    let running = public_side(&county).await;
    let public = format!("http://{}/", running.address);

    for screen in [DESKTOP, PHONE] {
        let browser = Browser::open(screen).await;
        browser.goto(&public).await;
        browser.fits().await;
        // The steps reach the public side one by one.
        let seen = eventually("the last step", async || {
            ask(&browser, &public, number, &code).await;
            let seen = browser.text().await;
            seen.contains("已依法执行逮捕").then_some(seen)
        })
        .await;
        for step in ["查询结果", "城关派出所", "接报案登记，出具回执", "决定立案", "12389"]
        {
            assert!(seen.contains(step), "{step}: {seen}");
        }
        browser.fits().await;
        let source = browser.source().await;
        for private in PRIVATE {
            assert!(!source.contains(private), "{private}: {source}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_dis_3_a_wrong_code_and_an_unknown_number_look_the_same() {
    let county = County::new(Setup::default()).await;
    let number = story::register(&county, 0).await.number;
    county.until_level().await;
    let code = query_code(&county, &number).await;
    let running = public_side(&county).await;
    let public = format!("http://{}/", running.address);
    let browser = Browser::open(PHONE).await;
    ask(&browser, &public, &number, &code).await;
    assert!(browser.text().await.contains("正在审查是否立案"));

    ask(&browser, &public, &number, "3333333333").await;
    let (wrong, seen) = (browser.source().await, browser.text().await);
    assert!(seen.contains("没有可以显示的结果"), "{seen}");
    browser.fits().await;
    ask(&browser, &public, "明公接报字〔2026〕99号", &code).await;
    assert_eq!(browser.source().await, wrong);
}
