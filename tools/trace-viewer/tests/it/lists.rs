//! The latest traces, the traces of a case, and what is no longer kept.

use crate::rig::{Viewer, failed, span, trace_path, with};

#[tokio::test]
async fn the_latest_trace_stands_first_with_its_services_and_errors() {
    let viewer = Viewer::start(&[]).await;
    viewer.send("review", vec![failed(span(1, 12, 11, "Decide", 3), "refused")]).await;
    viewer.send("intake", vec![span(1, 11, 0, "Register", 0)]).await;
    viewer.send("intake", vec![span(2, 21, 0, "Withdraw", 60_000)]).await;

    assert_eq!(viewer.listed("/").await, [2, 1]);
    let page = viewer.page("/").await;
    let older = page.split_once(">Register</a>").unwrap().1;
    assert!(older.contains("1 个错误"));
    assert!(older.contains("13.00 ms"));
    assert!(older.contains("2026-03-02 09:00:00.000"));
    assert!(older.contains("2 个跨度"));
    let intake = older.find(">intake</span>").unwrap();
    let review = older.find(">review</span>").unwrap();
    assert!(intake < review, "services stand in the order they were touched");
}

#[tokio::test]
async fn a_list_names_each_number_of_a_trace_once() {
    let viewer = Viewer::start(&[]).await;
    let registered = with(span(1, 11, 0, "Register", 0), "case.number", "明12号");
    let handled = with(with(span(1, 12, 11, "handle", 1), "aggregate.id", "c7"), "case.id", "c7");
    viewer.send("intake", vec![registered, handled]).await;

    let page = viewer.page("/").await;
    let numbers: Vec<_> = page
        .split(r#"<a class="case""#)
        .skip(1)
        .map(|link| link.split(['>', '<']).nth(1).unwrap())
        .collect();
    assert_eq!(numbers, ["c7", "明12号"]);
}

#[tokio::test]
async fn the_list_is_narrowed_by_text_and_by_service() {
    let viewer = Viewer::start(&[]).await;
    let number = "明公（刑）立字〔2026〕12号";
    viewer.send("intake", vec![with(span(1, 11, 0, "Register", 0), "case.number", number)]).await;
    viewer.send("review", vec![with(span(2, 21, 0, "Decide", 10), "outcome", "Returned")]).await;

    assert_eq!(viewer.listed("/?q=%E7%AB%8B%E5%AD%97").await, [1], "part of a number");
    assert_eq!(viewer.listed("/?q=returned").await, [2], "a value, in whatever case");
    assert_eq!(viewer.listed("/?q=REGISTER").await, [1], "a span name");
    assert_eq!(viewer.listed(&format!("/?q={}", "02".repeat(16))).await, [2], "a trace id");
    assert_eq!(viewer.listed("/?service=review").await, [2]);
    assert!(viewer.listed("/?service=review&q=register").await.is_empty());
    assert!(viewer.listed("/?q=nowhere").await.is_empty());
}

#[tokio::test]
async fn a_case_number_leads_to_all_its_traces_in_time_order() {
    let viewer = Viewer::start(&[]).await;
    let keys = ["case.id", "case.number", "report.id", "report.number", "aggregate.id"];
    for (place, key) in (1..).zip(keys) {
        let after = 1_000 - 100 * u64::from(place);
        let spans = vec![
            span(place, place * 10, 0, "Submit", after),
            with(span(place, place * 10 + 1, place * 10, "insert", after + 1), key, "明/7号"),
        ];
        viewer.send("intake", spans).await;
    }
    let other_number = with(span(6, 61, 0, "Submit", 0), "case.number", "明/77号");
    let other_key = with(span(7, 71, 0, "Submit", 0), "document.number", "明/7号");
    viewer.send("intake", vec![other_number, other_key]).await;

    let expected = [5, 4, 3, 2, 1];
    assert_eq!(viewer.listed("/case/%E6%98%8E%2F7%E5%8F%B7").await, expected);
    assert_eq!(viewer.listed("/case/%E6%98%8E/7%E5%8F%B7").await, expected);
    assert_eq!(viewer.listed("/case?text=+%E6%98%8E%2F7%E5%8F%B7").await, expected);
    assert!(viewer.page(&trace_path(2)).await.contains(r#"href="/case/%E6%98%8E%2F7%E5%8F%B7""#));
    assert!(viewer.page("/case/%E6%98%8E%2F8").await.contains("没有带此编号的追踪"));
}

#[tokio::test]
async fn beyond_the_limit_the_traces_longest_untouched_go_whole() {
    let viewer = Viewer::start(&["--spans", "4"]).await;
    viewer.send("intake", vec![span(1, 11, 0, "a", 0), span(1, 12, 11, "b", 1)]).await;
    viewer.send("intake", vec![span(2, 21, 0, "c", 2)]).await;
    viewer.send("intake", vec![span(1, 13, 11, "d", 3)]).await;
    assert_eq!(viewer.listed("/").await, [2, 1], "four spans are within the limit");

    viewer.send("intake", vec![span(3, 31, 0, "e", 4)]).await;
    assert_eq!(viewer.listed("/").await, [3, 1], "trace 2 rested longest");

    viewer.send("intake", vec![span(3, 32, 31, "f", 5)]).await;
    assert_eq!(viewer.listed("/").await, [3], "trace 1 went with all its three spans");
    assert!(viewer.page("/").await.contains("现存 2 个跨度，至多 4 个"));
    assert_eq!(viewer.get(&trace_path(1)).await.0, 404);
}

#[tokio::test]
async fn a_span_sent_again_is_kept_once() {
    let viewer = Viewer::start(&[]).await;
    viewer.send("intake", vec![span(1, 11, 0, "Register", 0)]).await;
    viewer.send("intake", vec![span(1, 11, 0, "Register", 0)]).await;

    assert!(viewer.page("/").await.contains("现存 1 个跨度"));
}
