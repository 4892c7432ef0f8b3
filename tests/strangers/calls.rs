//! A service called and an event read without contracts: types come from reflection.

use gongxin_proto::intake::v1::GetReportRequest;
use gongxin_tests::county::{County, Setup, desk};
use serde_json::{Value, json};

use crate::python::{good, python, register};

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_registered_through_reflection_alone_by_a_stranger() {
    let county = County::new(Setup::default()).await;

    let found = register(&county, &desk(), 1);

    let services: Vec<&str> =
        found["services"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for service in [
        "gongxin.documents.v1.DocumentsService",
        "gongxin.intake.v1.IntakeService",
        "gongxin.operations.v1.OperationsService",
        "grpc.health.v1.Health",
    ] {
        assert!(services.contains(&service), "{service} is not in {services:?}");
    }
    assert!(!services.iter().any(|name| name.contains("review")), "{services:?}");
    assert_eq!(found["answer"]["number"], "明公（010000）接报字〔2026〕1号");
    assert_eq!(found["same_again"], true, "one request id has one answer");

    let report_id = found["answer"]["report_id"].as_str().unwrap().to_owned();
    let call = county.call(&desk(), GetReportRequest { report_id });
    let report = county.register.clone().get_report(call).await.unwrap().into_inner().report;
    assert_eq!(report.unwrap().facts, "停在楼下的第0辆电动车被盗。");
    assert!(
        found["receipt"].as_str().unwrap().contains("number: 明公（010000）接报字〔2026〕1号\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_its_reason_and_the_fields_as_read_by_a_stranger() {
    let county = County::new(Setup::default()).await;

    let found = register(&county, &desk(), 1);

    for (refusal, fields) in [
        (&found["empty"], json!(["source", "nature", "told_at", "unit"])),
        (&found["poor"], json!(["facts", "reporter.person.name"])),
    ] {
        assert_eq!(refusal["code"], "INVALID_ARGUMENT");
        assert_eq!(refusal["reason"], "REPORT_INVALID");
        assert_eq!(refusal["domain"], "gongxin");
        assert_eq!(refusal["locale"], "zh-CN");
        assert_eq!(refusal["fields"], fields);
    }
    let without_token = &found["without_token"];
    assert_eq!(without_token["code"], "UNAUTHENTICATED");
    assert_eq!(without_token["reason"], "NOT_SIGNED_IN");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_read_from_the_bus_and_decoded_by_a_stranger() {
    let county = County::new(Setup::default()).await;
    let told = register(&county, &desk(), 2);
    let (answer, receipt) = (&told["answer"], told["receipt"].as_str().unwrap());
    let world = county.deployment.world();

    let mut command = python("read_event.py");
    command
        .args([world.nats(), world.prefix(), "619921/intake", "619921.intake.report.registered"])
        .arg(answer["event_id"].as_str().unwrap())
        .arg(county.intake.address.to_string());
    let found: Value = serde_json::from_str(&good(&mut command)).unwrap();

    let attributes = &found["attributes"];
    let line = |key: &str| {
        let line = receipt.lines().find_map(|line| line.strip_prefix(&format!("{key}: ")));
        line.unwrap().to_owned()
    };
    for (attribute, value) in [
        ("specversion", json!("1.0")),
        ("id", answer["event_id"].clone()),
        ("source", json!("619921/intake")),
        ("type", json!("gongxin.intake.v1.ReportRegistered")),
        ("subject", json!("report.registered")),
        ("datacontenttype", json!("application/protobuf")),
        ("bureau", json!("619921")),
        ("partitionkey", answer["report_id"].clone()),
        ("aggregateversion", json!(line("version"))),
        ("sequence", json!(format!("{:0>20}", line("index")))),
    ] {
        assert_eq!(attributes[attribute], value, "{attribute} in {attributes}");
    }
    let time: jiff::Timestamp = attributes["time"].as_str().unwrap().parse().unwrap();
    assert_eq!(time, line("time").parse().unwrap());
    assert_eq!(found["headers"]["Nats-Msg-Id"], answer["event_id"]);
    let subject = format!("{}.619921.intake.report.registered", world.prefix());
    assert_eq!(found["subject"], json!(subject));

    let data = &found["data"];
    assert_eq!(data["report_id"], answer["report_id"]);
    assert_eq!(data["number"], answer["number"]);
    assert_eq!(data["unit"]["code"], "619921010000");
    assert_eq!(data["officer"]["police_number"], desk().police_number);
    assert_eq!(found["unknown_fields"], false, "reflection tells of every field");
}
