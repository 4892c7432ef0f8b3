//! Staff pages: cases, deliberations, the receipt of an exit, violation notices, open channels.

mod case;
mod channels;
mod deliberation;
mod list;
mod notices;
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
        .route("/notices", get(notices::list))
        .route("/notices/{notice}", get(notices::page))
        .route("/channels", get(channels::page))
        .with_state(Office { db, log })
}

/// The parts of the service, seen from the one at `path`.
fn nav(path: &str) -> Vec<NavItem> {
    let parts =
        [(texts::CASES, "/cases"), (texts::NOTICES, "/notices"), (texts::CHANNELS, "/channels")];
    parts.map(|(text, href)| NavItem::new(text, href, path)).into()
}

/// An address that names no case is a page that is not there.
fn case_id(text: &str) -> Result<CaseId, Fault> {
    text.parse().map_err(|_| Fault::new(&CASE_NOT_FOUND))
}
