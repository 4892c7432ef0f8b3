//! The traces in memory: bounded, the longest untouched go first, and always whole.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use opentelemetry::trace::TraceId;

use crate::model::{LogRecord, Span, Trace};

/// The one store of the process, shared by the receiver and the pages.
#[derive(Clone)]
pub(crate) struct SharedStore(Arc<RwLock<Store>>);

impl SharedStore {
    /// Takes the greatest number of spans, and likewise of log records, to keep.
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new(RwLock::new(Store { limit, ..Store::default() })))
    }

    // Poison is passed over: a page that panicked while reading has changed nothing.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Store> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
pub(crate) struct Store {
    limit: usize,
    spans: usize,
    logs: usize,
    /// Each trace with the tick of its last arrival.
    traces: HashMap<TraceId, (u64, Trace)>,
    /// The same ticks in order: the first is the next to go.
    ages: BTreeMap<u64, TraceId>,
    ticks: u64,
    services: Vec<Arc<str>>,
}

/// What the list of traces is narrowed to; an empty text means no narrowing.
pub(crate) struct Filter<'a> {
    pub text: &'a str,
    pub service: &'a str,
}

impl Store {
    /// Keeps a span. One that comes again, as after a retried export, replaces the first.
    pub(crate) fn add_span(&mut self, trace: TraceId, span: Span) {
        if !self.services.contains(&span.service) {
            self.services.push(span.service.clone());
        }
        if self.touch(trace).spans.insert(span.id, span).is_none() {
            self.spans += 1;
        }
        self.evict();
    }

    pub(crate) fn add_log(&mut self, trace: TraceId, log: LogRecord) {
        self.touch(trace).logs.push(log);
        self.logs += 1;
        self.evict();
    }

    pub(crate) fn span_count(&self) -> usize {
        self.spans
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Every service seen since the start, in the order first seen. The place is the colour.
    pub(crate) fn services(&self) -> &[Arc<str>] {
        &self.services
    }

    pub(crate) fn trace(&self, id: TraceId) -> Option<&Trace> {
        self.traces.get(&id).map(|(_, trace)| trace)
    }

    /// The traces that pass the filter, newest first.
    pub(crate) fn latest(&self, filter: &Filter) -> Vec<&Trace> {
        let text = filter.text.to_lowercase();
        let mut traces = self.in_time_order(|trace| {
            (filter.service.is_empty() || trace.touches(filter.service))
                && (text.is_empty() || trace.contains(&text))
        });
        traces.reverse();
        traces
    }

    /// The traces of one case or report, oldest first.
    pub(crate) fn of_case(&self, text: &str) -> Vec<&Trace> {
        self.in_time_order(|trace| trace.is_of_case(text))
    }

    /// The other traces with a span that links to this one, oldest first.
    pub(crate) fn linking_to(&self, id: TraceId) -> Vec<&Trace> {
        self.in_time_order(|trace| trace.id != id && trace.links_to(id))
    }

    fn in_time_order(&self, wanted: impl Fn(&Trace) -> bool) -> Vec<&Trace> {
        let mut traces: Vec<_> = self
            .traces
            .values()
            .map(|(_, trace)| trace)
            .filter(|trace| !trace.spans.is_empty() && wanted(trace))
            .collect();
        traces.sort_by_cached_key(|trace| (trace.start(), trace.id.to_bytes()));
        traces
    }

    /// The trace, made if new, and now the youngest.
    fn touch(&mut self, id: TraceId) -> &mut Trace {
        self.ticks += 1;
        let (tick, trace) = self.traces.entry(id).or_insert_with(|| (0, Trace::new(id)));
        self.ages.remove(tick);
        self.ages.insert(self.ticks, id);
        *tick = self.ticks;
        trace
    }

    /// Drops whole traces until the limit holds; even the only one, if it alone is too large.
    fn evict(&mut self) {
        while self.spans > self.limit || self.logs > self.limit {
            let Some((_, id)) = self.ages.pop_first() else { return };
            if let Some((_, trace)) = self.traces.remove(&id) {
                self.spans -= trace.spans.len();
                self.logs -= trace.logs.len();
            }
        }
    }
}
