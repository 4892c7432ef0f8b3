//! What is kept of a trace: its spans and log records, as the pages need them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use opentelemetry::trace::{SpanId, SpanKind, TraceId};

/// The attributes by which ops staff go from a number on a case file to its traces.
pub(crate) const CASE_KEYS: [&str; 5] =
    ["case.id", "case.number", "report.id", "report.number", "aggregate.id"];

/// Names with their values, the values already written as text.
pub(crate) type Attributes = Vec<(String, String)>;

/// One finished unit of work. Times are nanoseconds since the Unix epoch.
pub(crate) struct Span {
    pub id: SpanId,
    pub parent: Option<SpanId>,
    pub service: Arc<str>,
    pub instance: Arc<str>,
    pub scope: Arc<str>,
    pub name: String,
    pub kind: SpanKind,
    pub start: u64,
    pub end: u64,
    /// `Some` where the span ended in an error: what it says about it, perhaps nothing.
    pub error: Option<String>,
    pub attributes: Attributes,
    pub events: Vec<Event>,
    pub links: Vec<Link>,
}

impl Span {
    pub(crate) fn duration(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }
}

/// Something that happened at one instant within a span.
pub(crate) struct Event {
    pub time: u64,
    pub name: String,
    pub attributes: Attributes,
}

/// A span's reference to a span of (usually) another trace, such as the one that sent a message.
pub(crate) struct Link {
    pub trace: TraceId,
    pub span: SpanId,
}

/// A log record that names the trace it belongs to.
pub(crate) struct LogRecord {
    pub time: u64,
    pub service: Arc<str>,
    pub severity: String,
    pub body: String,
    pub span: Option<SpanId>,
    pub attributes: Attributes,
}

/// All that has been received under one trace id.
pub(crate) struct Trace {
    pub id: TraceId,
    pub spans: HashMap<SpanId, Span>,
    pub logs: Vec<LogRecord>,
}

impl Trace {
    pub(crate) fn new(id: TraceId) -> Self {
        Self { id, spans: HashMap::new(), logs: Vec::new() }
    }

    /// When the first span began, or the first log record was written; 0 for neither.
    pub(crate) fn start(&self) -> u64 {
        let spans = self.spans.values().map(|span| span.start).min();
        spans.or_else(|| self.logs.iter().map(|log| log.time).min()).unwrap_or(0)
    }

    /// From the start of the first span to the end of the last, in nanoseconds.
    pub(crate) fn duration(&self) -> u64 {
        let end = self.spans.values().map(|span| span.end).max().unwrap_or(0);
        end.saturating_sub(self.start())
    }

    /// The spans by start.
    pub(crate) fn by_time(&self) -> Vec<&Span> {
        let mut spans: Vec<_> = self.spans.values().collect();
        spans.sort_by_key(|span| (span.start, span.id.to_bytes()));
        spans
    }

    /// The span that names the trace: the first at the top, or the first of all where parents run
    /// in a circle.
    pub(crate) fn root(&self) -> Option<&Span> {
        let spans = self.spans.values();
        spans.min_by_key(|span| (!self.is_top(span), span.start, span.id.to_bytes()))
    }

    /// Whether the span hangs under no other span of this trace, because it has no parent or the
    /// parent was not received.
    pub(crate) fn is_top(&self, span: &Span) -> bool {
        span.parent.is_none_or(|parent| !self.spans.contains_key(&parent))
    }

    /// The values of [`CASE_KEYS`] this trace carries with their keys, each value once, in the
    /// order of the keys.
    pub(crate) fn case_values(&self) -> Vec<(&str, &str)> {
        let place = |key| CASE_KEYS.iter().position(|case_key| *case_key == key);
        let mut found: Vec<_> =
            self.attributes().filter_map(|(key, value)| Some((place(key)?, key, value))).collect();
        found.sort_unstable();
        let mut seen = HashSet::new();
        found.retain(|(_, _, value)| seen.insert(*value));
        found.into_iter().map(|(_, key, value)| (key, value)).collect()
    }

    /// Whether any of [`CASE_KEYS`] has exactly this value here.
    pub(crate) fn is_of_case(&self, text: &str) -> bool {
        self.attributes().any(|(key, value)| value == text && CASE_KEYS.contains(&key))
    }

    /// Whether the text (in lower case) is the trace id or part of a span name or a value.
    pub(crate) fn contains(&self, lower: &str) -> bool {
        self.id.to_string() == lower
            || self.spans.values().any(|span| span.name.to_lowercase().contains(lower))
            || self.attributes().any(|(_, value)| value.to_lowercase().contains(lower))
    }

    pub(crate) fn touches(&self, service: &str) -> bool {
        self.spans.values().any(|span| &*span.service == service)
    }

    pub(crate) fn links_to(&self, trace: TraceId) -> bool {
        self.spans.values().flat_map(|span| &span.links).any(|link| link.trace == trace)
    }

    /// The attributes of spans, of their events and of log records.
    fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let of_spans = self.spans.values().map(|span| &span.attributes);
        let events = self.spans.values().flat_map(|span| &span.events);
        let of_events = events.map(|event| &event.attributes);
        let of_logs = self.logs.iter().map(|log| &log.attributes);
        of_spans
            .chain(of_events)
            .chain(of_logs)
            .flatten()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
