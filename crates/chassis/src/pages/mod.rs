//! Staff pages: who may see them, what is never accepted, and what every answer carries.

mod cookies;
mod frame;
mod origin;
mod sign_in;

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use gongxin_eventing::{Db, sessions};
use gongxin_kernel::Fault;
use gongxin_pages::{STYLESHEET, Text, stylesheet_path};
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Uri};

pub use frame::{Frame, PageFault, event_text, http_status, show, user_of};

use crate::identity::{Caller, Identity};
use crate::provider::{Provider, Registration};
use crate::settings::{Settings, read_secret};
use crate::{reasons, server};
use cookies::Cookies;

/// Largest form; a page that takes more says so with a `DefaultBodyLimit` of its own.
const LARGEST_FORM: usize = 64 * 1024;

/// Pages load nothing from elsewhere, run no script, are framed by nobody and kept by no cache.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// What the pages of a service stand on.
#[derive(Clone)]
pub(crate) struct Gate {
    identity: Arc<Identity>,
    provider: Arc<Provider>,
    db: Db,
    frame: Frame,
    cookies: Cookies,
    public_url: Option<Arc<str>>,
    client: Option<Arc<Registration>>,
}

/// Where staff sign in.
struct Site<'g> {
    client: &'g Registration,
    public_url: &'g str,
}

impl Site<'_> {
    fn redirect_uri(&self) -> String {
        format!("{}/sign-in/callback", self.public_url)
    }
}

impl Gate {
    pub(crate) fn new(
        service: (&'static str, Text),
        settings: &Settings,
        identity: Arc<Identity>,
        provider: Arc<Provider>,
        db: Db,
    ) -> anyhow::Result<Self> {
        let (name, title) = service;
        let own = &settings.identity;
        let public_url = own.public_url.as_deref().map(origin_of).transpose()?;
        ensure!(
            own.client_id.is_none() || public_url.is_some(),
            "identity.public_url is needed with identity.client_id"
        );
        let secret = own.client_secret_file.as_deref().map(read_secret).transpose()?;
        let client = own.client_id.clone().map(|id| Arc::new(Registration { id, secret }));
        let frame = Frame {
            service: title,
            bureau_name: settings.bureau_name().to_owned(),
            demo: settings.demo,
            has_sign_in: client.is_some(),
        };
        let secure = public_url.is_some_and(|url| url.starts_with("https://"));
        let cookies = Cookies::new(name, secure);
        let public_url = public_url.map(Arc::from);
        Ok(Self { identity, provider, db, frame, cookies, public_url, client })
    }

    /// Staff pages behind the gate, the way in and out, and the style sheet.
    pub(crate) fn router(&self, pages: Router) -> Router {
        let mut router = pages.layer(from_fn_with_state(self.clone(), admit));
        if self.client.is_some() {
            router = router.merge(sign_in::routes(self.clone()));
        }
        router
            .layer(DefaultBodyLimit::max(LARGEST_FORM))
            .layer(from_fn_with_state(self.clone(), protect))
            .route(stylesheet_path(), get(stylesheet))
    }

    /// The answer to what no route takes: a page, or a status for gRPC.
    pub(crate) fn unknown(&self, request: &Request) -> Response {
        if server::is_grpc(request.headers()) {
            return tonic::Status::unimplemented("no such service").into_http();
        }
        self.refusal(&Fault::new(&reasons::PAGE_NOT_FOUND))
    }

    /// A page about a fault that came before anybody knew who asks.
    pub(crate) fn refusal(&self, fault: &Fault) -> Response {
        let mut response = self.frame.problem(fault, None, "/");
        response.headers_mut().extend(HEADERS);
        response
    }

    fn site(&self) -> Result<Site<'_>, Fault> {
        match (&self.client, &self.public_url) {
            (Some(client), Some(public_url)) => Ok(Site { client, public_url }),
            _ => Err(Fault::new(&reasons::PAGE_NOT_FOUND)),
        }
    }

    /// Who asks for a page: a program by its token, an officer by a session.
    async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Fault> {
        if let Some(token) = server::bearer(headers) {
            return self.identity.check(token).await;
        }
        let nobody = || Fault::new(&reasons::NOT_SIGNED_IN);
        let id = self.cookies.read(headers, sign_in::SESSION).ok_or_else(nobody)?;
        let claims = sessions::find(&self.db, id).await?.ok_or_else(nobody)?;
        let claims = serde_json::from_str(&claims).map_err(|e| nobody().caused_by(e))?;
        self.identity.caller(claims)
    }
}

/// Lets signed-in callers pass and leads the others to the sign-in.
async fn admit(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    match gate.caller(request.headers()).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller.clone());
            let mut response = next.run(request).await;
            response.extensions_mut().insert(caller);
            response
        }
        Err(fault) if leads_to_sign_in(&gate, &fault, &request) => {
            Redirect::to(&sign_in::entrance(path_of(request.uri()))).into_response()
        }
        Err(fault) => PageFault::from(fault).into_response(),
    }
}

/// A program with a bad token, and a form that would be lost, are told instead of led away.
fn leads_to_sign_in(gate: &Gate, fault: &Fault, request: &Request) -> bool {
    gate.client.is_some()
        && fault.reason == &reasons::NOT_SIGNED_IN
        && matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Refuses forms that other sites made a browser send, makes pages of faults, and puts the
/// headers on. A token is no cookie: a browser never sends one by itself.
async fn protect(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let own = is_safe
        || server::bearer(headers).is_some()
        || origin::is_own(headers, request.uri(), gate.public_url.as_deref());
    if !own {
        return gate.refusal(&Fault::new(&reasons::CROSS_SITE));
    }
    let back = if is_safe { path_of(request.uri()).to_owned() } else { "/".to_owned() };
    request.extensions_mut().insert(gate.frame.clone());
    let mut response = next.run(request).await;
    let parts = response.extensions();
    if let Some(PageFault(fault)) = parts.get::<PageFault>() {
        response = gate.frame.problem(fault, parts.get::<Caller>(), &back);
    }
    response.headers_mut().extend(HEADERS);
    response
}

fn path_of(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
}

async fn stylesheet() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, STYLESHEET)
}

/// Scheme and host of `identity.public_url`, as browsers write an origin.
fn origin_of(url: &str) -> anyhow::Result<&str> {
    let url = url.trim_end_matches('/');
    let uri: Uri = url.parse().context("identity.public_url")?;
    let is_origin = matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
        && uri.path_and_query().is_none_or(|path| path == "/");
    ensure!(is_origin, "identity.public_url must be scheme and host alone");
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_scheme_and_host_alone() {
        assert_eq!(origin_of("https://intake.test/").unwrap(), "https://intake.test");
        assert_eq!(origin_of("http://127.0.0.1:7101").unwrap(), "http://127.0.0.1:7101");
        for url in ["", "intake.test", "ftp://intake.test", "https://a@b.test", "https://a.test/x"]
        {
            assert!(origin_of(url).is_err(), "{url}");
        }
    }
}
