//! Staff pages: the list of cases, a case, the receipt of an exit.

mod case;
mod list;
mod texts;

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use gongxin_chassis::Caller;
use gongxin_eventing::{Db, LogSetup};
use gongxin_kernel::{Fault, Kind, Power, Staff};
use gongxin_pages::{Banner, Html, NavItem, Page, Problem, Text, User};

/// Address to which signing out is posted.
const SIGN_OUT: &str = "/sign-out";

/// What the handlers work with.
#[derive(Clone)]
struct Office {
    db: Db,
    log: Arc<LogSetup>,
    bureau_name: String,
}

/// The pages of this service.
pub(crate) fn routes(db: Db, log: Arc<LogSetup>, bureau_name: String) -> Router {
    Router::new()
        .route("/cases", get(list::show))
        .route("/cases/{case}", get(case::show))
        .route("/cases/{case}/exits/{exit}/receipt", get(case::receipt))
        .with_state(Office { db, log, bureau_name })
}

/// The officer who may read cases.
fn reader(caller: &Caller) -> Result<Staff, Fault> {
    Ok(caller.officer(Power::ReadCases)?.clone())
}

impl Office {
    /// The frame of a page as `caller` sees it.
    fn page(&self, caller: &Caller, title: Text) -> Page {
        let clock = self.db.clock();
        let user = caller.actor().staff().map(|staff| User {
            name: staff.name.clone(),
            police_number: staff.police_number.clone(),
            unit_name: staff.unit_name.clone(),
            sign_out: SIGN_OUT.to_owned(),
        });
        let mut page = Page::new(texts::SERVICE, self.bureau_name.clone(), title);
        page.user = user;
        page.nav = vec![NavItem::new(texts::CASES, "/cases", "/cases")];
        // Only demos and tests have a clock that a person moves.
        page.banner = clock.is_manual().then(Banner::demo);
        page.at = Some(clock.now());
        page
    }

    /// The page of a read, or the page that says why it was refused.
    fn answer(&self, caller: &Caller, result: Result<Page, Fault>) -> Response {
        match result {
            Ok(page) => html(StatusCode::OK, page),
            Err(fault) => {
                let problem = Problem { fault: &fault, reference: None, action: None };
                let mut page = self.page(caller, problem.title());
                page.body = problem.into();
                html(status(fault.reason.kind), page)
            }
        }
    }
}

fn html(status: StatusCode, page: Page) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        // What is shown is read anew, and recorded anew, each time.
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, Html::from(page).into_string()).into_response()
}

/// The HTTP side of the table of fault kinds.
fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Denied => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::WrongState | Kind::Conflict | Kind::Stale => StatusCode::CONFLICT,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An id in an address.
fn id<T: std::str::FromStr>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::new(&gongxin_chassis::reasons::ID_INVALID))
}
