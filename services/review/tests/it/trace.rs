//! One trace from the decision to the door of the procuratorate.

use gongxin_chassis::{TelemetrySettings, telemetry};
use gongxin_proto::review::v1::ExitStage;
use gongxin_testkit::Collector;

use crate::office::*;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test(flavor = "multi_thread")]
async fn the_delivery_continues_the_trace_of_the_decision() {
    let (_collector, url) = Collector::start().await;
    // Telemetry is one for the whole process; the other tests do not look at theirs.
    let settings = TelemetrySettings {
        otlp_endpoint: Some(url),
        filter: Some("info".into()),
        ..TelemetrySettings::default()
    };
    let _telemetry = telemetry::install("review", &settings).unwrap();
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let request = office.submit(&case).await;
    office.pass(&case, &request).await;

    let mut decide = office.call(&leader(), Office::decision(&case, &request, true));
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    decide.metadata_mut().insert("traceparent", parent.parse().unwrap());
    office.review().decide_request(decide).await.unwrap();
    office.exit_at(&case, ExitStage::Delivered).await;

    let traces = office.court.traces();
    assert!(traces[0].contains(TRACE) && traces[0] != parent, "{traces:?}");
}
