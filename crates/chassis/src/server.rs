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
use http::HeaderMap;
use tonic::Status;
use tonic::service::Routes;
use tracing::Instrument as _;

use crate::identity::Identity;
use crate::measure::Call;
use crate::pages::Gate;
use crate::reasons;
use crate::status::IntoStatus as _;

/// Longest time a call may take, whatever its caller allows.
const LIMIT: Duration = Duration::from_secs(30);

/// gRPC services that anybody may call; the exchange checks its callers' signatures itself.
const OPEN: [&str; 4] = [
    "/gongxin.exchange.v1.ExchangeService/",
    "/grpc.health.v1.Health/",
    "/grpc.reflection.v1.ServerReflection/",
    "/grpc.reflection.v1alpha.ServerReflection/",
];

/// The whole router of a service.
pub(crate) fn router(
    grpc: Routes,
    pages: Router,
    public: Router,
    identity: Arc<Identity>,
    staff: &Gate,
) -> Router {
    let gate = middleware::from_fn_with_state(identity, gate);
    let grpc = grpc.prepare().into_axum_router().reset_fallback().layer(gate);
    let (unknown, slow) = (staff.clone(), staff.clone());
    grpc.merge(staff.router(pages))
        .merge(public)
        .fallback(async move |request: Request| unknown.unknown(&request))
        .layer(middleware::from_fn_with_state(slow, observe))
}

/// Whether a request is a gRPC call, which wants a status where a browser wants a page.
pub(crate) fn is_grpc(headers: &HeaderMap) -> bool {
    text(headers, "content-type").starts_with("application/grpc")
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    text(headers, "authorization").strip_prefix("Bearer ")
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn gate(State(identity): State<Arc<Identity>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if OPEN.iter().any(|open| path.starts_with(open)) {
        return next.run(request).await;
    }
    let checked = match bearer(request.headers()) {
        Some(token) => identity.check(token).await,
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

/// Opens the server span, as a child of the caller's, keeps the time limit, and measures.
async fn observe(State(staff): State<Gate>, request: Request, next: Next) -> Response {
    let started = tokio::time::Instant::now();
    let call = Call::of(&request);
    let span = call.span(&request);
    TraceContext {
        traceparent: text(request.headers(), "traceparent").to_owned(),
        tracestate: text(request.headers(), "tracestate").to_owned(),
    }
    .adopt(&span);
    let limit = limit_of(text(request.headers(), "grpc-timeout"));
    let answer = tokio::time::timeout(limit, next.run(request));
    let response = match answer.instrument(span.clone()).await {
        Ok(response) => response,
        Err(_) if call.is_grpc => {
            Status::deadline_exceeded("the call took too long").into_http::<Body>()
        }
        Err(_) => span.in_scope(|| staff.refusal(&Fault::new(&reasons::TOO_SLOW))),
    };
    call.ended(&response, &span, started.elapsed());
    response
}

/// The time a call may take: what its caller allows, and never more than ours.
fn limit_of(timeout: &str) -> Duration {
    grpc_timeout(timeout).unwrap_or(LIMIT).min(LIMIT)
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

    #[test]
    fn no_caller_gets_more_time_than_there_is() {
        assert_eq!(limit_of("3S"), Duration::from_secs(3));
        for text in ["1H", "99999999H", "", "nonsense"] {
            assert_eq!(limit_of(text), LIMIT, "{text:?}");
        }
    }
}
