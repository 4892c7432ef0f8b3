//! What leaves a service as telemetry, and what never does. The service is a process of its own,
//! since telemetry is one for a whole process.

use std::path::PathBuf;
use std::process::Stdio;

use gongxin_issuer::{ACCESS_AUDIENCE, Grant};
use gongxin_kernel::Post;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{GetStatusRequest, ResolveQuarantinedRequest};
use gongxin_testkit::{Collector, Deployment};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::browser::{Browser, query};
use crate::sign_in::pick;
use crate::world::{House, files, free_address, officer, settings, token, with_token};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// The bare service as a process.
struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
    log: PathBuf,
    url: String,
    files: Deployment,
}

impl Process {
    async fn start(environment: &[(&str, &str)]) -> Self {
        let files = files().await;
        settings(&files, "bare", "follower", "http://127.0.0.1:1");
        let log = files.path("stderr");
        let tests = std::env::current_exe().unwrap();
        let bare = tests.parent().unwrap().parent().unwrap().join("examples/bare");
        let mut child = Command::new(bare)
            .arg("--config")
            .arg(files.path("bare.toml"))
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .kill_on_drop(true)
            .spawn()
            .expect("the example is there: cargo build -p gongxin-chassis --example bare");
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).await.unwrap();
        let url = line.trim().strip_prefix("bare ").expect("it says its address").to_owned();
        Self { child, output, log, url, files }
    }

    fn token(&self, post: Post) -> String {
        token(self.files.issuer(), "619921", &[post])
    }

    /// A call that asks the database, as part of a trace.
    async fn call(&self) {
        let channel = Channel::from_shared(self.url.clone()).unwrap().connect().await.unwrap();
        let mut request = with_token(GetStatusRequest {}, &self.token(Post::Administrator));
        let parent = format!("00-{TRACE}-{CALLER}-01").parse().unwrap();
        request.metadata_mut().insert("traceparent", parent);
        OperationsServiceClient::new(channel).get_status(request).await.unwrap();
    }

    /// Ends it as a platform does, and gives its log.
    async fn end(mut self) -> String {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        assert!(sent.success());
        let mut rest = String::new();
        while self.output.read_line(&mut rest).await.unwrap() > 0 {}
        let log = std::fs::read_to_string(&self.log).unwrap();
        assert!(self.child.wait().await.unwrap().success(), "{log}");
        log
    }
}

