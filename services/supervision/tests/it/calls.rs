//! What the daily check and reporters' words open: findings about a call or report and a unit.

use gongxin_kernel::new_uuid;
use gongxin_proto::common::v1::{Period, Unit};
use gongxin_proto::intake::v1 as intake;
use gongxin_proto::supervision::v1::{Determination, FindingKind, FindingOpened, FindingStage};
use gongxin_testkit::until;
use prost::Message as _;
use uuid::Uuid;

use crate::house::{House, head, supervisor, unit};

const CALL: &str = "J6199210000202601050001";
const CASE: &str = "A6199210100002026010001";

fn elsewhere() -> Unit {
    Unit { code: "619921020000".into(), name: "涧池派出所".into() }
}

impl House {
    /// A call that the daily check found unregistered; gives the ids of call and finding.
    async fn unregistered(&self) -> (Uuid, String) {
        let call = new_uuid();
        let event = intake::CallUnregistered {
            call_id: call.to_string(),
            call_number: CALL.into(),
            unit: Some(unit()),
            received_at: self.now().to_string(),
            check_at: self.now().to_string(),
        };
        let finding = self.intake(call, "call.unregistered", event).await.to_string();
        self.until_stage(&finding, FindingStage::Alarmed).await;
        (call, finding)
    }

