//! What happens by itself when periods end.

use gongxin_proto::intake::v1::FilingOutcome;
use gongxin_testkit::reason;
use jiff::{SignedDuration, Timestamp};

use crate::house::{House, leader, theft};

const OVERDUE: [&str; 2] = ["report.registered", "case.filing_review_overdue"];

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_5_a_review_that_ends_undecided_opens_a_trace_back_by_itself() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await;
    let due: Timestamp = report.filing_review.unwrap().due_at.parse().unwrap();
    house.world().set_clock(due);
    let waiting = house.register(theft(due)).await;
    assert_eq!(house.subjects(&report.report_id).await, ["report.registered"]);

    house.world().set_clock(due + SignedDuration::from_micros(1));
    house.until_happened(&report.report_id, &OVERDUE).await;
    assert_eq!(house.subjects(&waiting.report_id).await, ["report.registered"]);
    let read = house.report(&report.report_id).await;
    assert!(read.overdue);
    assert_eq!(read.history[1].actor, "deadline:intake.filing_review.criminal");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_case_is_decided_all_the_same_and_stays_marked() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    house.pass(24 * 40);
    house.until_happened(&report, &OVERDUE).await;
    let too_late = house.extend(&leader(), &report, "major").await.unwrap_err();
    assert_eq!(reason(&too_late), "REVIEW_OVERDUE");

    house.decide(&leader(), &report, FilingOutcome::Filed).await.unwrap();
    assert_eq!(house.deadline(&report, "intake.filing_review.criminal").await, "met_late");
    assert!(house.report(&report).await.overdue);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_is_not_served_in_time_is_noted_once() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    house.pass(24 * 20);
    let noted = ["report.registered", "case.not_filed", "case.non_filing_notice_overdue"];
    house.until_happened(&report, &noted).await;

    house.serve(&report, house.now()).await.unwrap();
    assert_eq!(house.deadline(&report, "intake.non_filing.notice").await, "met_late");
    house.pass(24 * 40);
    let all = [&noted[..], &["case.non_filing_notice_served", "case.reconsideration_period_ended"]];
    house.until_happened(&report, &all.concat()).await;
    let reconsideration = "intake.non_filing.reconsideration.request";
    assert_eq!(house.deadline(&report, reconsideration).await, "met");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_entered_long_after_it_was_told_is_overdue_at_once() {
    let house = House::new().await;
    let mut message = theft(house.now() - SignedDuration::from_hours(24 * 60));
    message.request_id = gongxin_kernel::new_uuid().to_string();
    let report = house.register(message).await.report_id;

    house.until_happened(&report, &OVERDUE).await;
    house.stop().await;
}
