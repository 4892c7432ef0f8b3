//! What page handlers get from the chassis: the frame around a page, and pages for what goes wrong.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use gongxin_eventing::trace::TraceContext;
use gongxin_kernel::{Fault, Kind};
use gongxin_pages::{Banner, Button, Html, Page, Problem, Text, User};
use http::StatusCode;

use super::sign_in::{SIGN_OUT, entrance};
use crate::identity::Caller;
use crate::status;

/// The frame that all pages of a service share; a page handler takes it as `Extension<Frame>`.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name of the service.
    pub service: Text,
    /// Name of the bureau.
    pub bureau_name: String,
    /// Everything shown is invented.
    pub demo: bool,
    /// Whether staff can sign in here.
    pub(crate) has_sign_in: bool,
}

impl Frame {
    /// A page with this title for `caller`, or for somebody who has not signed in. Navigation,
    /// time and content are the handler's.
    pub fn page(&self, title: Text, caller: Option<&Caller>) -> Page {
        let page = Page::new(self.service.clone(), self.bureau_name.clone(), title);
        let sign_in = (self.has_sign_in && caller.is_none()).then(|| entrance("/"));
        let banner = self.demo.then(Banner::demo);
        Page { user: caller.map(user_of), sign_in, banner, ..page }
    }

    /// The page that says what went wrong, with the status that belongs to it.
    pub(crate) fn problem(&self, fault: &Fault, caller: Option<&Caller>, back: &str) -> Response {
        let trace = TraceContext::current().traceparent;
        let reference = trace.split('-').nth(1).map(str::to_owned);
        let signs_in = self.has_sign_in && fault.reason.kind == Kind::Unauthenticated;
        let action = signs_in.then(|| Button::go(gongxin_pages::words::SIGN_IN, entrance(back)));
        let problem = Problem { fault, reference, action };
        let body = Html::of(&problem);
        let page = Page { body, ..self.page(problem.title(), caller) };
        (http_status(fault.reason.kind), show(page)).into_response()
    }
}

/// The officer as the head of a page shows him or her, with the way out.
pub fn user_of(caller: &Caller) -> User {
    let sign_out = SIGN_OUT.to_owned();
    match caller.actor().staff() {
        Some(staff) => User {
            name: staff.name.clone(),
            police_number: staff.police_number.clone(),
            unit_name: staff.unit_name.clone(),
            sign_out,
        },
        None => User {
            name: caller.actor().label(),
            police_number: String::new(),
            unit_name: String::new(),
            sign_out,
        },
    }
}

/// What an event is called, by its subject; the subject itself when no contract has it.
pub fn event_text(subject: &str) -> Text {
    match gongxin_proto::event_name(subject) {
        Some((zh, en)) => Text::new(zh, en),
        None => subject.into(),
    }
}

/// A finished page as the answer of a handler.
pub fn show(page: Page) -> Response {
    axum::response::Html(Html::from(page).into_string()).into_response()
}

/// A fault on its way out of a page handler: `?` makes one, and the chassis makes the page of it,
/// with the frame, the reason, a number to ask about, and the status of its kind.
#[derive(Clone, Debug)]
pub struct PageFault(pub(crate) Arc<Fault>);

impl From<Fault> for PageFault {
    fn from(fault: Fault) -> Self {
        Self(Arc::new(fault))
    }
}

impl IntoResponse for PageFault {
    fn into_response(self) -> Response {
        status::record(&self.0);
        let mut response = http_status(self.0.reason.kind).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The HTTP side of the table of fault kinds.
pub fn http_status(kind: Kind) -> StatusCode {
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
