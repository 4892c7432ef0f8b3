//! The days off of a year are published while periods run into it.

use gongxin_proto::common::v1::Period;
use gongxin_proto::intake::v1::{FilingOutcome, ReportPeriodRecomputed};
use gongxin_testkit::until;
use prost::Message as _;

use crate::house::{House, leader, theft};
use crate::reconsideration;

impl House {
    fn at(&self, at: &str) {
        self.world().set_clock(at.parse().unwrap());
    }

    /// What the events say that moved periods of a report.
    async fn recomputed(&self, report: &str) -> Vec<ReportPeriodRecomputed> {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(
            "select data from intake.events
              where aggregate = $1::uuid and subject = 'report.period_recomputed'
              order by version",
        )
        .bind(report)
        .fetch_all(&mut self.world().admin().await)
        .await
        .unwrap();
        rows.iter().map(|data| ReportPeriodRecomputed::decode(&data[..]).unwrap()).collect()
    }
}

fn ends(period: Option<&Period>) -> (&str, bool) {
    let period = period.unwrap();
    (period.due_at.as_str(), period.assumed)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_year_moves_what_runs_and_says_so_and_leaves_what_is_over() {
    let house = House::new().await;
    house.at("2026-12-04T02:00:00Z");
    let extended = house.register(theft(house.now())).await.report_id;
    house.extend(&leader(), &extended, "major").await.unwrap();
    house.at("2026-12-10T02:00:00Z");
    let over = house.register(theft(house.now())).await.report_id;
    house.at("2026-12-29T02:00:00Z");
    house.until_happened(&over, &["report.registered", "case.filing_review_overdue"]).await;
    let waiting = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &waiting, FilingOutcome::NotFiled).await.unwrap();
    let steady = house.register(theft(house.now() - jiff::SignedDuration::from_hours(30))).await;
    let before = [house.subjects(&over).await, house.subjects(&steady.report_id).await];

    let notice = house.deployment.knowing_2027();
    let house = house.again(&notice).await;
    let happened = ["report.registered", "case.not_filed", "report.period_recomputed"];
    house.until_happened(&waiting, &happened).await;
    until(1, async || house.recomputed(&extended).await.len()).await;

    // Three days to serve the notice ended on what turned out to be New Year.
    let [told] = &house.recomputed(&waiting).await[..] else { panic!("once") };
    assert_eq!(ends(told.before.as_ref()), ("2027-01-01T15:59:59.999999Z", true));
    assert_eq!(ends(told.after.as_ref()), ("2027-01-04T15:59:59.999999Z", false));
    assert_eq!(told.reason, "2027年放假安排已公布");
    // Thirty days granted end on the same Monday, which is certain now.
    let [told] = &house.recomputed(&extended).await[..] else { panic!("once") };
    assert_eq!(ends(told.before.as_ref()), ("2027-01-04T15:59:59.999999Z", true));
    assert_eq!(ends(told.after.as_ref()), ("2027-01-04T15:59:59.999999Z", false));
    assert!(!house.report(&extended).await.overdue);
    assert_eq!([house.subjects(&over).await, house.subjects(&steady.report_id).await], before);

    let history = house.report(&waiting).await.history;
    assert!(history[2].actor.starts_with("law:"), "{}", history[2].actor);
    let (_, page) = house.page(&leader(), &format!("/reports/{waiting}")).await;
    assert!(page.contains("期限重新计算") && page.contains("2027-01-04"), "{page}");

    // Nobody is late before the new end, and everybody after it.
    house.at("2027-01-04T15:59:59Z");
    let served = house.serve(&waiting, house.now()).await.unwrap();
    assert_eq!(served, "2027-01-11T15:59:59.999999Z");
    assert_eq!(house.deadline(&waiting, "intake.non_filing.notice").await, "met");
    house.at("2027-01-04T16:00:00Z");
    until(true, async || house.report(&extended).await.overdue).await;
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_was_told_how_long_he_may_ask_keeps_that_time() {
    let house = House::new().await;
    house.at("2027-01-02T02:00:00Z");
    let report = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    // Seven days end on a Saturday; as far as anybody knows it is one like every other.
    let told = house.serve(&report, house.now()).await.unwrap();
    assert_eq!(told, "2027-01-11T15:59:59.999999Z");
    let rule = "intake.non_filing.reconsideration.request";

    // On that Saturday offices work.
    let notice = house.deployment.knowing_2027();
    let house = house.again(&notice).await;
    let agreed = format!(
        "select count(*) from intake.deadlines where rule = '{rule}'
            and basis = (select id from intake.laws order by started_at desc limit 1)"
    );
    until(1_i64, async || {
        let sql = sqlx::AssertSqlSafe(agreed.clone());
        sqlx::query_scalar(sql).fetch_one(&mut house.world().admin().await).await.unwrap()
    })
    .await;
    assert!(house.recomputed(&report).await.is_empty());

    house.at("2027-01-11T01:00:00Z");
    reconsideration::ask(&house, reconsideration::request(&report, house.now())).await.unwrap();
    assert_eq!(house.deadline(&report, rule).await, "met");
    house.stop().await;
}
