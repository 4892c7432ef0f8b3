//! The viewer as a process: what it accepts, what it refuses, how it ends.

use std::{process::Stdio, time::Duration};

use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, metrics_service_client::MetricsServiceClient,
};
use tokio::{process::Command, time::timeout};

use crate::rig::{Viewer, span};

#[tokio::test]
async fn it_is_healthy_and_takes_metrics_without_keeping_them() {
    let viewer = Viewer::start(&[]).await;
    assert_eq!(viewer.page("/healthz").await, "ok");

    let mut metrics = MetricsServiceClient::new(viewer.otlp.clone());
    metrics.export(ExportMetricsServiceRequest::default()).await.unwrap();
    assert!(viewer.page("/").await.contains("还没有收到跨度"));
}

#[tokio::test]
async fn a_span_without_proper_ids_is_rejected_and_the_others_are_kept() {
    let viewer = Viewer::start(&[]).await;
    let mut short = span(1, 11, 0, "short", 0);
    short.trace_id.pop();
    let mut empty = span(1, 12, 0, "empty", 0);
    empty.span_id = vec![0; 8];
    let answer = viewer.send("intake", vec![short, empty, span(2, 21, 0, "good", 0)]).await;

    assert_eq!(answer.partial_success.unwrap().rejected_spans, 2);
    assert_eq!(viewer.listed("/").await, [2]);
}

#[tokio::test]
async fn a_signal_ends_it_at_once_though_an_exporter_is_connected() {
    for signal in ["TERM", "INT"] {
        let mut viewer = Viewer::start(&[]).await;
        viewer.send("intake", vec![span(1, 11, 0, "Register", 0)]).await;

        let process = viewer.child.id().unwrap().to_string();
        Command::new("kill").args(["-s", signal, &process]).status().await.unwrap();

        let ended = timeout(Duration::from_secs(5), viewer.child.wait()).await;
        assert!(ended.expect("it ends within seconds").unwrap().success(), "{signal}");
    }
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused() {
    for option in ["--listen", "--otlp"] {
        let run = Command::new(env!("CARGO_BIN_EXE_trace-viewer"))
            .args([option, "0.0.0.0:0"])
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .output();
        let output = timeout(Duration::from_secs(5), run).await.expect("it ends at once").unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("usage: trace-viewer"));
    }
}
