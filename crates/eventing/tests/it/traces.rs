//! One trace from the command through the log to the effect elsewhere.

use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock, Mutex};

use gongxin_eventing::trace::TraceContext;
use gongxin_kernel::new_uuid;
use gongxin_testkit::{World, eventually, until};
use opentelemetry::trace::{SpanContext, TracerProvider as _};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use tracing::Instrument as _;
use tracing_subscriber::layer::SubscriberExt as _;
use uuid::Uuid;

use crate::bus::follows_live;
use crate::toys::{Running, echo, echoes_in_order, toy, wind, world};

/// Ended spans of all tests of this process.
#[derive(Clone, Debug, Default)]
struct Spans(Arc<Mutex<Vec<SpanData>>>);

impl SpanExporter for Spans {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap().extend(batch);
        Ok(())
    }
}

/// The loops run on other threads than the test: there is one subscriber for all.
static SPANS: LazyLock<Spans> = LazyLock::new(|| {
    let spans = Spans::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
    spans
});

/// Winds within a trace and gives the context that the event of `toy` was stored with.
async fn wind_traced(service: &Running, world: &World, toy: Uuid) -> TraceContext {
    wind(service.runtime.db(), toy).instrument(tracing::info_span!("request")).await.unwrap();
    let traceparent: String =
        sqlx::query_scalar("select traceparent from toy.events where aggregate = $1")
            .bind(toy)
            .fetch_one(&mut world.admin().await)
            .await
            .unwrap();
    TraceContext { traceparent, tracestate: String::new() }
}

/// The span in which the event of `toy` was applied.
async fn applied(toy: Uuid) -> SpanData {
    let is_it = |span: &&SpanData| {
        let toy = toy.to_string();
        let is_about = |value: &opentelemetry::KeyValue| {
            value.key.as_str() == "aggregate.id" && value.value.as_str() == toy
        };
        span.name == "apply toy.wound" && span.attributes.iter().any(is_about)
    };
    eventually("the event is applied in a span", async || {
        SPANS.0.lock().unwrap().iter().find(is_it).cloned()
    })
    .await
}

/// `traceparent` of a span.
fn written(context: &SpanContext) -> String {
    format!("00-{}-{}-01", context.trace_id(), context.span_id())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_as_it_happens_continues_its_trace() {
    LazyLock::force(&SPANS);
    let world = world().await;
    let (source, toy) = (toy(&world).await, new_uuid());
    let listener = echo(&world, &source).await;
    wind(source.runtime.db(), new_uuid()).await.unwrap();
    follows_live(&world).await;

    listener.source_open.store(false, Ordering::Relaxed);
    let stored = wind_traced(&source, &world, toy).await;
    until(2, async || echoes_in_order(&world).await).await;

    let span = applied(toy).await;
    let trace = span.span_context.trace_id();
    let parent = format!("00-{trace}-{}-01", span.parent_span_id);
    assert_eq!(parent, stored.traceparent);
    assert!(span.links.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_event_starts_a_trace_that_is_linked_to_its_own() {
    LazyLock::force(&SPANS);
    let world = world().await.on_nats("nats://127.0.0.1:1");
    let (source, toy) = (toy(&world).await, new_uuid());
    let _listener = echo(&world, &source).await;

    let stored = wind_traced(&source, &world, toy).await;
    until(1, async || echoes_in_order(&world).await).await;

    let span = applied(toy).await;
    let links: Vec<String> = span.links.iter().map(|link| written(&link.span_context)).collect();
    let trace = span.span_context.trace_id().to_string();
    assert!(!stored.traceparent.contains(&trace), "{trace} is the trace of the command");
    assert_eq!(links, [stored.traceparent]);
}
