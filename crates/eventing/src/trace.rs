//! W3C trace context in and out of stored events and headers.

use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The two W3C headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceContext {
    /// `traceparent`, empty when there is no trace.
    pub traceparent: String,
    /// `tracestate`, often empty.
    pub tracestate: String,
}

impl TraceContext {
    /// The context of the current span.
    pub fn current() -> Self {
        let mut out = Self::default();
        TraceContextPropagator::new().inject_context(&Span::current().context(), &mut out);
        out
    }

    /// Makes `span`, which nobody has entered yet, a child of this context.
    pub fn adopt(&self, span: &Span) {
        let context = TraceContextPropagator::new().extract(self);
        // Fails when no OpenTelemetry layer is installed; then there is nothing to connect.
        let _ = span.set_parent(context);
    }

    /// The headers that carry this context on a call, as far as there is a trace.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("traceparent", self.traceparent.as_str()), ("tracestate", &self.tracestate)];
        all.into_iter().filter(|(_, value)| !value.is_empty())
    }

    /// Links `span` to this context: for replays and fired deadlines, which start a new trace.
    pub fn link(&self, span: &Span) {
        let context = TraceContextPropagator::new().extract(self);
        span.add_link(context.span().span_context().clone());
    }
}

/// Says on the current span what it is about, e.g. `case.number`, so that operators find the traces
/// of a case. Numbers only, never personal data.
pub fn about(name: &'static str, number: impl Into<String>) {
    Span::current().set_attribute(name, number.into());
}

impl Injector for TraceContext {
    fn set(&mut self, key: &str, value: String) {
        match key {
            "traceparent" => self.traceparent = value,
            "tracestate" => self.tracestate = value,
            _ => {}
        }
    }
}

impl Extractor for TraceContext {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" if !self.traceparent.is_empty() => Some(&self.traceparent),
            "tracestate" if !self.tracestate.is_empty() => Some(&self.tracestate),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}
