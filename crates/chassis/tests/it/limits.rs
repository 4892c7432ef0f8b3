//! What is too large, too slow or unknown is answered in the caller's own manner.

use gongxin_chassis::Running;
use gongxin_kernel::Post;
use gongxin_proto::operations::v1::ResolveQuarantinedRequest;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use http::{Method, StatusCode};
use tonic::Code;

use crate::browser::Browser;
use crate::world::{bare, token, with_token};

const GRPC: (&str, &str) = ("content-type", "application/grpc");

fn url(running: &Running, path: &str) -> String {
    format!("http://{}{path}", running.address)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_serves_is_unimplemented_for_programs_and_a_page_for_browsers() {
    let (_files, running, _channel) = bare().await;
    let mut browser = Browser::new();

    let page = browser.get(&url(&running, "/nothing/here")).await;
    assert!(page.is_about(StatusCode::NOT_FOUND, "PAGE_NOT_FOUND"), "{page:?}");
    assert!(page.header("content-security-policy").contains("default-src 'self'"));

    let path = url(&running, "/gongxin.nothing.v1.NothingService/Do");
    let status = browser.send(Method::POST, &path, &[GRPC], String::new()).await;
    assert_eq!((status.status, status.header("grpc-status")), (StatusCode::OK, "12"));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_when_its_caller_would_no_longer_wait() {
    let (files, running, _channel) = bare().await;
    let token = format!("Bearer {}", token(files.issuer(), "619921", &[Post::CaseOfficer]));
    let (timeout, endless) = (("grpc-timeout", "50m"), url(&running, "/endless"));
    let token = ("authorization", token.as_str());
    let mut browser = Browser::new();

    let status = browser.send(Method::GET, &endless, &[GRPC, timeout, token], String::new()).await;
    assert_eq!((status.status, status.header("grpc-status")), (StatusCode::OK, "4"));
    let page = browser.send(Method::GET, &endless, &[timeout, token], String::new()).await;
    assert!(page.is_about(StatusCode::SERVICE_UNAVAILABLE, "TOO_SLOW"), "{page:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_beyond_four_megabytes_is_not_read() {
    let (files, running, channel) = bare().await;
    let token = token(files.issuer(), "619921", &[Post::Administrator]);
    let mut operations = OperationsServiceClient::new(channel);
    let of = |length: usize| ResolveQuarantinedRequest {
        source: "619921/nobody".into(),
        reason: "a".repeat(length),
        ..Default::default()
    };

    let fits = operations.resolve_quarantined(with_token(of(1 << 20), &token)).await;
    assert_eq!(fits.unwrap_err().code(), Code::NotFound);
    let large = operations.resolve_quarantined(with_token(of(5 << 20), &token)).await;
    assert_eq!(large.unwrap_err().code(), Code::OutOfRange);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_beyond_64_kilobytes_is_not_read() {
    let (files, running, _channel) = bare().await;
    let token = format!("Bearer {}", token(files.issuer(), "619921", &[Post::CaseOfficer]));
    let desk = url(&running, "/desk");
    let mut browser = Browser::new();
    for (length, status) in
        [(60_000, StatusCode::SEE_OTHER), (66_000, StatusCode::PAYLOAD_TOO_LARGE)]
    {
        let text = "a".repeat(length);
        let form = vec![("text", text.as_str())];
        let answer = browser.post_with(&desk, &form, &[("authorization", &token)]).await;
        assert_eq!(answer.status, status, "{length}");
    }
    running.stop().await;
}
