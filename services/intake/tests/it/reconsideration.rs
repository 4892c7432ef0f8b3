//! Reconsideration of non-filing, from the request to the filing.

use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::common::v1::Officer;
use gongxin_proto::intake::v1::{
    DecideReconsiderationRequest, DecideReconsiderationResponse, FilingOutcome,
    ReconsiderationOutcome, ReportStage, RequestReconsiderationRequest,
};
use gongxin_testkit::{fields, officer, reason};
use jiff::Timestamp;
use tonic::{Code, Status};

use crate::house::{House, desk, leader, theft, timestamp, unit};

const DECISION: &str = "intake.non_filing.reconsideration.decide";
const SERVED: [&str; 3] = ["report.registered", "case.not_filed", "case.non_filing_notice_served"];

/// Another leader, who took no part.
fn other_leader() -> Staff {
    officer("619002", &[Post::BureauLeader])
}

/// A report that was not filed, its notice served; gives its id.
async fn not_filed(house: &House) -> String {
    let report = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    house.serve(&report, house.now()).await.unwrap();
    report
}

pub(crate) fn request(report: &str, received_at: Timestamp) -> RequestReconsiderationRequest {
    RequestReconsiderationRequest {
        request_id: new_uuid().to_string(),
        report_id: report.to_owned(),
        ground: "电动车被盗属实，应当立案。".to_owned(),
        received_at: Some(timestamp(received_at)),
    }
}

pub(crate) async fn ask(
    house: &House,
    message: RequestReconsiderationRequest,
) -> Result<String, Status> {
    let call = house.deployment.call(&desk(), message);
    let answer = house.api.clone().request_reconsideration(call).await?.into_inner();
    Ok(answer.decision.unwrap().due_at)
}

fn decision(report: &str, outcome: ReconsiderationOutcome) -> DecideReconsiderationRequest {
    DecideReconsiderationRequest {
        request_id: new_uuid().to_string(),
        report_id: report.to_owned(),
        outcome: outcome.into(),
        ground: "经复议，原决定认定事实不清。".to_owned(),
        second_officer: Some(Officer {
            police_number: "619201".to_owned(),
            name: "陶立新".to_owned(),
            unit: Some(unit()),
        }),
    }
}

