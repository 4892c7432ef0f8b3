//! Staff pages: the list of cases, a case, a deliberation, the receipt of an exit.

mod case;
mod deliberation;
mod list;
mod texts;

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use gongxin_eventing::{Db, LogSetup};
use gongxin_kernel::Fault;
use gongxin_pages::NavItem;
use gongxin_review_domain::CaseId;
use gongxin_review_domain::reasons::CASE_NOT_FOUND;

/// What the handlers work with.
#[derive(Clone)]
struct Office {
    db: Db,
    log: Arc<LogSetup>,
}

/// The pages of this service.
pub(crate) fn routes(db: Db, log: Arc<LogSetup>) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/cases")))
        .route("/cases", get(list::page))
        .route("/cases/{case}", get(case::page))
        .route("/cases/{case}/deliberations/{session}", get(deliberation::page))
        .route("/cases/{case}/exits/{exit}/receipt", get(case::receipt))
        .with_state(Office { db, log })
}

fn nav() -> Vec<NavItem> {
    vec![NavItem::new(texts::CASES, "/cases", "/cases")]
}

/// An address that names no case is a page that is not there.
fn case_id(text: &str) -> Result<CaseId, Fault> {
    text.parse().map_err(|_| Fault::new(&CASE_NOT_FOUND))
}
