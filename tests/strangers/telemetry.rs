//! Telemetry as collectors receive it that are not ours: Python with the published OTLP types, and
//! rotel, a collector program, in front of it.
//!
//! The OpenTelemetry Collector itself is in no package index. Rotel is an early release; it prints no
//! more than counts, so that what it passes on is looked at behind it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use gongxin_testkit::{eventually, get, setting, until};
use gongxin_tests::county::{County, Setup};
use gongxin_tests::process::{Process, free_address};
use gongxin_tests::story;
use serde_json::Value;
use tokio::net::TcpStream;

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

/// Rotel, which dies with the value.
struct Rotel(Child);

impl Rotel {
    /// Starts it, to pass on what it takes; gives also where it listens. None where this machine's
    /// Python has no wheel of it.
    async fn start(passes_to: &str) -> Option<(Self, String)> {
        let program = Path::new(&setting("GONGXIN_TEST_PYTHON_PACKAGES")).join("rotel/rotel-agent");
        if !program.exists() {
            return None;
        }
        let (grpc, http) = (free_address(), free_address());
        let process = Command::new(program)
            .arg("start")
            .args(["--otlp-grpc-endpoint", &grpc.to_string()])
            .args(["--otlp-http-endpoint", &http.to_string()])
            .args(["--exporter", "otlp", "--otlp-exporter-endpoint", passes_to])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let rotel = Self(process);
        eventually("rotel listens", async || TcpStream::connect(grpc).await.ok()).await;
        Some((rotel, format!("http://{grpc}")))
    }
}

impl Drop for Rotel {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_metrics_and_logs_of_every_service_are_collected_by_a_stranger() {
    let (collector, url) = Collector::start();
    every_service_is_heard(&collector, url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_program_takes_and_passes_on_what_is_sent_by_a_stranger() {
    let (collector, url) = Collector::start();
    let Some((_rotel, url)) = Rotel::start(&url).await else {
        println!("left out: this Python has no wheel of rotel");
        return;
    };
    every_service_is_heard(&collector, url).await;
}

/// Lets a county send to `url` until traces, metrics and logs of each service have arrived.
async fn every_service_is_heard(collector: &Collector, url: String) {
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
