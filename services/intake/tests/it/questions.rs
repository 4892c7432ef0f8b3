//! The procuratorate asks why a case was not filed, and is answered.

use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::intake::v1::{AnswerWhyNotFiledRequest, AskWhyNotFiledRequest, FilingOutcome};
use gongxin_testkit::{fields, officer, reason};
use tonic::{Code, Status};

use crate::house::{House, desk, leader, theft, timestamp};

const RULE: &str = "intake.filing_supervision.explain_non_filing";

fn legal() -> Staff {
    officer("619301", &[Post::LegalReviewer])
}

async fn not_filed(house: &House) -> String {
    let report = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    report
}

fn demand(house: &House, report: &str) -> AskWhyNotFiledRequest {
    AskWhyNotFiledRequest {
        request_id: new_uuid().to_string(),
        report_id: report.to_owned(),
        document_number: "明检不立案说〔2026〕1号".to_owned(),
        received_at: Some(timestamp(house.now())),
    }
}

async fn ask(house: &House, by: &Staff, message: AskWhyNotFiledRequest) -> Result<String, Status> {
    let call = house.deployment.call(by, message);
    let answer = house.api.clone().ask_why_not_filed(call).await?.into_inner();
    Ok(answer.answer.unwrap().due_at)
}

fn reasons(report: &str) -> AnswerWhyNotFiledRequest {
    AnswerWhyNotFiledRequest {
        request_id: new_uuid().to_string(),
        report_id: report.to_owned(),
        reasons: "经查，没有犯罪事实。".to_owned(),
    }
}

async fn answer(
    house: &House,
    by: &Staff,
    message: AnswerWhyNotFiledRequest,
) -> Result<String, Status> {
    let call = house.deployment.call(by, message);
    Ok(house.api.clone().answer_why_not_filed(call).await?.into_inner().document_number)
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_the_procuratorate_asks_why_and_is_answered_in_time() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    let due = ask(&house, &legal(), demand(&house, &report)).await.unwrap();
    assert_eq!(house.deadline(&report, RULE).await, "running");
    let (_, page) = house.page(&leader(), &format!("/reports/{report}")).await;
    assert!(page.contains("说明不立案理由期限"), "{page}");

    house.pass(24);
    let message = reasons(&report);
    let number = answer(&house, &legal(), message.clone()).await.unwrap();
    assert_eq!(answer(&house, &legal(), message).await.unwrap(), number);
    assert_eq!(number, "明公（刑）不立说字〔2026〕1号");
    assert_eq!(house.deadline(&report, RULE).await, "met");
    let (entry, paper) = house.newest(&report).await;
    assert_eq!((entry.title.as_str(), &entry.number), ("不立案理由说明书", &number));
    let text = paper.to_text();
    assert!(text.contains("to: procuratorate -") && text.contains("明检不立案说〔2026〕1号"));
    let read = house.report(&report).await;
    assert_eq!((read.explanation.unwrap().due_at, read.explanation_number), (due, number));
    assert_eq!(
        house.subjects(&report).await,
        ["report.registered", "case.not_filed", "non_filing.questioned", "non_filing.explained"]
    );
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_a_procuratorate_not_answered_in_time_is_noted_and_still_answered() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    house.serve(&report, house.now()).await.unwrap();
    ask(&house, &legal(), demand(&house, &report)).await.unwrap();
    house.pass(24 * 30);
    gongxin_testkit::until(true, async || {
        let subjects = house.subjects(&report).await;
        subjects.iter().any(|subject| subject == "non_filing.explanation_overdue")
    })
    .await;
    answer(&house, &legal(), reasons(&report)).await.unwrap();
    assert_eq!(house.deadline(&report, RULE).await, "met_late");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_demands_and_answers_name_the_field_and_change_nothing() {
    let house = House::new().await;
    let report = not_filed(&house).await;
    let filed = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &filed, FilingOutcome::Filed).await.unwrap();
    let rows = house.rows().await;
    let check = async |change: fn(&mut AskWhyNotFiledRequest), code: Code, wrong: &[&str]| {
        let mut message = demand(&house, &report);
        change(&mut message);
        let refused = ask(&house, &legal(), message).await.unwrap_err();
        let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        assert_eq!((refused.code(), fields(&refused)), (code, wrong));
    };
    check(|m| m.request_id.clear(), Code::InvalidArgument, &["request_id"]).await;
    check(|m| m.report_id.clear(), Code::InvalidArgument, &["report_id"]).await;
    check(|m| m.report_id = new_uuid().to_string(), Code::NotFound, &[]).await;
    check(|m| m.document_number.clear(), Code::InvalidArgument, &["document_number"]).await;
    let long: fn(&mut AskWhyNotFiledRequest) = |m| m.document_number = "号".repeat(101);
    check(long, Code::InvalidArgument, &["document_number"]).await;
    check(|m| m.received_at = None, Code::InvalidArgument, &["received_at"]).await;
    let future: fn(&mut AskWhyNotFiledRequest) = |m| m.received_at.as_mut().unwrap().seconds += 60;
    check(future, Code::InvalidArgument, &["received_at"]).await;
    let early: fn(&mut AskWhyNotFiledRequest) = |m| m.received_at.as_mut().unwrap().seconds -= 60;
    check(early, Code::InvalidArgument, &["received_at"]).await;

    let of_filed = ask(&house, &legal(), demand(&house, &filed)).await.unwrap_err();
    assert_eq!(reason(&of_filed), "QUESTION_NOT_OPEN");
    let unasked = answer(&house, &legal(), reasons(&report)).await.unwrap_err();
    assert_eq!(reason(&unasked), "QUESTION_NOT_OPEN");
    for nobody in [&desk(), &leader()] {
        let refused = ask(&house, nobody, demand(&house, &report)).await.unwrap_err();
        assert_eq!(reason(&refused), "POWER_MISSING");
        let refused = answer(&house, nobody, reasons(&report)).await.unwrap_err();
        assert_eq!(reason(&refused), "POWER_MISSING");
    }
    assert_eq!(house.rows().await, rows);

    ask(&house, &legal(), demand(&house, &report)).await.unwrap();
    let rows = house.rows().await;
    let twice = ask(&house, &legal(), demand(&house, &report)).await.unwrap_err();
    assert_eq!(reason(&twice), "QUESTION_NOT_OPEN");
    for text in ["  ".to_owned(), "说".repeat(4001)] {
        let message = AnswerWhyNotFiledRequest { reasons: text, ..reasons(&report) };
        let refused = answer(&house, &legal(), message).await.unwrap_err();
        assert_eq!(fields(&refused), ["reasons"]);
    }
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}
