//! The filing review: extension, decision, notice.

use gongxin_kernel::Post;
use gongxin_proto::intake::v1::{FilingOutcome, ReportStage};
use gongxin_testkit::{fields, officer, reason};
use jiff::SignedDuration;

use crate::house::{House, desk, leader, theft};

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_5_a_filed_case_has_its_decision_and_its_clock_stops() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let number = house.decide(&leader(), &report, FilingOutcome::Filed).await.unwrap();

    assert_eq!(number, "明公（刑）立字〔2026〕1号");
    let read = house.report(&report).await;
    assert_eq!((read.stage(), read.decision_number), (ReportStage::Filed, number));
    assert_eq!(house.subjects(&report).await, ["report.registered", "case.filed"]);
    assert_eq!(house.deadline(&report, "intake.filing_review.criminal").await, "met");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_not_filed_gives_a_notice_to_serve_and_time_for_reconsideration() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let number = house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    assert_eq!(number, "明公（刑）不立字〔2026〕1号");
    assert_eq!(house.deadline(&report, "intake.non_filing.notice").await, "running");

    house.pass(20);
    house.serve(&report, house.now() - SignedDuration::from_hours(2)).await.unwrap();
    assert_eq!(house.deadline(&report, "intake.non_filing.notice").await, "met");
    let reconsideration = "intake.non_filing.reconsideration.request";
    assert_eq!(house.deadline(&report, reconsideration).await, "running");
    let twice = house.serve(&report, house.now()).await.unwrap_err();
    assert_eq!(reason(&twice), "NOTICE_NOT_OWED");
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_5_an_extension_moves_the_end_and_keeps_who_and_why() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await;
    let before = report.filing_review.unwrap().due_at;
    let after = house.extend(&leader(), &report.report_id, "needs_checking").await.unwrap();
    assert!(after > before, "{before} {after}");

    let again = house.extend(&leader(), &report.report_id, "needs_checking").await.unwrap_err();
    assert_eq!(reason(&again), "EXTENSION_REFUSED");
    let unknown = house.extend(&leader(), &report.report_id, "because").await.unwrap_err();
    assert_eq!(reason(&unknown), "EXTENSION_REFUSED");
    let read = house.report(&report.report_id).await;
    assert_eq!(read.filing_review.unwrap().due_at, after);
    assert_eq!(read.history[1].actor, "staff:619001");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registered_a_report_does_not_decide_it() {
    let house = House::new().await;
    let both = officer("619101", &[Post::ReportOfficer, Post::DutyLeader]);
    let report = house.register(theft(house.now())).await.report_id;
    let refused = house.decide(&both, &report, FilingOutcome::Filed).await.unwrap_err();

    assert_eq!(reason(&refused), "OWN_MATTER");
    assert_eq!(house.subjects(&report).await, ["report.registered"]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decided_review_is_neither_decided_nor_extended_again() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &report, FilingOutcome::Filed).await.unwrap();

    let decided = house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap_err();
    let extended = house.extend(&leader(), &report, "major").await.unwrap_err();
    assert_eq!(
        (reason(&decided), reason(&extended)),
        ("NOT_UNDER_REVIEW".into(), "NOT_UNDER_REVIEW".into())
    );
    // The refused decision took no number.
    let next = house.register(theft(house.now())).await.report_id;
    let number = house.decide(&leader(), &next, FilingOutcome::NotFiled).await.unwrap();
    assert_eq!(number, "明公（刑）不立字〔2026〕1号");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_without_ground_and_a_service_before_the_decision_are_refused() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let mut message = crate::house::decision(&report, FilingOutcome::Filed);
    message.ground = "  ".to_owned();
    let call = house.deployment.call(&leader(), message);
    let groundless = house.api.clone().decide_filing(call).await.unwrap_err();
    assert_eq!(reason(&groundless), "GROUND_REQUIRED");

    house.pass(1);
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    let early = house.now() - SignedDuration::from_mins(30);
    let refused = house.serve(&report, early).await.unwrap_err();
    assert_eq!(
        (reason(&refused), fields(&refused)),
        ("REPORT_INVALID".into(), vec!["served_at".into()])
    );
    let _ = desk();
    house.stop().await;
}
