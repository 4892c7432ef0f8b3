//! One trace from the call to the procuratorate and back, as a collector sees it.

use gongxin_testkit::Collector;

use crate::county::{County, Setup};
use crate::story;

const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;

/// A span of each hop, in the order of the way.
const HOPS: [&str; 8] = [
    "gongxin.intake.v1.IntakeService/RegisterReport",
    "register_report",
    "gongxin.intake.v1.IntakeService/DecideFiling",
    "apply case.filed",
    "gongxin.review.v1.ReviewService/DecideRequest",
    "record_exit_delivered",
    "gongxin.exchange.v1.ExchangeService/Deliver",
    "receive_arrest_decision",
];

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_3_one_trace_spans_call_intake_bus_review_and_exchange() {
    let (collector, url) = Collector::start().await;
    let traceparent = Some(format!("00-{TRACE:032x}-00f067aa0ba902b7-01"));
    let setup = Setup { collector: Some(url), traceparent, ..Setup::default() };
    let county = County::new(setup).await;
    // A loaded consumer may fetch an event by replay, which begins a trace of its own: the next
    // case goes by the bus again.
    let mut number = 0;
    while !missing(&collector).is_empty() {
        assert!(number < 40, "no span of {:?}", missing(&collector));
        story::theft(&county, number).await;
        number += 1;
    }
    let all = collector.bytes();
    for personal in ["贺启文", "龚小军", "19900006070", "电动车"] {
        let found = all.windows(personal.len()).any(|bytes| bytes == personal.as_bytes());
        assert!(!found, "{personal} left as telemetry");
    }
}

/// The hops of which the trace has no span yet.
fn missing(collector: &Collector) -> Vec<&'static str> {
    let spans = collector.spans();
    let there = |hop: &str| {
        spans.iter().any(|span| span.name == hop && span.trace_id == TRACE.to_be_bytes())
    };
    HOPS.into_iter().filter(|hop| !there(hop)).collect()
}
