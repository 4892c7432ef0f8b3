//! Staff pages: the queue of findings, a finding, the whole way of a case.

mod case;
mod finding;
mod list;
mod texts;

use axum::Router;
use axum::extract::FromRef;
use axum::response::Redirect;
use axum::routing::get;
use gongxin_eventing::Db;
use gongxin_pages::{Html, NavItem, Tag, Tone};
use gongxin_supervision_domain::{FindingKind, Stage};

/// What the pages read from.
#[derive(Clone)]
struct Source {
    db: Db,
    /// Where traces are looked at, without the last slash.
    traces: Option<String>,
}

impl FromRef<Source> for Db {
    fn from_ref(source: &Source) -> Self {
        source.db.clone()
    }
}

/// The pages of this service; those of cases lead to `traces`, when there is such a place.
pub(crate) fn routes(db: Db, traces: Option<String>) -> Router {
    let traces = traces.map(|url| url.trim_end_matches('/').to_owned());
    Router::new()
        .route("/", get(async || Redirect::to("/findings")))
        .route("/findings", get(list::page))
        .route("/findings/{finding}", get(finding::page))
        .route("/cases/{case}", get(case::page))
        .with_state(Source { db, traces })
}

fn nav(path: &str) -> Vec<NavItem> {
    vec![NavItem::new(texts::FINDINGS, "/findings", path)]
}

/// What a finding is about, by its stored code.
fn kind(code: &str) -> &str {
    FindingKind::of_code(code).map_or(code, |kind| kind.zh())
}

/// Where a finding stands, as word and colour.
fn stage(code: &str) -> Html {
    let Some(stage) = Stage::of_code(code) else { return code.into() };
    let tone = match stage {
        Stage::Warned => Tone::Warning,
        Stage::Alarmed => Tone::Danger,
        Stage::Determined | Stage::Supervised | Stage::Rectified => Tone::Info,
        Stage::Confirmed | Stage::Closed => Tone::Good,
    };
    Tag::new(tone, stage.zh().into()).into()
}
