//! Traces, metrics and logs over OTLP, and readable lines on standard error. Quiet when no
//! collector is set.

use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::trace::{Link, SpanKind, TraceId, TraceState, TracerProvider as _};
use opentelemetry::{KeyValue, global};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{
    Sampler, SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample,
};
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::settings::{LogFormat, TelemetrySettings};

/// The exporters' own transport must never feed the exporters.
const OWN_TRANSPORT: &str = "h2=off,hyper=off,hyper_util=off,tonic=off,tower=off,opentelemetry=off";

/// Prints credentials and what is published when it is asked to trace.
const TOO_FRANK: &str = "async_nats::connection=off";

/// Paths that a platform or a sibling asks every few seconds.
const PROBES: [&str; 5] = [
    "/livez",
    "/readyz",
    "/startupz",
    "/grpc.health.v1.Health/",
    "/gongxin.operations.v1.OperationsService/GetStatus",
];

/// Providers to be flushed at the end.
#[must_use = "without shutdown the last batch is lost"]
#[derive(Debug)]
pub struct Telemetry {
    tracer: SdkTracerProvider,
    meter: SdkMeterProvider,
    logger: SdkLoggerProvider,
}

/// Installs telemetry for the whole process; once, inside the runtime.
pub fn install(service: &'static str, settings: &TelemetrySettings) -> anyhow::Result<Telemetry> {
    global::set_text_map_propagator(TraceContextPropagator::new());
    let instance = gongxin_kernel::new_uuid().to_string();
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attributes([
            KeyValue::new("service.namespace", "gongxin"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", instance),
        ])
        .build();
    let mut tracer = SdkTracerProvider::builder()
        .with_sampler(Sampler::ParentBased(Box::new(Worthwhile)))
        .with_resource(resource.clone());
    let mut meter = SdkMeterProvider::builder().with_resource(resource.clone());
    let mut logger = SdkLoggerProvider::builder().with_resource(resource);
    if let Some(endpoint) = &settings.otlp_endpoint {
        let context = "telemetry.otlp_endpoint";
        tracer = tracer.with_batch_exporter(
            SpanExporter::builder()
                .with_tonic()
                .with_endpoint(endpoint)
                .build()
                .context(context)?,
        );
        meter = meter.with_periodic_exporter(
            MetricExporter::builder()
                .with_tonic()
                .with_endpoint(endpoint)
                .build()
                .context(context)?,
        );
        logger = logger.with_batch_exporter(
            LogExporter::builder().with_tonic().with_endpoint(endpoint).build().context(context)?,
        );
    }
    let (tracer, meter, logger) = (tracer.build(), meter.build(), logger.build());
    global::set_tracer_provider(tracer.clone());
    global::set_meter_provider(meter.clone());

    let level = settings.filter.as_deref().unwrap_or("info");
    let filter = || {
        EnvFilter::try_new(format!("{level},{OWN_TRANSPORT},{TOO_FRANK}"))
            .context("telemetry.filter")
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match settings.log {
        LogFormat::Human => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().with_current_span(true).boxed(),
    };
    let spans = settings.otlp_endpoint.is_some().then(|| {
        // Which thread and which line it was helps nobody who reads a trace of a case.
        tracing_opentelemetry::layer()
            .with_tracer(tracer.tracer(service))
            .with_location(false)
            .with_threads(false)
    });
    let records =
        settings.otlp_endpoint.is_some().then(|| OpenTelemetryTracingBridge::new(&logger));
    tracing_subscriber::registry()
        .with(lines.with_filter(filter()?))
        .with(spans.with_filter(filter()?))
        .with(records.with_filter(filter()?))
        .try_init()
        .context("telemetry is installed already")?;
    Ok(Telemetry { tracer, meter, logger })
}

/// Decides whether a trace that begins here is kept. Probes and the transactions with which loops
/// look for work come several times a second and would bury what people and facts do. Work that a
/// loop finds has a span of its own around it (`apply`, `publish`, `deadline`).
#[derive(Clone, Debug)]
struct Worthwhile;

impl ShouldSample for Worthwhile {
    fn should_sample(
        &self,
        _: Option<&opentelemetry::Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        attributes: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let drowns = attributes.iter().any(|attribute| match attribute.key.as_str() {
            "url.path" => PROBES.iter().any(|path| attribute.value.as_str().starts_with(path)),
            "db.transaction" => true,
            _ => false,
        });
        let decision =
            if drowns { SamplingDecision::Drop } else { SamplingDecision::RecordAndSample };
        SamplingResult { decision, attributes: Vec::new(), trace_state: TraceState::default() }
    }
}

impl Telemetry {
    /// Sends what is buffered; waits at most five seconds and never on the runtime's own threads.
    pub async fn shutdown(self) {
        let flush = tokio::task::spawn_blocking(move || {
            let results = [self.tracer.shutdown(), self.meter.shutdown(), self.logger.shutdown()];
            results.into_iter().filter_map(Result::err).for_each(drop);
        });
        let _ = tokio::time::timeout(Duration::from_secs(5), flush).await;
    }
}
