//! Matters of other organs: transferred, not filed.

use gongxin_proto::intake::v1::{FilingOutcome, ReceivingOrgan, ReportStage};
use gongxin_testkit::{fields, reason};

use crate::house::{House, decision, leader, theft};

/// A report of bribery told at the counter; gives its id.
async fn bribery(house: &House) -> String {
    let mut message = theft(house.now());
    "受贿罪".clone_into(&mut message.charge);
    house.register(message).await.report_id
}

async fn transfer(house: &House, report: &str, organ: i32) -> Result<String, tonic::Status> {
    let mut message = decision(report, FilingOutcome::Transferred);
    message.receiving_organ = organ;
    let call = house.deployment.call(&leader(), message);
    Ok(house.api.clone().decide_filing(call).await?.into_inner().document_number)
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_a_duty_crime_is_not_filed_but_transferred_to_the_supervisory_commission() {
    let house = House::new().await;
    let report = bribery(&house).await;
    let refused = house.decide(&leader(), &report, FilingOutcome::Filed).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (tonic::Code::PermissionDenied, "DUTY_CRIME".into())
    );
    assert_eq!(house.subjects(&report).await, ["report.registered"]);

    let organ = ReceivingOrgan::SupervisoryCommission;
    let number = transfer(&house, &report, organ.into()).await.unwrap();
    assert_eq!(number, "明公（刑）移字〔2026〕1号");
    let read = house.report(&report).await;
    assert_eq!((read.stage(), read.receiving_organ()), (ReportStage::Transferred, organ));
    assert_eq!(house.subjects(&report).await, ["report.registered", "case.transferred"]);
    assert_eq!(house.deadline(&report, "intake.filing_review.criminal").await, "met");
    let (_, page) = house.page(&leader(), &format!("/reports/{report}")).await;
    assert!(page.contains("监察委员会"), "{page}");
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_without_or_with_an_unknown_organ_changes_nothing() {
    let house = House::new().await;
    let report = bribery(&house).await;
    let rows = house.rows().await;
    for organ in [0, 99, -1] {
        let refused = transfer(&house, &report, organ).await.unwrap_err();
        assert_eq!(
            (reason(&refused), fields(&refused)),
            ("REPORT_INVALID".into(), vec!["receiving_organ".into()]),
            "{organ}"
        );
    }
    let mut message = decision(&report, FilingOutcome::NotFiled);
    message.receiving_organ = ReceivingOrgan::Court.into();
    let call = house.deployment.call(&leader(), message);
    let refused = house.api.clone().decide_filing(call).await.unwrap_err();
    assert_eq!(fields(&refused), ["receiving_organ"]);
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}
