//! An OTLP collector of a few lines, which keeps what it is sent.

use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::logs::v1 as logs;
use opentelemetry_proto::tonic::collector::metrics::v1 as metrics;
use opentelemetry_proto::tonic::collector::trace::v1 as trace;
use opentelemetry_proto::tonic::common::v1::any_value;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// A collector; its clones share what was received.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    received: Arc<Mutex<Received>>,
}

#[derive(Debug, Default)]
struct Received {
    traces: Vec<trace::ExportTraceServiceRequest>,
    metrics: Vec<metrics::ExportMetricsServiceRequest>,
    logs: Vec<logs::ExportLogsServiceRequest>,
}

impl Collector {
    /// Listens on a free port; gives the collector and its address.
    pub async fn start() -> (Self, String) {
        let collector = Self::default();
        let routes =
            Routes::new(trace::trace_service_server::TraceServiceServer::new(collector.clone()))
                .add_service(metrics::metrics_service_server::MetricsServiceServer::new(
                    collector.clone(),
                ))
                .add_service(logs::logs_service_server::LogsServiceServer::new(collector.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes.into_axum_router()).await });
        (collector, url)
    }

    /// The spans that came.
    pub fn spans(&self) -> Vec<Span> {
        let received = self.received.lock().unwrap();
        let resources = received.traces.iter().flat_map(|request| &request.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }

    /// The spans that came, each with the `service.name` it came from.
    pub fn spans_by_service(&self) -> Vec<(String, Span)> {
        let received = self.received.lock().unwrap();
        let resources = received.traces.iter().flat_map(|request| &request.resource_spans);
        let of_resource = |resource: &ResourceSpans| {
            let service = service_name(resource);
            let spans = resource.scope_spans.iter().flat_map(|scope| scope.spans.clone());
            spans.map(|span| (service.clone(), span)).collect::<Vec<_>>()
        };
        resources.flat_map(of_resource).collect()
    }

    /// Names of the metrics that came.
    pub fn metrics(&self) -> Vec<String> {
        let received = self.received.lock().unwrap();
        let resources = received.metrics.iter().flat_map(|request| &request.resource_metrics);
        let scopes = resources.flat_map(|resource| &resource.scope_metrics);
        scopes.flat_map(|scope| scope.metrics.iter().map(|metric| metric.name.clone())).collect()
    }

    /// How many log records came.
    pub fn records(&self) -> usize {
        let received = self.received.lock().unwrap();
        let resources = received.logs.iter().flat_map(|request| &request.resource_logs);
        let scopes = resources.flat_map(|resource| &resource.scope_logs);
        scopes.map(|scope| scope.log_records.len()).sum()
    }

    /// Everything that came, as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let received = self.received.lock().unwrap();
        let traces = received.traces.iter().flat_map(prost::Message::encode_to_vec);
        let metrics = received.metrics.iter().flat_map(prost::Message::encode_to_vec);
        let logs = received.logs.iter().flat_map(prost::Message::encode_to_vec);
        traces.chain(metrics).chain(logs).collect()
    }
}

#[tonic::async_trait]
impl trace::trace_service_server::TraceService for Collector {
    async fn export(
        &self,
        request: Request<trace::ExportTraceServiceRequest>,
    ) -> Result<Response<trace::ExportTraceServiceResponse>, Status> {
        self.received.lock().unwrap().traces.push(request.into_inner());
        Ok(Response::new(trace::ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl metrics::metrics_service_server::MetricsService for Collector {
    async fn export(
        &self,
        request: Request<metrics::ExportMetricsServiceRequest>,
    ) -> Result<Response<metrics::ExportMetricsServiceResponse>, Status> {
        self.received.lock().unwrap().metrics.push(request.into_inner());
        Ok(Response::new(metrics::ExportMetricsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl logs::logs_service_server::LogsService for Collector {
    async fn export(
        &self,
        request: Request<logs::ExportLogsServiceRequest>,
    ) -> Result<Response<logs::ExportLogsServiceResponse>, Status> {
        self.received.lock().unwrap().logs.push(request.into_inner());
        Ok(Response::new(logs::ExportLogsServiceResponse::default()))
    }
}

fn service_name(resource: &ResourceSpans) -> String {
    let attributes = resource.resource.iter().flat_map(|resource| &resource.attributes);
    let name = attributes.filter(|one| one.key == "service.name").find_map(|one| {
        match one.value.as_ref()?.value.as_ref()? {
            any_value::Value::StringValue(name) => Some(name.clone()),
            _ => None,
        }
    });
    name.unwrap_or_default()
}