fn attribute<'s>(span: &'s Span, name: &str) -> Option<&'s str> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_traced_from_its_caller_to_its_transaction() {
    let (collector, url) = Collector::start().await;
    let process = Process::start(&[("GONGXIN__TELEMETRY__OTLP_ENDPOINT", &url)]).await;

    process.call().await;
    process.end().await;

    let spans = collector.spans();
    let ours: Vec<_> = spans.iter().filter(|span| hex(&span.trace_id) == TRACE).collect();
    let server = ours.iter().find(|span| span.kind == SpanKind::Server as i32).unwrap();
    assert_eq!(server.name, "gongxin.operations.v1.OperationsService/GetStatus");
    assert_eq!(hex(&server.parent_span_id), CALLER);
    let transaction = ours.iter().find(|span| attribute(span, "db.transaction").is_some()).unwrap();
    assert_eq!(transaction.name, "status");
    assert_eq!(transaction.parent_span_id, server.span_id);
    assert!(collector.metrics().iter().any(|name| name == "http.server.request.duration"));
    assert!(collector.records() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_and_programs_send_is_in_no_span_and_no_log() {
    let (collector, collects) = Collector::start().await;
    let (mut house, listen) = (House::new().await, free_address().await.to_string());
    let url = format!("http://{listen}");
    let process = Process::start(&[
        ("GONGXIN__TELEMETRY__OTLP_ENDPOINT", &collects),
        ("GONGXIN__TELEMETRY__FILTER", "trace"),
        ("GONGXIN__LISTEN", &listen),
        ("GONGXIN__IDENTITY__ISSUER", &house.url),
        ("GONGXIN__IDENTITY__CLIENT_ID", "bare"),
        ("GONGXIN__IDENTITY__PUBLIC_URL", &url),
    ])
    .await;
    house.open(process.files.issuer(), &url).await;

    // An officer signs in: code, tokens, session and claims, which are a parameter of SQL.
    let mut browser = Browser::new();
    let back = pick(&mut browser, &format!("{url}/desk?query-93ab"), "619001").await;
    let code = query(&back).into_iter().find(|(name, _)| name == "code").unwrap().1;
    let started = browser.cookies["gx_bare_sign_in"].clone();
    let page = browser.follow(&back).await;
    assert!(page.body.contains("测试"));
    browser.post(&format!("{url}/desk"), &vec![("field", "form-0b8e")]).await;
    // Programs call with tokens, good and bad.
    let staff = officer("619003", "619921", &[Post::Administrator]);
    let token = process.files.issuer().token(&staff, &Grant::now(&house.url, ACCESS_AUDIENCE));
    let channel = Channel::from_shared(url.clone()).unwrap().connect().await.unwrap();
    let message = ResolveQuarantinedRequest { reason: "content-77d0".into(), ..Default::default() };
    for token in [token.as_str(), "token-c0de"] {
        let request = with_token(message.clone(), token);
        OperationsServiceClient::new(channel.clone())
            .resolve_quarantined(request)
            .await
            .unwrap_err();
    }
    let log = process.end().await;

    assert!(log.contains("session_open"), "the log says much");
    assert!(collector.records() > 20, "and so do the records");
    let mut all = collector.bytes();
    all.extend(log.as_bytes());
    let secrets = [
        ("code", code.as_str()),
        ("sign-in", &started),
        ("session", &browser.cookies["gx_bare_session"]),
        ("name", "测试"),
        ("unit", "法制大队"),
        ("police number", "619001"),
        ("query", "query-93ab"),
        ("form", "form-0b8e"),
        ("token", &token),
        ("bad token", "token-c0de"),
        ("message", "content-77d0"),
        ("any token", "eyJ"),
    ];
    for (what, secret) in secrets {
        let found = all.windows(secret.len()).position(|window| window == secret.as_bytes());
        let around = found.map(|at| {
            String::from_utf8_lossy(&all[at.saturating_sub(300)..at + secret.len()]).into_owned()
        });
        assert_eq!(around, None, "{what}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_and_idle_loops_leave_no_traces() {
    let (collector, url) = Collector::start().await;
    let process = Process::start(&[("GONGXIN__TELEMETRY__OTLP_ENDPOINT", &url)]).await;
    let mut browser = Browser::new();
    for path in ["/livez", "/readyz", "/startupz"] {
        assert_eq!(browser.get(&format!("{}{path}", process.url)).await.body, "ok");
    }
    let channel = Channel::from_shared(process.url.clone()).unwrap().connect().await.unwrap();
    HealthClient::new(channel).check(HealthCheckRequest::default()).await.unwrap();
    browser.get(&format!("{}/log/key", process.url)).await;
    process.end().await;

    let names: Vec<_> = collector.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["GET /log/key"], "what somebody asked for, and nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_collector_nothing_is_sent_and_nobody_complains() {
    let (collector, url) = Collector::start().await;
    // The variable by which other programs are told must not be taken for a setting of ours.
    let process = Process::start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]).await;
    process.call().await;
    let log = process.end().await;

    assert!(collector.bytes().is_empty());
    assert!(log.contains("INFO") && !log.contains("WARN") && !log.contains("ERROR"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_stops_nobody() {
    let process =
        Process::start(&[("GONGXIN__TELEMETRY__OTLP_ENDPOINT", "http://127.0.0.1:1")]).await;
    process.call().await;
    process.end().await;
}