    async fn opened(&self, finding: &str) -> FindingOpened {
        let data: Vec<u8> = sqlx::query_scalar(
            "select data from supervision.events where aggregate = $1::uuid and version = 1",
        )
        .bind(finding)
        .fetch_one(&mut self.world().admin().await)
        .await
        .unwrap();
        FindingOpened::decode(&*data).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_7_an_unregistered_call_is_one_finding_and_a_clue_at_once() {
    let house = House::open().await;
    let (call, finding) = house.unregistered().await;
    let found = house.get(&finding).await.unwrap();
    assert_eq!(found.kind(), FindingKind::ReportUnregistered);
    assert_eq!((found.case_number.as_str(), found.unit), (CALL, Some(unit())));
    assert_eq!(found.case_id, call.to_string());
    let opened = house.opened(&finding).await;
    assert!(opened.clue_at_once && opened.alarm);

    // Registered late after all: an entry more, and the finding stays.
    let event = intake::CallSettled {
        call_id: call.to_string(),
        call_number: CALL.into(),
        unit: Some(unit()),
        report_id: new_uuid().to_string(),
        number: "明公接报字〔2026〕1号".into(),
        was_overdue: true,
    };
    house.intake(call, "call.settled", event).await;
    until(2, || house.count("timeline", call)).await;
    assert_eq!(house.count("findings", call).await, 1);
    assert_eq!(house.get(&finding).await.unwrap().stage(), FindingStage::Alarmed);
    gongxin_testkit::conforms(&house.deployment, "supervision", &house.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_8_a_finding_of_the_daily_check_goes_to_the_unit_the_same_day_with_a_time() {
    let house = House::open().await;
    let (_, finding) = house.unregistered().await;
    house.determine(&supervisor(), &finding, Determination::Violation).await.unwrap();
    house.supervise(&supervisor(), &finding, 8).await.unwrap();
    let fed_back = house.until_stage(&finding, FindingStage::Supervised).await;
    assert_eq!(fed_back.rectify_by.unwrap().seconds, house.now().as_second() + 8 * 3600);

    // The unit is late, is reminded, and corrects.
    house.pass(9);
    until(Some("finding.reminded".to_owned()), async || house.subjects(&finding).await.pop()).await;
    house.rectify(&head(), &finding).await.unwrap();
    house.confirm(&supervisor(), &finding).await.unwrap();
    house.close(&supervisor(), &finding).await.unwrap();
    house.until_stage(&finding, FindingStage::Closed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_7_a_finding_of_the_daily_check_is_dismissed_with_a_reason() {
    let house = House::open().await;
    let (_, finding) = house.unregistered().await;
    house.determine(&supervisor(), &finding, Determination::Lawful).await.unwrap();
    house.close(&supervisor(), &finding).await.unwrap();
    house.until_stage(&finding, FindingStage::Closed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_recorded_settled_or_justified_opens_nothing() {
    let house = House::open().await;
    let (settled, justified) = (new_uuid(), new_uuid());
    for call in [settled, justified] {
        let event = intake::CallRecorded {
            call_id: call.to_string(),
            call_number: CALL.into(),
            unit: Some(unit()),
            received_at: house.now().to_string(),
            check_at: house.now().to_string(),
            officer: Some(officer()),
        };
        house.intake(call, "call.recorded", event).await;
    }
    let event = intake::CallSettled {
        call_id: settled.to_string(),
        call_number: CALL.into(),
        unit: Some(unit()),
        ..Default::default()
    };
    house.intake(settled, "call.settled", event).await;
    let event = intake::CallJustified {
        call_id: justified.to_string(),
        call_number: CALL.into(),
        unit: Some(unit()),
        officer: Some(officer()),
        ..Default::default()
    };
    house.intake(justified, "call.justified", event).await;
    for call in [settled, justified] {
        until(2, || house.count("timeline", call)).await;
        assert_eq!(house.count("findings", call).await, 0);
    }
}

fn officer() -> gongxin_proto::common::v1::Officer {
    gongxin_proto::common::v1::Officer {
        police_number: "619002".into(),
        name: "民警619002".into(),
        unit: Some(unit()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_4_a_reporter_turned_away_is_a_finding_about_the_unit_that_he_names() {
    let house = House::open().await;
    let case = house.case().await;
    let event = intake::ReportTurnedAway {
        report_id: case.to_string(),
        number: "明公接报字〔2026〕1号".into(),
        unit: Some(elsewhere()),
        word: intake::ReportersWord::TurnedAway.into(),
        happened_at: house.now().to_string(),
    };
    let finding = house.intake(case, "report.turned_away", event).await.to_string();
    let found = house.until_stage(&finding, FindingStage::Alarmed).await;
    assert_eq!(found.kind(), FindingKind::ReportTurnedAway);
    // The case keeps its unit; the finding is about the one that sent him away.
    assert_eq!((found.case_number.as_str(), found.unit), (CASE, Some(elsewhere())));
    // A word is no clue before an officer has looked into it.
    assert!(!house.opened(&finding).await.clue_at_once);
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_an_overdue_remedy_is_one_finding_each_and_the_rest_of_it_is_timeline() {
    let house = House::open().await;
    let case = house.case().await;
    let (report_id, case_number) = (case.to_string(), CASE.to_owned());
    let period = Some(Period { due_at: house.now().to_string(), ..Default::default() });
    let event = intake::ReconsiderationRequested {
        report_id: report_id.clone(),
        case_number: case_number.clone(),
        unit: Some(unit()),
        received_at: house.now().to_string(),
        decision: period.clone(),
    };
    house.intake(case, "reconsideration.requested", event).await;
    let event = intake::ReconsiderationOverdue {
        report_id: report_id.clone(),
        case_number: case_number.clone(),
        unit: Some(unit()),
        decision: period.clone(),
    };
    let undecided = house.intake(case, "reconsideration.overdue", event).await;
    let event = intake::ReconsiderationDecided {
        report_id: report_id.clone(),
        case_number: case_number.clone(),
        unit: Some(unit()),
        decided_by: Some(officer()),
        second_officer: Some(officer()),
        ..Default::default()
    };
    house.intake(case, "reconsideration.decided", event).await;
    let event = intake::NonFilingQuestioned {
        report_id: report_id.clone(),
        case_number: case_number.clone(),
        unit: Some(unit()),
        received_at: house.now().to_string(),
        answer: period.clone(),
        ..Default::default()
    };
    house.intake(case, "non_filing.questioned", event).await;
    let event = intake::NonFilingExplanationOverdue {
        report_id: report_id.clone(),
        case_number: case_number.clone(),
        unit: Some(unit()),
        answer: period,
    };
    let unexplained = house.intake(case, "non_filing.explanation_overdue", event).await;
    let event = intake::NonFilingExplained {
        report_id: report_id.clone(),
        case_number: case_number.clone(),
        unit: Some(unit()),
        answered_by: Some(officer()),
        ..Default::default()
    };
    house.intake(case, "non_filing.explained", event).await;
    let event = intake::CaseTransferred {
        report_id,
        case_number,
        unit: Some(unit()),
        decided_by: Some(officer()),
        ..Default::default()
    };
    house.intake(case, "case.transferred", event).await;

    let expected = [
        (undecided, FindingKind::ReconsiderationOverdue),
        (unexplained, FindingKind::ExplanationOverdue),
    ];
    for (event, kind) in expected {
        let found = house.until_stage(&event.to_string(), FindingStage::Alarmed).await;
        assert_eq!((found.kind(), found.case_number.as_str()), (kind, CASE));
        assert!(!house.opened(&event.to_string()).await.clue_at_once);
    }
    until(8, || house.count("timeline", case)).await;
    assert_eq!(house.count("findings", case).await, 2);
}
