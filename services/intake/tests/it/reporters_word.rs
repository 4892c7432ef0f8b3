//! What a reporter says a unit did instead of taking the report.

use gongxin_kernel::{Staff, new_uuid};
use gongxin_proto::common::v1::Unit;
use gongxin_proto::intake::v1::{
    FilingOutcome, RecordReportersWordRequest, ReportTurnedAway, ReportersStatement, ReportersWord,
};
use gongxin_testkit::{fields, reason};
use jiff::SignedDuration;
use prost::Message as _;
use tonic::Status;

use crate::house::{House, desk, leader, theft, timestamp};

type Spoil = fn(&mut RecordReportersWordRequest);

fn elsewhere() -> Unit {
    Unit { code: "619921520000".to_owned(), name: "涧池派出所".to_owned() }
}

fn word(house: &House, report: &str) -> RecordReportersWordRequest {
    RecordReportersWordRequest {
        request_id: new_uuid().to_string(),
        report_id: report.to_owned(),
        word: ReportersWord::TurnedAway.into(),
        unit: Some(elsewhere()),
        happened_at: Some(timestamp(house.now() - SignedDuration::from_hours(20))),
        told: "昨天去涧池派出所，民警说不归他们管，没有登记。".to_owned(),
    }
}

impl House {
    async fn say(&self, by: &Staff, message: RecordReportersWordRequest) -> Result<String, Status> {
        let request = self.deployment.call(by, message);
        Ok(self.api.clone().record_reporters_word(request).await?.into_inner().event_id)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_4_a_reporter_who_was_turned_away_is_heard_and_the_event_names_no_person() {
    let house = House::new().await;
    let answer = house.register(theft(house.now())).await;
    let report = answer.report_id;
    let message = word(&house, &report);
    let event = house.say(&desk(), message.clone()).await.unwrap();
    assert_eq!(house.say(&desk(), message).await.unwrap(), event);
    assert_eq!(house.subjects(&report).await, ["report.registered", "report.turned_away"]);

    let data: Vec<u8> = sqlx::query_scalar("select data from intake.events where id = $1::uuid")
        .bind(&event)
        .fetch_one(&mut house.world().admin().await)
        .await
        .unwrap();
    let told = ReportTurnedAway::decode(&*data).unwrap();
    assert_eq!((told.number, told.unit), (answer.number, Some(elsewhere())));
    let bytes = String::from_utf8_lossy(&data);
    for kept in ["贺启文", "619101", "不归他们管"] {
        assert!(!bytes.contains(kept), "{kept}");
    }
    let read = house.report(&report).await;
    assert_eq!(read.reporters_statements.len(), 1);
    assert_eq!(read.reporters_statements[0].word(), ReportersWord::TurnedAway);
    assert!(read.reporters_statements[0].told.contains("不归他们管"));
    let (_, page) = house.page(&desk(), &format!("/reports/{report}")).await;
    assert!(page.contains("涧池派出所") && page.contains("报案人反映被拒绝受理"), "{page}");
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_4_refused_evidence_and_papers_are_heard_at_every_stage_of_a_report() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let mut message = word(&house, &report);
    message.word = ReportersWord::EvidenceRefused.into();
    house.say(&desk(), message).await.unwrap();
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    let mut message = word(&house, &report);
    message.word = ReportersWord::NoPaperGiven.into();
    house.say(&desk(), message).await.unwrap();
    let words: Vec<_> = house
        .report(&report)
        .await
        .reporters_statements
        .iter()
        .map(ReportersStatement::word)
        .collect();
    assert_eq!(words, [ReportersWord::EvidenceRefused, ReportersWord::NoPaperGiven]);
    let way = ["report.registered", "report.turned_away", "case.not_filed", "report.turned_away"];
    assert_eq!(house.subjects(&report).await, way);
    // The report goes its way as before.
    house.serve(&report, house.now()).await.unwrap();
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_word_names_the_field_and_changes_nothing() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let rows = house.rows().await;
    let spoilt: &[(Spoil, &str, &[&str])] = &[
        (|m| m.request_id.clear(), "REQUEST_ID_INVALID", &["request_id"]),
        (|m| m.report_id = "一".into(), "ID_INVALID", &["report_id"]),
        (|m| m.report_id = new_uuid().to_string(), "REPORT_NOT_FOUND", &[]),
        (|m| m.word = 0, "REPORT_INVALID", &["word"]),
        (|m| m.word = 9, "REPORT_INVALID", &["word"]),
        (|m| m.unit = None, "REPORT_INVALID", &["unit"]),
        (|m| m.unit.as_mut().unwrap().code = "6".into(), "REPORT_INVALID", &["unit.code"]),
        (|m| m.unit.as_mut().unwrap().name.clear(), "REPORT_INVALID", &["unit.name"]),
        (|m| m.unit.as_mut().unwrap().code = "619922520000".into(), "WRONG_BUREAU", &["unit.code"]),
        (|m| m.happened_at = None, "REPORT_INVALID", &["happened_at"]),
        (
            |m| m.happened_at.as_mut().unwrap().seconds += 864_000,
            "REPORT_INVALID",
            &["happened_at"],
        ),
        (|m| m.told.clear(), "REPORT_INVALID", &["told"]),
        (|m| m.told = "说".repeat(4001), "REPORT_INVALID", &["told"]),
    ];
    for (index, (spoil, code, wrong)) in spoilt.iter().enumerate() {
        let mut message = word(&house, &report);
        spoil(&mut message);
        let refused = house.say(&desk(), message).await.unwrap_err();
        let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        assert_eq!((reason(&refused).as_str(), fields(&refused), index), (*code, wrong, index));
    }
    let refused = house.say(&leader(), word(&house, &report)).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}
