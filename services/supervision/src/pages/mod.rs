//! Staff pages: the queue of findings, a finding, the whole way of a case.

mod case;
mod finding;
mod list;
mod texts;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use gongxin_eventing::Db;
use gongxin_pages::{Html, NavItem, Tag, Tone};
use gongxin_supervision_domain::{FindingKind, Stage};

/// The pages of this service.
pub(crate) fn routes(db: Db) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/findings")))
        .route("/findings", get(list::page))
        .route("/findings/{finding}", get(finding::page))
        .route("/cases/{case}", get(case::page))
        .with_state(db)
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
