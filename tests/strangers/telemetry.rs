//! Telemetry as a collector receives it that is not ours: Python, with the published OTLP types.
//!
//! No collector program as such stands behind this test. The OpenTelemetry Collector is in no
//! package index; what there is (rotel) is an early release for the newest C library only.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

use gongxin_testkit::{get, until};
use gongxin_tests::county::{County, Setup};
use gongxin_tests::process::Process;
use gongxin_tests::story;
use serde_json::Value;

use crate::python::python;

/// The collector's process, which dies with the value.
struct Collector {
    process: Child,
    counts: Arc<Mutex<Value>>,
}

impl Collector {
    /// Starts it; gives also where it listens.
    fn start() -> (Self, String) {
        let mut command = python("collect.py");
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.next().expect("the collector says where it listens").unwrap();
        let counts = Arc::new(Mutex::new(Value::Null));
        let newest = Arc::clone(&counts);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                *newest.lock().unwrap() = serde_json::from_str(&line).unwrap();
            }
        });
        (Self { process, counts }, url)
    }

    /// The newest count of this kind from a service.
    fn count(&self, service: &str, kind: &str) -> u64 {
        self.counts.lock().unwrap()[service][kind].as_u64().unwrap_or(0)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_metrics_and_logs_of_every_service_are_collected_by_a_stranger() {
    let (collector, url) = Collector::start();
    let county = County::new(Setup { collector: Some(url), ..Setup::default() }).await;
    let services = county.processes().map(|process| process.name);

    story::theft(&county, 0).await;
    for process in county.processes() {
        get(&format!("{}/log/checkpoint", process.url()), None).await;
    }
    let without = |kind: &str| -> Vec<&str> {
        services.into_iter().filter(|service| collector.count(service, kind) == 0).collect()
    };
    until(Vec::new(), async || [without("spans"), without("records")].concat()).await;

    // Metrics come every minute, and at an orderly end.
    county.processes().into_iter().for_each(Process::terminate);
    until(Vec::new(), async || without("points")).await;
    let received = collector.counts.lock().unwrap().clone();
    for service in services {
        let of_service = &received[service];
        assert_eq!(of_service["namespace"], "gongxin", "{service}");
        let metrics = of_service["metrics"].as_array().unwrap();
        assert!(metrics.contains(&"http.server.request.duration".into()), "{service}: {metrics:?}");
        assert_eq!(of_service["instances"].as_array().unwrap().len(), 1, "{service}");
    }
}
