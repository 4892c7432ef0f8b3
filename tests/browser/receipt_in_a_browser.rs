//! Anybody checks a receipt on the public page.

use gongxin_tests::county::{County, Setup};
use gongxin_tests::outside::public_side;
use gongxin_tests::story;
use gongxin_transparency::Receipt;

use crate::driver::{Browser, DESKTOP, PHONE};

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_6_a_pasted_receipt_is_genuine_and_one_changed_character_is_not() {
    let county = County::new(Setup::default()).await;
    let receipt = story::theft(&county, 0).await.receipt;
    let changed = receipt.replacen("〔2026〕1号", "〔2026〕2号", 1);
    assert_ne!(changed, receipt);
    let running = public_side(&county).await;
    let page = format!("http://{}/verify", running.address);

    for screen in [DESKTOP, PHONE] {
        let browser = Browser::open(screen).await;
        browser.goto(&page).await;
        browser.fits().await;
        browser.fill("receipt", &receipt).await;
        browser.press("form button").await;
        let seen = browser.text().await;
        assert!(
            seen.contains("回执真实") && seen.contains("明公（010000）接报字〔2026〕1号"),
            "{seen}"
        );
        for (key, _) in Receipt::parse(&receipt).unwrap().view.lines() {
            assert!(!seen.lines().any(|line| line == key), "{key} is no name: {seen}");
        }
        browser.fits().await;

        browser.fill("receipt", &changed).await;
        browser.press("form button").await;
        let seen = browser.text().await;
        assert!(seen.contains("回执不能通过核验") && !seen.contains("回执真实"), "{seen}");
        browser.fits().await;
    }
}
