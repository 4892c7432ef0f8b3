//! What opens a finding: each breach exactly one, about a matter and no person.

use gongxin_kernel::new_uuid;
use gongxin_proto::supervision::v1::{FindingKind, FindingOpened, FindingStage};
use gongxin_proto::{intake::v1 as intake, review::v1 as review};
use gongxin_testkit::until;
use prost::Message as _;

use crate::house::{House, unit};

/// An event of a later version of intake.
#[derive(Clone, PartialEq, prost::Message)]
struct Unknown {
    #[prost(string, tag = "1")]
    report_id: String,
}

impl prost::Name for Unknown {
    const NAME: &'static str = "NobodyKnowsThis";
    const PACKAGE: &'static str = "gongxin.intake.v1";
}

/// An event of a service that is no source of facts of cases.
#[derive(Clone, PartialEq, prost::Message)]
struct Foreign {}

impl prost::Name for Foreign {
    const NAME: &'static str = "Anything";
    const PACKAGE: &'static str = "gongxin.operations.v1";
}

const NUMBER: &str = "A6199210100002026010001";

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_8_each_breach_of_intake_and_review_opens_one_finding() {
    let house = House::open().await;
    let case = house.case().await;
    let (case_id, case_number, unit) = (case.to_string(), NUMBER.to_owned(), Some(unit()));
    let event = review::CaseReceived {
        case_id: case_id.clone(),
        case_number: case_number.clone(),
        unit: unit.clone(),
        suspect_ids: Vec::new(),
    };
    house.review(case, "case.received", event).await;
    let event = intake::FilingReviewOverdue {
        report_id: case_id.clone(),
        case_number: case_number.clone(),
        unit: unit.clone(),
        filing_review: None,
    };
    let filing = house.intake(case, "case.filing_review_overdue", event).await;
    let event = intake::NonFilingNoticeOverdue {
        report_id: case_id.clone(),
        case_number: case_number.clone(),
        unit: unit.clone(),
        notice: None,
    };
    let notice = house.intake(case, "case.non_filing_notice_overdue", event).await;
    let event = review::CustodyOverdue {
        case_id: case_id.clone(),
        case_number: case_number.clone(),
        suspect_id: new_uuid().to_string(),
        unit: unit.clone(),
        period: None,
    };
    let custody = house.review(case, "suspect.custody_overdue", event).await;
    let event = review::CorrectionOverdue {
        case_id: case_id.clone(),
        review_request_id: new_uuid().to_string(),
        unit: unit.clone(),
    };
    let correction = house.review(case, "request.correction_overdue", event).await;
    let event = review::SupplementaryOverdue {
        case_id: case_id.clone(),
        case_number: case_number.clone(),
        exit_id: new_uuid().to_string(),
        unit: unit.clone(),
        period: None,
    };
    let report = house.review(case, "exit.supplementary_overdue", event).await;
    let event =
        review::DirectSendingRefused {
            case_id, case_number, unit, document: "起诉意见书".into()
        };
    let sending = house.review(case, "gate.direct_sending_refused", event).await;

    let expected = [
        (filing, FindingKind::FilingReviewOverdue, true),
        (notice, FindingKind::NonFilingNoticeOverdue, false),
        (custody, FindingKind::CustodyOverdue, true),
        (correction, FindingKind::CorrectionOverdue, false),
        (report, FindingKind::SupplementaryOverdue, false),
        (sending, FindingKind::DirectSendingRefused, false),
    ];
    for (event, kind, at_once) in expected {
        let found = house.until_stage(&event.to_string(), FindingStage::Alarmed).await;
        assert_eq!((found.kind(), found.case_number.as_str()), (kind, NUMBER));
        assert_eq!(found.unit.unwrap().code, "619921010000");
        let data: Vec<u8> =
            sqlx::query_scalar("select data from supervision.events where aggregate = $1")
                .bind(event)
                .fetch_one(&mut house.world().admin().await)
                .await
                .unwrap();
        let opened = FindingOpened::decode(&*data).unwrap();
        assert_eq!((opened.clue_at_once, opened.alarm), (at_once, true), "{kind:?}");
        assert_eq!(opened.cause_event_id, event.to_string());
    }
    until(8, || house.count("timeline", case)).await;
    assert_eq!(house.count("findings", case).await, 6);
    gongxin_testkit::conforms(&house.deployment, "supervision", &house.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_8_an_event_that_is_not_known_opens_nothing_and_stops_nothing() {
    let house = House::open().await;
    let case = house.case().await;
    let unknown = Unknown { report_id: case.to_string() };
    house.intake(case, "report.nobody_knows", unknown.clone()).await;
    // Also where nothing is known of what it is about.
    let elsewhere = new_uuid();
    house.intake(elsewhere, "report.nobody_knows", unknown).await;
    house.review(case, "anything.at_all", Foreign {}).await;
    let event = review::DirectSendingRefused {
        case_id: case.to_string(),
        case_number: NUMBER.to_owned(),
        unit: Some(unit()),
        document: "起诉意见书".into(),
    };
    let refused = house.review(case, "gate.direct_sending_refused", event).await;
    house.until_stage(&refused.to_string(), FindingStage::Alarmed).await;
    until((3, 1), async || {
        (house.count("timeline", case).await, house.count("timeline", elsewhere).await)
    })
    .await;
    assert_eq!(house.count("findings", case).await, 1);
    assert_eq!(house.count("findings", elsewhere).await, 0);
    gongxin_testkit::conforms(&house.deployment, "supervision", &house.url).await;
}
