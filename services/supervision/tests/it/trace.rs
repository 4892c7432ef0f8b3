//! From the page of a case to the traces of its facts (XC-3).

use gongxin_chassis::{TelemetrySettings, telemetry};
use gongxin_eventing::trace::TraceContext;
use gongxin_proto::supervision::v1::{Determination, GetTimelineRequest};
use gongxin_testkit::Collector;
use tracing::Instrument as _;

use crate::house::{House, supervisor};

const OF_INTAKE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const OF_DETERMINATION: &str = "5cf92f3577b34da6a3ce929d0e0e4737";

fn parent(trace: &str) -> String {
    format!("00-{trace}-00f067aa0ba902b7-01")
}

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_1_the_timeline_leads_to_the_trace_of_each_fact() {
    let (_collector, url) = Collector::start().await;
    // Telemetry is one for the whole process; the other tests do not look at theirs.
    let settings = TelemetrySettings {
        otlp_endpoint: Some(url),
        filter: Some("info".into()),
        ..TelemetrySettings::default()
    };
    let _telemetry = telemetry::install("supervision", &settings).unwrap();
    let house = House::open().await;
    let span = tracing::info_span!("registered");
    let of_intake = TraceContext { traceparent: parent(OF_INTAKE), ..TraceContext::default() };
    of_intake.adopt(&span);
    let finding = house.overdue_review().instrument(span).await;
    let case = house.get(&finding).await.unwrap().case_id;
    // The trace comes with the call, as from any client.
    house.determine_in(&finding, Determination::Blemish, &parent(OF_DETERMINATION)).await;

    let message = GetTimelineRequest { case_id: case.clone() };
    let call = house.deployment.call(&supervisor(), message);
    let entries = house.api.clone().get_timeline(call).await.unwrap().into_inner().entries;
    let traces: Vec<_> =
        entries.iter().map(|entry| (entry.subject.as_str(), entry.trace_id.as_str())).collect();
    // What a follower does is in the trace of the fact that came by the bus; a fact that a loaded
    // follower fetched by replay begins a trace of its own.
    let opened = traces.get(2).map(|(_, trace)| *trace).unwrap_or_default();
    assert_eq!(opened.len(), 32, "{traces:?}");
    let expected = [
        ("report.registered", OF_INTAKE),
        ("case.filing_review_overdue", OF_INTAKE),
        ("finding.opened", opened),
        ("finding.determined", OF_DETERMINATION),
    ];
    assert_eq!(traces, expected);

    let (_, page) = house.page(&supervisor(), &format!("/cases/{case}")).await;
    for trace in [OF_INTAKE, OF_DETERMINATION] {
        let link = format!("https://traces.example.cn/trace/{trace}");
        assert!(page.contains(&link), "{link}: {page}");
    }
}
