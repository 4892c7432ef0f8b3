//! Staff pages: return visits, portal reports, publications.

mod portal;
mod publications;
mod visits;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use gongxin_eventing::Db;
use gongxin_pages::NavItem;

gongxin_pages::texts! {
    VISITS = "回访", "Return visits";
    PORTAL = "网上报案", "Portal reports";
    PUBLICATIONS = "公开审核", "Publications";
    NUMBER = "接报案回执", "Report receipt";
    CASE_NUMBER = "案件编号", "Case number";
    UNIT = "办案单位", "Unit";
    DUE = "期限", "Due";
    STAGE = "状态", "Stage";
}

pub(crate) fn routes(db: Db) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/visits")))
        .route("/visits", get(visits::list))
        .route("/portal", get(portal::list))
        .route("/portal/{id}", get(portal::report))
        .route("/publications", get(publications::list))
        .route("/publications/{id}", get(publications::publication))
        .with_state(db)
}

/// The parts of the service, seen from the one at `path`.
fn nav(path: &str) -> Vec<NavItem> {
    let parts = [(VISITS, "/visits"), (PORTAL, "/portal"), (PUBLICATIONS, "/publications")];
    parts.map(|(text, href)| NavItem::new(text, href, path)).into()
}
