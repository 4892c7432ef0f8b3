//! The page of one trace.

use opentelemetry_proto::tonic::{
    common::v1::{AnyValue, any_value::Value},
    logs::v1::LogRecord,
};

use crate::rig::{MILLISECOND, NINE, Viewer, attribute, failed, linked, span, trace_path, with};

/// The waterfall of a page as depth and span name, line by line.
fn waterfall(page: &str) -> Vec<(usize, &str)> {
    let rows = page.split(r#"<details class="span d-"#).skip(1);
    rows.map(|row| {
        let depth = row.split([' ', '"']).next().unwrap();
        let name = row.split_once(r#"<span class="name">"#).unwrap().1;
        (depth.parse().unwrap(), name.split_once("</span>").unwrap().0)
    })
    .collect()
}

/// The part of a page about one span.
fn row<'a>(page: &'a str, name: &str) -> &'a str {
    let named = format!(r#"<span class="name">{name}</span>"#);
    page.split(r#"<details class="span d-"#).find(|row| row.contains(&named)).unwrap()
}

#[tokio::test]
async fn spans_stand_under_their_parents_in_order_of_start() {
    let viewer = Viewer::start(&[]).await;
    viewer
        .send("review", vec![span(1, 14, 12, "process", 30), span(1, 15, 14, "update", 31)])
        .await;
    viewer.send("intake", vec![span(1, 13, 11, "commit", 20), span(1, 12, 11, "publish", 5)]).await;
    viewer.send("intake", vec![span(1, 16, 99, "stray", 2), span(1, 11, 0, "Register", 0)]).await;

    let page = viewer.page(&trace_path(1)).await;
    let expected = [
        (0, "Register"),
        (1, "publish"),
        (2, "process"),
        (3, "update"),
        (1, "commit"),
        (0, "stray"),
    ];
    assert_eq!(waterfall(&page), expected);
    assert!(row(&page, "stray").contains("未收到"));
    assert!(row(&page, "process").contains(r##"<a href="#s-0c0c0c0c0c0c0c0c">publish</a>"##));
    assert!(row(&page, "process").contains(">review</span>"));
}

#[tokio::test]
async fn a_bar_shows_when_and_how_long() {
    let viewer = Viewer::start(&[]).await;
    let mut whole = span(1, 11, 0, "whole", 0);
    whole.end_time_unix_nano = NINE + 40 * MILLISECOND;
    let mut instant = span(1, 13, 11, "instant", 20);
    instant.end_time_unix_nano = instant.start_time_unix_nano;
    viewer.send("intake", vec![whole, instant, span(1, 12, 11, "last", 30)]).await;

    let page = viewer.page(&trace_path(1)).await;
    assert!(row(&page, "whole").contains(r#"x="0" y="0" width="10000""#));
    assert!(row(&page, "last").contains(r#"x="7500" y="0" width="2500""#));
    assert!(row(&page, "last").contains("10.00 ms"));
    assert!(row(&page, "instant").contains(r#"x="5000" y="0" width="1""#), "still to be seen");
}

#[tokio::test]
async fn kind_error_and_attributes_are_written_out() {
    let viewer = Viewer::start(&[]).await;
    let mut called = failed(span(1, 11, 0, "Register", 0), "deadline passed");
    called.kind = 2;
    let mut sent = with(span(1, 12, 11, "publish", 1), "messaging.system", "nats");
    sent.kind = 4;
    viewer.send("intake", vec![called, sent]).await;

    let page = viewer.page(&trace_path(1)).await;
    let called = row(&page, "Register");
    assert!(called.contains("服务端") && called.contains(">server<"));
    assert!(called.contains("✕ 错误") && called.contains("deadline passed"));
    let sent = row(&page, "publish");
    assert!(sent.contains("生产者") && sent.contains(">producer<"));
    assert!(sent.contains("<dt>messaging.system</dt>") && sent.contains("<dd>nats</dd>"));
    assert!(!sent.contains("错误"));
}

#[tokio::test]
async fn a_link_leads_to_the_other_trace_and_back() {
    let viewer = Viewer::start(&[]).await;
    viewer.send("intake", vec![span(1, 11, 0, "publish", 0)]).await;
    let consumed = linked(linked(span(2, 21, 0, "consume", 50), 1, 11), 9, 91);
    viewer.send("review", vec![consumed]).await;

    let page = viewer.page(&trace_path(2)).await;
    let target = format!(r#"<a href="{}#s-0b0b0b0b0b0b0b0b">publish</a>"#, trace_path(1));
    assert!(row(&page, "consume").contains(&target));
    assert!(row(&page, "consume").contains(&format!(r#"href="{}#s-"#, trace_path(9))));
    assert!(row(&page, "consume").contains("未留存"), "the third trace was never received");
    assert_eq!(viewer.listed(&trace_path(1)).await, [2], "the linked trace names its follower");
}

#[tokio::test]
async fn log_records_of_the_trace_stand_below_in_time_order() {
    let viewer = Viewer::start(&[]).await;
    let log = |trace: u8, after_ms: u64, severity_number: i32, body: &str| LogRecord {
        trace_id: vec![trace; 16],
        span_id: vec![11; 8],
        time_unix_nano: NINE + after_ms * MILLISECOND,
        severity_number,
        body: Some(AnyValue { value: Some(Value::StringValue(body.to_owned())) }),
        attributes: vec![attribute("attempt", "3")],
        ..LogRecord::default()
    };
    let early = log(1, 2, 9, "case registered");
    let late = log(1, 8, 17, "receipt not sent");
    viewer.send_logs("intake", vec![late, log(2, 5, 9, "elsewhere"), early]).await;
    viewer.send("intake", vec![span(1, 11, 0, "Register", 0)]).await;

    let page = viewer.page(&trace_path(1)).await;
    let logs = page.split_once(r#"<h2 id="logs">"#).unwrap().1;
    let first = logs.find("case registered").unwrap();
    let second = logs.find("receipt not sent").unwrap();
    assert!(first < second);
    assert!(logs[..first].contains("INFO") && logs[..first].contains("+2.00 ms"));
    assert!(logs[first..second].contains("ERROR") && logs[first..].contains("<dt>attempt</dt>"));
    assert!(logs[..first].contains(r##"<a class="in" href="#s-0b0b0b0b0b0b0b0b">Register</a>"##));
    assert!(!logs.contains("elsewhere"));
}

#[tokio::test]
async fn parents_in_a_circle_are_drawn_all_the_same() {
    let viewer = Viewer::start(&[]).await;
    viewer.send("intake", vec![span(1, 11, 12, "hen", 0), span(1, 12, 11, "egg", 1)]).await;

    assert_eq!(waterfall(&viewer.page(&trace_path(1)).await), [(0, "hen"), (1, "egg")]);
    assert_eq!(viewer.listed("/").await, [1]);
}

#[tokio::test]
async fn text_from_a_span_is_never_markup() {
    let viewer = Viewer::start(&[]).await;
    let hostile = "<script>alert(1)</script>";
    viewer.send("intake", vec![with(span(1, 11, 0, hostile, 0), "case.number", "\"><b>")]).await;

    for path in ["/".to_owned(), trace_path(1), "/case/%22%3E%3Cb%3E".to_owned()] {
        let page = viewer.page(&path).await;
        assert!(page.contains("alert(1)"), "{path}");
        assert!(!page.contains("<script") && !page.contains("<b>"), "{path}");
    }
}

#[tokio::test]
async fn a_trace_unknown_or_misspelt_is_not_found() {
    let viewer = Viewer::start(&[]).await;
    assert_eq!(viewer.get(&trace_path(1)).await.0, 404);
    assert_eq!(viewer.get("/trace/none").await.0, 404);
    assert_eq!(viewer.get("/elsewhere").await.0, 404);
}
