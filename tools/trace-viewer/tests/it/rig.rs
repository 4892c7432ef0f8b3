//! A viewer process of its own for each test, an OTLP client to feed it, and spans to feed.

use std::process::Stdio;

use axum::body::Body;
use http_body_util::BodyExt;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::{ExportLogsServiceRequest, logs_service_client::LogsServiceClient},
        trace::v1::{
            ExportTraceServiceRequest, ExportTraceServiceResponse,
            trace_service_client::TraceServiceClient,
        },
    },
    common::v1::{AnyValue, KeyValue, any_value::Value},
    logs::v1::{LogRecord, ResourceLogs, ScopeLogs},
    resource::v1::Resource,
    trace::v1::{ResourceSpans, ScopeSpans, Span, Status, span::Link},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};
use tonic::{codec::CompressionEncoding, transport::Channel};

/// 2026-03-02 09:00:00 in China.
pub(crate) const NINE: u64 = 1_772_413_200_000_000_000;
pub(crate) const MILLISECOND: u64 = 1_000_000;

pub(crate) struct Viewer {
    pub child: Child,
    pages: String,
    pub otlp: Channel,
    http: Client<HttpConnector, Body>,
}

impl Viewer {
    /// A running viewer with these further arguments.
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trace-viewer"))
            .args(["--listen", "127.0.0.1:0", "--otlp", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let places = line.trim().strip_prefix("trace-viewer pages=").unwrap();
        let (pages, otlp) = places.split_once(" otlp=").unwrap();
        Self {
            child,
            pages: pages.to_owned(),
            otlp: Channel::from_shared(otlp.to_owned()).unwrap().connect().await.unwrap(),
            http: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// Sends spans as a service does, compressed as exporters often are.
    pub(crate) async fn send(&self, service: &str, spans: Vec<Span>) -> ExportTraceServiceResponse {
        let resource_spans = vec![ResourceSpans {
            resource: Some(resource(service)),
            scope_spans: vec![ScopeSpans { spans, ..ScopeSpans::default() }],
            ..ResourceSpans::default()
        }];
        TraceServiceClient::new(self.otlp.clone())
            .send_compressed(CompressionEncoding::Gzip)
            .export(ExportTraceServiceRequest { resource_spans })
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn send_logs(&self, service: &str, log_records: Vec<LogRecord>) {
        let resource_logs = vec![ResourceLogs {
            resource: Some(resource(service)),
            scope_logs: vec![ScopeLogs { log_records, ..ScopeLogs::default() }],
            ..ResourceLogs::default()
        }];
        LogsServiceClient::new(self.otlp.clone())
            .export(ExportLogsServiceRequest { resource_logs })
            .await
            .unwrap();
    }

    /// The status and text of a page.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let uri = format!("{}{path}", self.pages).parse().unwrap();
        let response = self.http.get(uri).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// The text of a page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let (status, text) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// The ids of the traces a page lists, in its order.
    pub(crate) async fn listed(&self, path: &str) -> Vec<u8> {
        let page = self.page(path).await;
        let ids = page.split(r#"class="name" href="/trace/"#).skip(1);
        ids.map(|rest| u8::from_str_radix(&rest[..2], 16).unwrap()).collect()
    }
}

fn resource(service: &str) -> Resource {
    Resource { attributes: vec![attribute("service.name", service)], ..Resource::default() }
}

pub(crate) fn attribute(key: &str, value: &str) -> KeyValue {
    let value = AnyValue { value: Some(Value::StringValue(value.to_owned())) };
    KeyValue { key: key.to_owned(), value: Some(value), ..KeyValue::default() }
}

/// A trace is named by one number, which its id repeats; so is a span.
pub(crate) fn trace_path(trace: u8) -> String {
    format!("/trace/{}", format!("{trace:02x}").repeat(16))
}

/// A span of 10 ms that begins so many milliseconds after nine; parent 0 means none.
pub(crate) fn span(trace: u8, id: u8, parent: u8, name: &str, after_ms: u64) -> Span {
    let start = NINE + after_ms * MILLISECOND;
    Span {
        trace_id: vec![trace; 16],
        span_id: vec![id; 8],
        parent_span_id: if parent == 0 { Vec::new() } else { vec![parent; 8] },
        name: name.to_owned(),
        start_time_unix_nano: start,
        end_time_unix_nano: start + 10 * MILLISECOND,
        ..Span::default()
    }
}

pub(crate) fn with(mut span: Span, key: &str, value: &str) -> Span {
    span.attributes.push(attribute(key, value));
    span
}

pub(crate) fn failed(mut span: Span, message: &str) -> Span {
    span.status = Some(Status { message: message.to_owned(), code: 2 });
    span
}

pub(crate) fn linked(mut span: Span, trace: u8, id: u8) -> Span {
    let link = Link { trace_id: vec![trace; 16], span_id: vec![id; 8], ..Link::default() };
    span.links.push(link);
    span
}