async fn decide(
    house: &House,
    by: &Staff,
    message: DecideReconsiderationRequest,
) -> Result<DecideReconsiderationResponse, Status> {
    let call = house.deployment.call(by, message);
    Ok(house.api.clone().decide_reconsideration(call).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_an_overturned_non_filing_is_filed_with_the_decision() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    house.pass(24);
    let due = ask(&house, request(&report, house.now())).await.unwrap();
    assert_eq!(house.deadline(&report, DECISION).await, "running");
    let (_, page) = house.page(&leader(), &format!("/reports/{report}")).await;
    assert!(page.contains("复议决定期限"), "{page}");

    house.pass(24);
    let message = decision(&report, ReconsiderationOutcome::Overturned);
    let made = decide(&house, &other_leader(), message.clone()).await.unwrap();
    assert_eq!(decide(&house, &other_leader(), message).await.unwrap(), made);
    assert_eq!(made.document_number, "明公（刑）复字〔2026〕1号");
    assert_eq!(made.filing_number, "明公（刑）立字〔2026〕1号");
    assert_eq!(house.deadline(&report, DECISION).await, "met");
    let (entry, paper) = house.newest(&report).await;
    assert_eq!((entry.title.as_str(), &entry.number), ("立案决定书", &made.filing_number));
    assert!(paper.to_text().contains("经复议，原决定认定事实不清。"));
    let read = house.report(&report).await;
    assert_eq!((read.stage(), &read.decision_number), (ReportStage::Filed, &made.filing_number));
    assert_eq!(read.reconsideration_number, made.document_number);
    assert_eq!(read.reconsideration_decision.unwrap().due_at, due);
    let after = ["reconsideration.requested", "reconsideration.decided", "case.filed"];
    assert_eq!(house.subjects(&report).await, [&SERVED[..], &after[..]].concat());
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_an_upheld_non_filing_stays_and_is_reconsidered_once() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    ask(&house, request(&report, house.now())).await.unwrap();
    let twice = ask(&house, request(&report, house.now())).await.unwrap_err();
    assert_eq!(reason(&twice), "RECONSIDERATION_NOT_OPEN");

    let message = decision(&report, ReconsiderationOutcome::Upheld);
    let made = decide(&house, &other_leader(), message).await.unwrap();
    assert_eq!(made.filing_number, "");
    let (entry, paper) = house.newest(&report).await;
    assert_eq!((entry.title.as_str(), &entry.number), ("刑事复议决定书", &made.document_number));
    let remedy = &paper.content().remedies[0];
    assert_eq!(remedy.clock.as_ref().unwrap().rule, "intake.non_filing.review.request");
    assert!(paper.to_text().contains("决定：维持不予立案决定。"), "{}", paper.to_text());
    assert_eq!(house.report(&report).await.stage(), ReportStage::NotFiled);
    let message = decision(&report, ReconsiderationOutcome::Overturned);
    let again = decide(&house, &other_leader(), message).await.unwrap_err();
    assert_eq!(reason(&again), "RECONSIDERATION_NOT_OPEN");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_who_took_part_does_not_reconsider() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    ask(&house, request(&report, house.now())).await.unwrap();
    let rows = house.rows().await;

    let message = decision(&report, ReconsiderationOutcome::Upheld);
    let own = decide(&house, &leader(), message).await.unwrap_err();
    assert_eq!((own.code(), reason(&own)), (Code::PermissionDenied, "TOOK_PART".into()));
    for involved in ["619101", "619001"] {
        let mut message = decision(&report, ReconsiderationOutcome::Overturned);
        message.second_officer.as_mut().unwrap().police_number = involved.to_owned();
        let refused = decide(&house, &other_leader(), message).await.unwrap_err();
        assert_eq!(
            (reason(&refused), fields(&refused)),
            ("TOOK_PART".into(), vec!["second_officer".into()])
        );
    }
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_a_request_too_late_is_refused_and_one_recorded_late_is_not() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    let in_time = house.now();
    house.pass(24 * 40);
    let ended = [&SERVED[..], &["case.reconsideration_period_ended"]].concat();
    house.until_happened(&report, &ended).await;
    let late = ask(&house, request(&report, house.now())).await.unwrap_err();
    assert_eq!(
        (late.code(), reason(&late)),
        (Code::FailedPrecondition, "RECONSIDERATION_TOO_LATE".into())
    );
    assert_eq!(house.subjects(&report).await, ended);
    ask(&house, request(&report, in_time)).await.unwrap();
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_a_reconsideration_not_decided_in_time_is_noted_and_still_decided() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    ask(&house, request(&report, house.now())).await.unwrap();
    house.pass(24 * 60);
    let overdue = [&SERVED[..], &["reconsideration.requested", "reconsideration.overdue"]].concat();
    house.until_happened(&report, &overdue).await;
    let message = decision(&report, ReconsiderationOutcome::Overturned);
    decide(&house, &other_leader(), message).await.unwrap();
    assert_eq!(house.deadline(&report, DECISION).await, "met_late");
    assert_eq!(house.report(&report).await.stage(), ReportStage::Filed);
    house.stop().await;
}

type Spoil = fn(&mut DecideReconsiderationRequest);

/// What is wrong, with the reason and the fields that must be named.
const SPOILT: &[(Spoil, &str, &[&str])] = &[
    (|m| m.request_id = "一".into(), "REQUEST_ID_INVALID", &["request_id"]),
    (|m| m.report_id = "一".into(), "ID_INVALID", &["report_id"]),
    (|m| m.report_id = new_uuid().to_string(), "REPORT_NOT_FOUND", &[]),
    (|m| m.outcome = 0, "REPORT_INVALID", &["outcome"]),
    (|m| m.outcome = 9, "REPORT_INVALID", &["outcome"]),
    (|m| m.ground = " ".into(), "GROUND_REQUIRED", &[]),
    (|m| m.ground = "说".repeat(4001), "REPORT_INVALID", &["ground"]),
    (|m| m.second_officer = None, "REPORT_INVALID", &["second_officer"]),
    (|m| second(m).unit = None, "REPORT_INVALID", &["second_officer.unit.code"]),
    (|m| second(m).name.clear(), "REPORT_INVALID", &["second_officer.name"]),
    (
        |m| second(m).police_number = "619002".into(),
        "REPORT_INVALID",
        &["second_officer.police_number"],
    ),
    (
        |m| second(m).unit.as_mut().unwrap().code = "619922510000".into(),
        "WRONG_BUREAU",
        &["second_officer.unit.code"],
    ),
];

fn second(message: &mut DecideReconsiderationRequest) -> &mut Officer {
    message.second_officer.as_mut().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_and_decisions_name_the_field_and_change_nothing() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    let early = decision(&report, ReconsiderationOutcome::Upheld);
    let refused = decide(&house, &other_leader(), early).await.unwrap_err();
    assert_eq!(reason(&refused), "RECONSIDERATION_NOT_OPEN");
    let check = async |change: fn(&mut RequestReconsiderationRequest), wrong: &str| {
        let mut message = request(&report, house.now());
        change(&mut message);
        let refused = ask(&house, message).await.unwrap_err();
        assert_eq!((refused.code(), fields(&refused)), (Code::InvalidArgument, vec![wrong.into()]));
    };
    check(|m| m.request_id.clear(), "request_id").await;
    check(|m| m.report_id.clear(), "report_id").await;
    check(|m| m.ground.clear(), "ground").await;
    check(|m| m.received_at = None, "received_at").await;
    check(|m| m.received_at.as_mut().unwrap().seconds += 60, "received_at").await;
    check(|m| m.received_at.as_mut().unwrap().seconds -= 60, "received_at").await;

    ask(&house, request(&report, house.now())).await.unwrap();
    let rows = house.rows().await;
    for (index, (spoil, code, wrong)) in SPOILT.iter().enumerate() {
        let mut message = decision(&report, ReconsiderationOutcome::Overturned);
        spoil(&mut message);
        let refused = decide(&house, &other_leader(), message).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), index), (*code, index));
        let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        assert_eq!((fields(&refused), index), (wrong, index));
    }
    let call = house.deployment.call(&leader(), request(&report, house.now()));
    let powerless = house.api.clone().request_reconsideration(call).await.unwrap_err();
    assert_eq!(reason(&powerless), "POWER_MISSING");
    let message = decision(&report, ReconsiderationOutcome::Upheld);
    let powerless = decide(&house, &desk(), message).await.unwrap_err();
    assert_eq!(reason(&powerless), "POWER_MISSING");
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}
