//! What is received, what is refused, and what others may see of it.

use gongxin_exchange::OrganKey;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::exchange_service_server::SERVICE_NAME;
use gongxin_proto::exchange::v1::{ArrestRequest, Envelope};
use gongxin_simulator::{Options, Simulator, State};
use serde_json::json;
use tonic::Code;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::world::{
    CASE, Folder, NINE, NOWHERE, POLICE, PROCURATORATE, deliver, envelope, get, organs, police_key,
    private_pem, procuratorate_key, refusal,
};

#[tokio::test]
async fn the_same_envelope_gets_the_same_receipt_even_after_a_restart() {
    let folder = Folder::new("same-receipt");
    let first = folder.start(NOWHERE).await;
    let sent = police_key().seal(&envelope());

    let given = deliver(first.address, &sent).await.unwrap();
    folder.set_clock("2026-01-05T02:00:00Z");
    assert_eq!(deliver(first.address, &sent).await.unwrap(), given);
    assert_eq!(first.received().len(), 1);
    first.stop().await.unwrap();
    let second = folder.start(NOWHERE).await;
    assert_eq!(deliver(second.address, &sent).await.unwrap(), given);

    let receipt = organs().receipt(&given, &sent, PROCURATORATE).unwrap();
    assert_eq!(receipt.received_at, NINE);
    assert_eq!(second.received().len(), 1);
    second.stop().await.unwrap();
}

#[tokio::test]
async fn other_content_under_a_used_key_is_refused() {
    let folder = Folder::new("key-reused");
    let running = folder.start(NOWHERE).await;
    let first = envelope();
    let other = Envelope { created_at: "2026-01-05T01:00:01Z".into(), ..first.clone() };
    deliver(running.address, &police_key().seal(&first)).await.unwrap();

    let refused = deliver(running.address, &police_key().seal(&other)).await.unwrap_err();

    let expected = (Code::AlreadyExists, "ENVELOPE_KEY_REUSED".to_owned(), vec![]);
    assert_eq!(refusal(&refused), expected);
    assert_eq!(running.received().len(), 1);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_believed_or_received_is_refused_and_leaves_no_trace() {
    let folder = Folder::new("refused");
    let running = folder.start(NOWHERE).await;
    let good = police_key().seal(&envelope());
    let mut altered = good.clone();
    *altered.envelope.last_mut().unwrap() ^= 1;
    let in_anothers_name = procuratorate_key().seal(&envelope());
    let court = OrganKey::from_pem("court:619921", &private_pem(POLICE)).unwrap();
    let of_an_unknown_organ = court.seal(&Envelope { sender: "court:619921".into(), ..envelope() });
    let elsewhere = Envelope { receiver: "procuratorate:619922".into(), ..envelope() };
    let incomplete = Document::ArrestRequest(ArrestRequest {
        document_number: "明公（刑）提捕字〔2026〕1号".into(),
        case_number: CASE.into(),
        charge: "盗窃罪".into(),
        ground: "有证据证明有犯罪事实".into(),
        ..ArrestRequest::default()
    });
    let incomplete = Envelope { document: Some(incomplete), ..envelope() };

    let unsigned = (Code::Unauthenticated, "ENVELOPE_NOT_SIGNED", vec![]);
    for (sent, (code, reason, fields)) in [
        (altered, unsigned.clone()),
        (in_anothers_name, unsigned.clone()),
        (of_an_unknown_organ, unsigned),
        (police_key().seal(&elsewhere), (Code::PermissionDenied, "ENVELOPE_NOT_FOR_US", vec![])),
        (
            police_key().seal(&incomplete),
            (Code::InvalidArgument, "ENVELOPE_INVALID", vec!["arrest_request.suspect_name"]),
        ),
    ] {
        let refused = deliver(running.address, &sent).await.unwrap_err();
        let fields = fields.into_iter().map(str::to_owned).collect();
        assert_eq!(refusal(&refused), (code, reason.to_owned(), fields));
    }

    assert_eq!(running.received(), []);
    assert_eq!(std::fs::read(folder.path("journal")).unwrap(), b"");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn the_pages_show_numbers_and_states_and_no_name() {
    let folder = Folder::new("pages");
    let options = Options { decide_after_hours: 2, ..folder.options(NOWHERE) };
    let running = Simulator::start(options).await.unwrap();
    let none = json!({ "undecided": 0, "unsent": 0, "next_at": null });
    assert_eq!(get(running.address, "/pending").await, none);
    deliver(running.address, &police_key().seal(&envelope())).await.unwrap();

    let page = get(running.address, "/").await;
    let open = json!({ "undecided": 1, "unsent": 0, "next_at": "2026-01-05T03:00:00Z" });
    assert_eq!(get(running.address, "/pending").await, open);

    assert_eq!(page["organ"], PROCURATORATE);
    assert_eq!(page["papers"][0]["case_number"], CASE);
    assert_eq!(page["papers"][0]["state"], "received");
    assert_eq!(running.received()[0].state, State::Received);
    assert!(!page.to_string().contains("龚小军"), "{page}");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn health_and_reflection_answer_on_the_one_port() {
    let folder = Folder::new("health");
    let running = folder.start(NOWHERE).await;
    let endpoint = Endpoint::from_shared(format!("http://{}", running.address)).unwrap();
    let channel = endpoint.connect().await.unwrap();

    let mut health = HealthClient::new(channel.clone());
    let request = HealthCheckRequest { service: SERVICE_NAME.into() };
    let health = health.check(request).await.unwrap().into_inner();
    assert_eq!(health.status(), ServingStatus::Serving);

    let mut reflection = ServerReflectionClient::new(channel);
    let list = MessageRequest::ListServices(String::new());
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(list) };
    let answers = reflection.server_reflection_info(futures::stream::iter([request])).await;
    let answer = answers.unwrap().into_inner().message().await.unwrap().unwrap();
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("{answer:?}");
    };
    assert!(list.service.iter().any(|service| service.name == SERVICE_NAME), "{list:?}");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_at_the_start() {
    let folder = Folder::new("options");
    folder.set_plan(r#"{"A": {"decision": "refuse"}}"#);
    let good = || folder.options(NOWHERE);
    let court = OrganKey::from_pem("court:619921", &private_pem(POLICE)).unwrap();
    let plan = Some(folder.path("plan"));
    for (options, why) in [
        (Options { listen: "0.0.0.0:0".parse().unwrap(), ..good() }, "not a loopback address"),
        (Options { key: court, ..good() }, "court:619921 is not simulated"),
        (Options { plan, ..good() }, "the plan"),
        (Options { clock: Some(folder.path("none")), ..good() }, "clock"),
    ] {
        let refused = Simulator::start(options).await.unwrap_err();
        assert!(refused.to_string().contains(why), "{refused}");
    }
}
