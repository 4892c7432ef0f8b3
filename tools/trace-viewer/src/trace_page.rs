//! The page of one trace: its waterfall, what it is linked with, its log records.

use askama::Template;
use opentelemetry::trace::{SpanId, TraceId};

use crate::{
    model::{Attributes, CASE_KEYS, LogRecord, Span, Trace},
    pages::{List, Service, Summary},
    store::Store,
    text,
    tree::{Node, in_tree_order},
};

/// How many spans and how many log records are drawn, so that a browser can show them.
const DRAWN: usize = 5_000;

/// The length of the time axis in the drawing's own units.
const AXIS: u64 = 10_000;

/// Deeper spans are not indented further, or nothing would be left for their names.
const DEEPEST_INDENT: usize = 12;

#[derive(Template)]
#[template(path = "trace.html")]
pub(crate) struct TracePage<'a> {
    trace: Summary<'a>,
    /// Labels at each quarter of the time axis.
    ticks: [String; 5],
    rows: Vec<Row<'a>>,
    linked_from: List<'a>,
    logs: Vec<LogRow<'a>>,
}

impl<'a> TracePage<'a> {
    pub(crate) fn new(store: &'a Store, trace: &'a Trace) -> Self {
        let extent = Extent { start: trace.start(), duration: trace.duration() };
        let nodes = in_tree_order(trace).into_iter().take(DRAWN);
        let mut logs: Vec<_> = trace.logs.iter().collect();
        logs.sort_by_key(|log| log.time);
        let logs = logs.into_iter().take(DRAWN);
        Self {
            trace: Summary::new(store, trace),
            ticks: [0, 1, 2, 3, 4].map(|quarter| text::duration(extent.duration / 4 * quarter)),
            rows: nodes.map(|node| Row::new(store, trace, extent, &node)).collect(),
            linked_from: List::new(store, &store.linking_to(trace.id)),
            logs: logs.map(|log| LogRow::new(store, trace, extent, log)).collect(),
        }
    }
}

/// The time a trace takes up: the length of the axis.
#[derive(Clone, Copy)]
struct Extent {
    start: u64,
    duration: u64,
}

impl Extent {
    /// How long after the start of the trace.
    fn until(self, time: u64) -> u64 {
        time.saturating_sub(self.start)
    }

    /// A stretch of time in units of [`AXIS`].
    fn on_axis(self, stretch: u64) -> u64 {
        let units = u128::from(stretch) * u128::from(AXIS) / u128::from(self.duration.max(1));
        u64::try_from(units).map_or(AXIS, |units| units.min(AXIS))
    }
}

/// One line of the waterfall.
struct Row<'a> {
    span: &'a Span,
    service: Service<'a>,
    kind: (&'static str, &'static str),
    indent: usize,
    parent: Parent<'a>,
    /// Where the bar begins and how long it is, in units of [`AXIS`]; at least one, to be seen.
    bar: (u64, u64),
    duration: String,
    after: String,
    start: String,
    events: Vec<EventRow<'a>>,
    links: Vec<LinkRow<'a>>,
}

enum Parent<'a> {
    None,
    Missing(SpanId),
    Span(&'a Span),
}

struct EventRow<'a> {
    after: String,
    name: &'a str,
    attributes: &'a Attributes,
}

struct LinkRow<'a> {
    trace: TraceId,
    span: SpanId,
    /// What the other trace is called; `None` where it is not, or no longer, kept.
    name: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn new(store: &'a Store, trace: &'a Trace, extent: Extent, node: &Node<'a>) -> Self {
        let span = node.span;
        let after = extent.until(span.start);
        let event_rows = span.events.iter().map(|event| EventRow {
            after: text::duration(extent.until(event.time)),
            name: &event.name,
            attributes: &event.attributes,
        });
        let link_rows = span.links.iter().map(|link| LinkRow {
            trace: link.trace,
            span: link.span,
            name: store.trace(link.trace).and_then(Trace::root).map(|root| root.name.as_str()),
        });
        Self {
            span,
            service: Service::new(store, &span.service),
            kind: text::kind(&span.kind),
            indent: node.depth.min(DEEPEST_INDENT),
            parent: match span.parent {
                None => Parent::None,
                Some(id) => trace.spans.get(&id).map_or(Parent::Missing(id), Parent::Span),
            },
            bar: (extent.on_axis(after), extent.on_axis(span.duration()).max(1)),
            duration: text::duration(span.duration()),
            after: text::duration(after),
            start: text::beijing_time(span.start),
            events: event_rows.collect(),
            links: link_rows.collect(),
        }
    }
}

/// One log record; `span` names the span it was written in.
struct LogRow<'a> {
    log: &'a LogRecord,
    service: Service<'a>,
    after: String,
    time: String,
    span: Option<&'a Span>,
}

impl<'a> LogRow<'a> {
    fn new(store: &Store, trace: &'a Trace, extent: Extent, log: &'a LogRecord) -> Self {
        Self {
            log,
            service: Service::new(store, &log.service),
            after: text::duration(extent.until(log.time)),
            time: text::beijing_time(log.time),
            span: log.span.and_then(|id| trace.spans.get(&id)),
        }
    }

    fn level(&self) -> &'static str {
        match self.log.severity.to_ascii_uppercase() {
            text if text.starts_with("ERROR") || text.starts_with("FATAL") => "error",
            text if text.starts_with("WARN") => "warn",
            _ => "plain",
        }
    }
}

/// Whether the value of this attribute is a case or report number, with a page of its own.
fn is_case_key(key: &str) -> bool {
    CASE_KEYS.contains(&key)
}
