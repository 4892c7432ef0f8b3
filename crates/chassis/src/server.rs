//! One port for gRPC and HTTP: spans, time limits, and nobody anonymous behind the gate.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use gongxin_eventing::trace::TraceContext;
use gongxin_kernel::Fault;
use tonic::Status;
use tonic::service::Routes;
use tracing::Instrument as _;

use crate::identity::Identity;
use crate::reasons;
use crate::status::IntoStatus as _;

/// Longest time a call may take, whatever its caller allows.
const LIMIT: Duration = Duration::from_secs(30);

/// gRPC services that anybody may call; the exchange checks its callers' signatures itself.
const OPEN: [&str; 4] = [
    "/gongxin.exchange.v1.ExchangeService/",
    "/grpc.health.v1.Health/",
    "/grpc.reflection.v1.ServerReflection/",
    "/grpc.reflection.v1alpha.",
];

/// The whole router of a service.
pub(crate) fn router(
    grpc: Routes,
    pages: Router,
    public: Router,
    identity: Arc<Identity>,
) -> Router {
    let gate = middleware::from_fn_with_state(identity, gate);
    let grpc = grpc.prepare().into_axum_router().layer(gate.clone());
    grpc.merge(pages.layer(gate)).merge(public).layer(middleware::from_fn(observe))
}

async fn gate(State(identity): State<Arc<Identity>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if OPEN.iter().any(|open| path.starts_with(open)) {
        return next.run(request).await;
    }
    let token = request
        .headers()
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let checked = match token {
        Some(token) => identity.check(token),
        None => Err(Fault::new(&reasons::NOT_SIGNED_IN)),
    };
    match checked {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(fault) => fault.into_status().into_http::<Body>(),
    }
}

/// Opens the server span, as a child of the caller's, and keeps the time limit.
async fn observe(request: Request, next: Next) -> Response {
    let text = |headers: &http::HeaderMap, name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!(
        "request",
        otel.name = %path,
        otel.kind = "server",
        url.path = %path,
        http.request.method = %request.method(),
    );
    TraceContext {
        traceparent: text(request.headers(), "traceparent"),
        tracestate: text(request.headers(), "tracestate"),
    }
    .adopt(&span);
    let timeout = text(request.headers(), "grpc-timeout");
    let limit = grpc_timeout(&timeout).unwrap_or(LIMIT).min(LIMIT);
    match tokio::time::timeout(limit, next.run(request).instrument(span)).await {
        Ok(response) => response,
        Err(_) => Status::deadline_exceeded("the call took too long").into_http::<Body>(),
    }
}

/// `grpc-timeout`: up to eight digits and a unit.
fn grpc_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(number.checked_mul(3600)?),
        "M" => Duration::from_secs(number.checked_mul(60)?),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_time_limit_is_read() {
        assert_eq!(grpc_timeout("250m"), Some(Duration::from_millis(250)));
        assert_eq!(grpc_timeout("3S"), Some(Duration::from_secs(3)));
        for text in ["", "S", "3", "3x", "-1S", "分"] {
            assert_eq!(grpc_timeout(text), None, "{text:?}");
        }
    }
}
