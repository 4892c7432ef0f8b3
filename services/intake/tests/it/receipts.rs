//! Receipts that need no trust in the bureau.

use gongxin_proto::intake::v1::{GetReceiptRequest, Nature, RegisterReportRequest};
use gongxin_testkit::{fields, log_key, reason};
use gongxin_transparency::{Receipt, VerifierKey};

use crate::house::{House, desk, theft};

async fn receipt(house: &House, report_id: &str) -> Result<String, tonic::Status> {
    let message = GetReceiptRequest { report_id: report_id.to_owned() };
    let call = house.deployment.call(&desk(), message);
    Ok(house.api.clone().get_receipt(call).await?.into_inner().receipt)
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_4_the_reporter_can_check_the_receipt_without_trusting_the_bureau() {
    let house = House::new().await;
    let answer = house.register(theft(house.now())).await;
    let text = receipt(&house, &answer.report_id).await.unwrap();

    let keys: [VerifierKey; 1] = [log_key("intake").verifier()];
    let parsed = Receipt::parse(&text).unwrap();
    parsed.verify(&keys).unwrap();
    assert_eq!(parsed.view.get("number"), Some(answer.number.as_str()));
    assert_eq!(parsed.view.get("case-number"), Some(answer.case_number.as_str()));
    // What a person who was turned away must be able to read: when, as what, and until when.
    for (key, value) in [
        ("event", "接报登记，出具接报案回执"),
        ("nature", "刑事"),
        ("told-at", "2026-01-05T08:00:00+08:00"),
        ("registered-at", "2026-01-05T09:00:00+08:00"),
        ("due-at", "2026-01-08T23:59:59+08:00"),
        ("inquiry", "明川县公安局办事大厅，凭回执编号"),
        ("complaint", "明川县公安局督察大队"),
    ] {
        assert_eq!(parsed.view.get(key), Some(value), "{key}");
    }
    for personal in ["贺启文", "龚小军", "619921198707202255", "19900006070", "电动车"] {
        assert!(!text.contains(personal), "{personal}");
    }
    let forged = text.replace("evidence-items: 1", "evidence-items: 0");
    assert_ne!(forged, text);
    assert!(Receipt::parse(&forged).and_then(|r| r.verify(&keys).map(|_| ())).is_err());
    house.stop().await;
}

/// Linked to a report that is not hers, the reporter sees it on her own receipt.
#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_of_a_repeat_names_the_report_it_was_linked_to() {
    let house = House::new().await;
    let first = house.register(theft(house.now())).await;
    let repeat = |of: &str| RegisterReportRequest {
        nature: Nature::Repeat.into(),
        charge: String::new(),
        told: "已告知原案正在办理".to_owned(),
        repeat_of: of.to_owned(),
        ..theft(house.now())
    };
    let linked = house.register(repeat(&first.report_id)).await;
    let text = receipt(&house, &linked.report_id).await.unwrap();
    let parsed = Receipt::parse(&text).unwrap();
    assert_eq!(parsed.view.get("repeats"), Some(first.number.as_str()));

    let call = house.deployment.call(&desk(), repeat(&linked.report_id));
    let refused = house.api.clone().register_report(call).await.unwrap_err();
    assert_eq!(
        (reason(&refused), fields(&refused)),
        ("REPORT_INVALID".into(), vec!["repeat_of".into()])
    );
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_not_there_has_no_receipt() {
    let house = House::new().await;
    let id = gongxin_kernel::new_uuid().to_string();
    assert_eq!(reason(&receipt(&house, &id).await.unwrap_err()), "REPORT_NOT_FOUND");
    assert_eq!(reason(&receipt(&house, "x").await.unwrap_err()), "ID_INVALID");
    house.stop().await;
}
