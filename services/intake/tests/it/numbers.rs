//! Numbers of receipts: a series of each unit and year, without gaps, and no unit waits for another.

use std::collections::BTreeSet;

use gongxin_chassis::{Settings, start};
use gongxin_intake::Intake;
use gongxin_proto::intake::v1::RegisterReportRequest;
use jiff::Timestamp;
use sqlx::Connection as _;

use crate::house::{House, theft};

fn at_unit(now: Timestamp, code: &str, name: &str) -> RegisterReportRequest {
    let mut message = theft(now);
    let unit = message.unit.as_mut().unwrap();
    (unit.code, unit.name) = (code.to_owned(), name.to_owned());
    message
}

/// The counter of one unit is held, as by a registration that has not committed yet.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_is_slow_to_commit_keeps_no_other_from_its_numbers() {
    let house = House::new().await;
    let now = house.now();
    let slow = || at_unit(now, "619921510000", "城关派出所");
    assert_eq!(house.register(slow()).await.number, "明公（510000）接报字〔2026〕1号");
    let mut admin = house.world().admin().await;
    let mut held = admin.begin().await.unwrap();
    let locked = sqlx::query("select from intake.counters where name like '%510000%' for update");
    locked.fetch_all(&mut *held).await.unwrap();

    let mut waits = Box::pin(house.register(slow()));
    tokio::select! {
        biased;
        _ = &mut waits => panic!("it did not need the number that is held"),
        other = house.register(at_unit(now, "619921520000", "青溪派出所")) => {
            assert_eq!(other.number, "明公（520000）接报字〔2026〕1号");
        }
    }
    held.rollback().await.unwrap();
    assert_eq!(waits.await.number, "明公（510000）接报字〔2026〕2号");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_and_callers_at_once_leave_no_gap_in_any_series() {
    let house = House::new().await;
    let now = house.now();
    let callers = (0..24).map(|n| {
        let code = ["619921510000", "619921520000"][n % 2];
        let mut message = at_unit(now, code, "派出所");
        if n % 5 == 0 {
            message.facts = String::new();
        }
        let call = house.deployment.call(&crate::house::desk(), message);
        let mut api = house.api.clone();
        async move { api.register_report(call).await.ok().map(|answer| answer.into_inner().number) }
    });
    let numbers: BTreeSet<String> =
        futures::future::join_all(callers).await.into_iter().flatten().collect();

    // Of twenty-four callers five are refused: three of the one unit, two of the other.
    let expected = [("510000", 9), ("520000", 10)].iter().flat_map(|(unit, count)| {
        (1..=*count).map(move |serial| format!("明公（{unit}）接报字〔2026〕{serial}号"))
    });
    assert_eq!(numbers, expected.collect());
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bureau_gives_its_units_words_and_two_of_one_word_share_a_series() {
    let words = "[service.departments]\n619921510000 = \"城关\"\n619921520000 = \"城关\"\n";
    let house = House::new().await.again(words).await;
    let now = house.now();
    for (code, serial) in [("619921510000", 1), ("619921520000", 2), ("619921510000", 3)] {
        let number = house.register(at_unit(now, code, "派出所")).await.number;
        assert_eq!(number, format!("明公（城关）接报字〔2026〕{serial}号"));
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_cannot_stand_in_a_number_is_refused_at_the_start() {
    let house = House::new().await;
    let own = "[service]\norgan_word = \"明\"\n[service.departments]\n619921510000 = \"城〔关\"\n";
    let file = house.deployment.settings("intake", &[], own);
    let refused = start::<Intake>(&Settings::load(Some(&file)).unwrap()).await.map(drop);
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("departments.619921510000"), "{error}");
    house.stop().await;
}
