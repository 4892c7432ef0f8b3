//! What is recorded of each call: one server span and one duration.
//!
//! Never a header, a query, a form or a message: they hold personal data and secrets.

use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::Method;
use opentelemetry::metrics::Histogram;
use opentelemetry::{KeyValue, global};
use tracing::Span;

use crate::server::is_grpc;

/// Buckets of the semantic conventions for HTTP durations, in seconds.
const BOUNDARIES: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

static DURATION: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    global::meter("gongxin")
        .f64_histogram("http.server.request.duration")
        .with_unit("s")
        .with_description("From the head of a request to the head of its answer")
        .with_boundaries(BOUNDARIES.to_vec())
        .build()
});

/// A call as telemetry names it.
pub(crate) struct Call {
    pub(crate) is_grpc: bool,
    method: &'static str,
    /// The pattern that took the call; few values, whatever strangers ask for.
    route: String,
}

impl Call {
    pub(crate) fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self {
            is_grpc: is_grpc(request.headers()),
            method: known(request.method()),
            route: route.map_or("unknown", MatchedPath::as_str).to_owned(),
        }
    }

    /// The server span. A gRPC call has the name of its method, anything else that of its route.
    pub(crate) fn span(&self, request: &Request) -> Span {
        let path = request.uri().path();
        let name = if self.is_grpc {
            path.trim_start_matches('/').to_owned()
        } else {
            format!("{} {}", self.method, self.route)
        };
        tracing::info_span!(
            "request",
            otel.name = name,
            otel.kind = "server",
            otel.status_code = tracing::field::Empty,
            url.path = path,
            http.request.method = self.method,
            http.route = self.route,
            http.response.status_code = tracing::field::Empty,
            rpc.grpc.status_code = tracing::field::Empty,
        )
    }

    pub(crate) fn ended(&self, response: &Response, span: &Span, took: Duration) {
        let status = response.status().as_u16();
        span.record("http.response.status_code", status);
        if response.status().is_server_error() {
            span.record("otel.status_code", "ERROR");
        }
        let mut attributes = vec![
            KeyValue::new("http.request.method", self.method),
            KeyValue::new("http.route", self.route.clone()),
            KeyValue::new("http.response.status_code", i64::from(status)),
        ];
        if self.is_grpc {
            // A refused call says so in its head; what comes after the head is not waited for.
            let code = tonic::Status::from_header_map(response.headers());
            let code = code.map_or(tonic::Code::Ok, |status| status.code()) as i64;
            span.record("rpc.grpc.status_code", code);
            attributes.push(KeyValue::new("rpc.grpc.status_code", code));
        }
        DURATION.record(took.as_secs_f64(), &attributes);
    }
}

/// A method, or one word for all that strangers invent.
fn known(method: &Method) -> &'static str {
    let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    all.into_iter().find(|name| method.as_str() == *name).unwrap_or("_OTHER")
}
