//! The pages: latest traces, traces of a case, one trace.

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{
        HeaderName, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use opentelemetry::trace::TraceId;
use serde::Deserialize;

use crate::{
    model::Trace,
    store::{Filter, SharedStore, Store},
    text,
    trace_page::TracePage,
};

/// How many traces a page lists; a filter brings up the rest.
const LISTED: usize = 200;

pub(crate) fn router(store: SharedStore) -> Router {
    Router::new()
        .route("/", get(latest))
        .route("/trace/{id}", get(trace))
        // The number as part of the path, for links; as a field, for the form at the top.
        .route("/case/{*text}", get(case_by_path))
        .route("/case", get(case_by_form))
        .route("/healthz", get(|| async { "ok" }))
        .route("/style.css", get(style))
        .fallback(|| async { not_found() })
        .layer(middleware::map_response(guard))
        .with_state(store)
}

/// A service with the number of its colour.
pub(crate) struct Service<'a> {
    pub name: &'a str,
    pub colour: usize,
}

impl<'a> Service<'a> {
    pub(crate) fn new(store: &Store, name: &'a str) -> Self {
        const COLOURS: usize = 10;
        let place = store.services().iter().position(|service| **service == *name);
        Self { name, colour: place.unwrap_or(0) % COLOURS }
    }
}

/// One trace in a list.
pub(crate) struct Summary<'a> {
    pub id: TraceId,
    pub name: &'a str,
    pub services: Vec<Service<'a>>,
    pub cases: Vec<(&'a str, &'a str)>,
    pub start: String,
    pub duration: String,
    pub spans: usize,
    pub errors: usize,
    pub logs: usize,
}

impl<'a> Summary<'a> {
    pub(crate) fn new(store: &Store, trace: &'a Trace) -> Self {
        let spans = trace.by_time();
        let mut services: Vec<Service> = Vec::new();
        for span in &spans {
            if services.iter().all(|service| service.name != &*span.service) {
                services.push(Service::new(store, &span.service));
            }
        }
        Self {
            id: trace.id,
            name: trace.root().map_or("", |span| &span.name),
            services,
            cases: trace.case_values(),
            start: text::beijing_time(trace.start()),
            duration: text::duration(trace.duration()),
            spans: spans.len(),
            errors: spans.iter().filter(|span| span.error.is_some()).count(),
            logs: trace.logs.len(),
        }
    }
}

/// The head of a list of traces, and how long the whole list is.
pub(crate) struct List<'a> {
    pub found: usize,
    pub traces: Vec<Summary<'a>>,
}

impl<'a> List<'a> {
    pub(crate) fn new(store: &Store, traces: &[&'a Trace]) -> Self {
        let listed = traces.iter().take(LISTED);
        Self {
            found: traces.len(),
            traces: listed.map(|trace| Summary::new(store, trace)).collect(),
        }
    }
}

#[derive(Deserialize)]
struct LatestQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    service: String,
}

#[derive(Template)]
#[template(path = "latest.html")]
struct LatestPage<'a> {
    query: &'a LatestQuery,
    services: Vec<&'a str>,
    list: List<'a>,
    kept: usize,
    limit: usize,
}

async fn latest(State(store): State<SharedStore>, Query(query): Query<LatestQuery>) -> Response {
    let store = store.read();
    let traces = store.latest(&Filter { text: query.q.trim(), service: &query.service });
    let mut services: Vec<&str> = store.services().iter().map(|service| &**service).collect();
    services.sort_unstable();
    html(&LatestPage {
        query: &query,
        services,
        list: List::new(&store, &traces),
        kept: store.span_count(),
        limit: store.limit(),
    })
}

#[derive(Deserialize)]
struct CaseQuery {
    text: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage<'a> {
    text: &'a str,
    list: List<'a>,
}

async fn case_by_path(State(store): State<SharedStore>, Path(text): Path<String>) -> Response {
    case(&store.read(), &text)
}

async fn case_by_form(
    State(store): State<SharedStore>,
    Query(query): Query<CaseQuery>,
) -> Response {
    case(&store.read(), query.text.trim())
}

fn case(store: &Store, text: &str) -> Response {
    html(&CasePage { text, list: List::new(store, &store.of_case(text)) })
}

async fn trace(State(store): State<SharedStore>, Path(id): Path<String>) -> Response {
    let store = store.read();
    match TraceId::from_hex(&id).ok().and_then(|id| store.trace(id)) {
        Some(trace) => html(&TracePage::new(&store, trace)),
        None => not_found(),
    }
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFoundPage;

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, html(&NotFoundPage)).into_response()
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../assets/style.css"))
}

fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// What is shown came from other programs: the page may run nothing and call nobody.
async fn guard(response: Response) -> impl IntoResponse {
    const HEADERS: [(HeaderName, &str); 4] = [
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
        ),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    (HEADERS, response)
}
