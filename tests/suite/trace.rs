//! One trace of a case through all five services, to the procuratorate and back, as a collector
//! sees it.

use gongxin_kernel::new_uuid;
use gongxin_proto::review::v1::SendDirectlyRequest;
use gongxin_testkit::{Collector, reason};
use gongxin_tests::county::{County, Setup, handler};
use gongxin_tests::story;

const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;

/// A span of each hop, in the order of the way: which service it is in, and its name.
const HOPS: [(&str, &str); 13] = [
    ("intake", "gongxin.intake.v1.IntakeService/RegisterReport"),
    ("intake", "register_report"),
    ("disclosure", "apply report.registered"),
    ("intake", "gongxin.intake.v1.IntakeService/DecideFiling"),
    ("review", "apply case.filed"),
    ("review", "gongxin.review.v1.ReviewService/DecideRequest"),
    ("review", "record_exit_delivered"),
    ("review", "gongxin.exchange.v1.ExchangeService/Deliver"),
    ("review", "receive_answer"),
    ("supervision", "apply exit.answered"),
    // Past the gate: refused, a finding, told to accountability.
    ("review", "send_directly"),
    ("supervision", "apply gate.direct_sending_refused"),
    ("accountability", "apply finding.opened"),
];

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_3_one_trace_of_a_case_spans_all_five_services_bus_and_exchange() {
    let (collector, url) = Collector::start().await;
    let traceparent = Some(format!("00-{TRACE:032x}-00f067aa0ba902b7-01"));
    let setup = Setup { collector: Some(url), traceparent, ..Setup::default() };
    let county = County::new(setup).await;
    // A loaded consumer may fetch an event by replay, which begins a trace of its own: the next
    // case goes by the bus again.
    let mut number = 0;
    while !missing(&collector).is_empty() {
        assert!(number < 40, "no span of {:?}", missing(&collector));
        let told = story::theft(&county, number).await;
        past_the_gate(&county, told.report.report_id).await;
        number += 1;
    }
    let all = collector.bytes();
    for personal in ["贺启文", "龚小军", "19900006070", "电动车"] {
        let found = all.windows(personal.len()).any(|bytes| bytes == personal.as_bytes());
        assert!(!found, "{personal} left as telemetry");
    }
}

async fn past_the_gate(county: &County, case_id: String) {
    let message = SendDirectlyRequest {
        request_id: new_uuid().to_string(),
        case_id,
        document: "起诉意见书".to_owned(),
    };
    let refused = county.reviews.clone().send_directly(county.call(&handler(), message)).await;
    assert_eq!(reason(&refused.unwrap_err()), "ONLY_EXIT");
}

/// The hops of which the trace has no span yet.
fn missing(collector: &Collector) -> Vec<(&'static str, &'static str)> {
    let spans = collector.spans_by_service();
    let there = |(service, name): &(&str, &str)| {
        spans.iter().any(|(of, span)| {
            of.ends_with(service) && span.name == *name && span.trace_id == TRACE.to_be_bytes()
        })
    };
    HOPS.into_iter().filter(|hop| !there(hop)).collect()
}
