//! The receiving end of OTLP over gRPC: traces and logs are kept, metrics are dropped.

use std::sync::Arc;

use opentelemetry::trace::{SpanId, SpanKind, TraceId};
use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::{
            ExportLogsServiceRequest, ExportLogsServiceResponse,
            logs_service_server::{LogsService, LogsServiceServer},
        },
        metrics::v1::{
            ExportMetricsServiceRequest, ExportMetricsServiceResponse,
            metrics_service_server::{MetricsService, MetricsServiceServer},
        },
        trace::v1::{
            ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
            trace_service_server::{TraceService, TraceServiceServer},
        },
    },
    common::v1::{AnyValue, KeyValue, any_value::Value},
    logs::v1 as logs,
    resource::v1::Resource,
    trace::v1 as trace,
};
use tokio::net::TcpListener;
use tonic::{
    Request, Response, Status,
    codec::CompressionEncoding::Gzip,
    transport::{Server, server::TcpIncoming},
};

use crate::{
    model::{Attributes, Event, Link, LogRecord, Span},
    store::SharedStore,
};

/// Exporters batch by count of spans, not by size, so the limit is above tonic's 4 MiB.
const MESSAGE_LIMIT: usize = 32 * 1024 * 1024;

/// Receives until the listener fails.
pub(crate) async fn serve(
    listener: TcpListener,
    store: SharedStore,
) -> Result<(), tonic::transport::Error> {
    let receiver = Arc::new(Receiver { store });
    let traces = TraceServiceServer::from_arc(receiver.clone());
    let logs = LogsServiceServer::from_arc(receiver.clone());
    let metrics = MetricsServiceServer::from_arc(receiver);
    Server::builder()
        .add_service(traces.accept_compressed(Gzip).max_decoding_message_size(MESSAGE_LIMIT))
        .add_service(logs.accept_compressed(Gzip).max_decoding_message_size(MESSAGE_LIMIT))
        .add_service(metrics.accept_compressed(Gzip).max_decoding_message_size(MESSAGE_LIMIT))
        .serve_with_incoming(TcpIncoming::from(listener))
        .await
}

struct Receiver {
    store: SharedStore,
}

#[tonic::async_trait]
impl TraceService for Receiver {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut rejected_spans = 0;
        let mut store = self.store.write();
        for group in request.into_inner().resource_spans {
            let origin = Origin::of(group.resource);
            for scope_spans in group.scope_spans {
                let scope: Arc<str> = scope_spans.scope.unwrap_or_default().name.into();
                for span in scope_spans.spans {
                    match parse_span(span, &origin, &scope) {
                        Some((trace, span)) => store.add_span(trace, span),
                        None => rejected_spans += 1,
                    }
                }
            }
        }
        let partial_success = (rejected_spans > 0).then(|| ExportTracePartialSuccess {
            rejected_spans,
            error_message: "a span needs a trace id of 16 bytes and a span id of 8".to_owned(),
        });
        Ok(Response::new(ExportTraceServiceResponse { partial_success }))
    }
}

#[tonic::async_trait]
impl LogsService for Receiver {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        let mut store = self.store.write();
        for group in request.into_inner().resource_logs {
            let origin = Origin::of(group.resource);
            for log in group.scope_logs.into_iter().flat_map(|scope| scope.log_records) {
                // A record outside any trace has no page to stand on.
                if let Some(trace) = trace_id(&log.trace_id) {
                    store.add_log(trace, parse_log(log, &origin));
                }
            }
        }
        Ok(Response::new(ExportLogsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Receiver {
    async fn export(
        &self,
        _: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

/// Which process sent a group of spans or log records.
struct Origin {
    service: Arc<str>,
    instance: Arc<str>,
}

impl Origin {
    fn of(resource: Option<Resource>) -> Self {
        let attributes = attributes(resource.unwrap_or_default().attributes);
        let value_of = |wanted: &str| {
            attributes.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str())
        };
        Self {
            service: value_of("service.name").unwrap_or("unknown_service").into(),
            instance: value_of("service.instance.id").unwrap_or_default().into(),
        }
    }
}

fn parse_span(span: trace::Span, origin: &Origin, scope: &Arc<str>) -> Option<(TraceId, Span)> {
    let kind = match span.kind() {
        trace::span::SpanKind::Server => SpanKind::Server,
        trace::span::SpanKind::Client => SpanKind::Client,
        trace::span::SpanKind::Producer => SpanKind::Producer,
        trace::span::SpanKind::Consumer => SpanKind::Consumer,
        trace::span::SpanKind::Internal | trace::span::SpanKind::Unspecified => SpanKind::Internal,
    };
    let failed = |status: &trace::Status| status.code() == trace::status::StatusCode::Error;
    let parsed = Span {
        id: span_id(&span.span_id)?,
        parent: span_id(&span.parent_span_id),
        service: origin.service.clone(),
        instance: origin.instance.clone(),
        scope: scope.clone(),
        name: span.name,
        kind,
        start: span.start_time_unix_nano,
        end: span.end_time_unix_nano,
        error: span.status.filter(failed).map(|status| status.message),
        attributes: attributes(span.attributes),
        events: span.events.into_iter().map(parse_event).collect(),
        links: span.links.iter().filter_map(parse_link).collect(),
    };
    Some((trace_id(&span.trace_id)?, parsed))
}

fn parse_event(event: trace::span::Event) -> Event {
    Event { time: event.time_unix_nano, name: event.name, attributes: attributes(event.attributes) }
}

fn parse_link(link: &trace::span::Link) -> Option<Link> {
    Some(Link { trace: trace_id(&link.trace_id)?, span: span_id(&link.span_id)? })
}

fn parse_log(log: logs::LogRecord, origin: &Origin) -> LogRecord {
    let severity = if log.severity_text.is_empty() {
        log.severity_number().as_str_name().trim_start_matches("SEVERITY_NUMBER_").to_owned()
    } else {
        log.severity_text
    };
    let written = log.time_unix_nano;
    LogRecord {
        // A source that knows no time leaves 0; then the time it was seen stands in.
        time: if written == 0 { log.observed_time_unix_nano } else { written },
        service: origin.service.clone(),
        severity,
        body: log.body.map(text).unwrap_or(log.event_name),
        span: span_id(&log.span_id),
        attributes: attributes(log.attributes),
    }
}

fn trace_id(bytes: &[u8]) -> Option<TraceId> {
    let id = TraceId::from_bytes(bytes.try_into().ok()?);
    (id != TraceId::INVALID).then_some(id)
}

fn span_id(bytes: &[u8]) -> Option<SpanId> {
    let id = SpanId::from_bytes(bytes.try_into().ok()?);
    (id != SpanId::INVALID).then_some(id)
}

fn attributes(pairs: Vec<KeyValue>) -> Attributes {
    pairs.into_iter().map(|pair| (pair.key, pair.value.map(text).unwrap_or_default())).collect()
}

fn text(value: AnyValue) -> String {
    match value.value {
        None => String::new(),
        Some(Value::StringValue(text)) => text,
        Some(Value::BoolValue(bool)) => bool.to_string(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        Some(Value::ArrayValue(array)) => {
            let items: Vec<_> = array.values.into_iter().map(text).collect();
            format!("[{}]", items.join(", "))
        }
        Some(Value::KvlistValue(list)) => {
            let pairs: Vec<_> = attributes(list.values)
                .iter()
                .map(|(key, value)| format!("{key}: {value}"))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Some(Value::BytesValue(bytes)) => format!("{bytes:02x?}"),
        // Refers to a string table that only profiles have.
        Some(Value::StringValueStrindex(index)) => format!("#{index}"),
    }
}
