//! The issuer itself: what it knows, its addresses, and where it listens.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use gongxin_kernel::Staff;
use gongxin_pages::{Banner, Html, Page, STYLESHEET, Text, stylesheet_path};
use tokio::net::TcpListener;

use crate::codes::Codes;
use crate::{ACCESS_AUDIENCE, Client, Grant, Key, authorize, token};

/// The demo's identity provider.
#[derive(Debug)]
pub struct Issuer {
    pub(crate) url: String,
    pub(crate) key: Key,
    pub(crate) staff: BTreeMap<String, Staff>,
    pub(crate) clients: Vec<Client>,
    pub(crate) codes: Codes,
}

impl Issuer {
    /// An issuer reached at `url` (no slash at the end), which is `iss` of its tokens.
    pub fn new(url: impl Into<String>, key: Key, staff: Vec<Staff>, clients: Vec<Client>) -> Self {
        let staff = staff.into_iter().map(|one| (one.police_number.clone(), one)).collect();
        Self { url: url.into(), key, staff, clients, codes: Codes::default() }
    }

    /// The issuer's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// An access token for the officer with this police number; `None` when there is none.
    pub fn access_token(&self, police_number: &str) -> Option<String> {
        let officer = self.staff.get(police_number)?;
        Some(self.key.token(officer, &Grant::now(&self.url, ACCESS_AUDIENCE)))
    }

    /// Everything the issuer answers, for callers on this machine.
    pub fn router(self) -> Router {
        Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/authorize", get(authorize::ask).post(authorize::pick))
            .route("/token", post(token::exchange))
            .route("/demo/token", post(token::demo))
            .route("/healthz", get(async || "ok\n"))
            .route(stylesheet_path(), get(stylesheet))
            .layer(from_fn(only_by_a_loopback_name))
            .with_state(Arc::new(self))
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }
}

/// Why the issuer does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The address can be reached from other machines.
    #[error("{0} is not a loopback address; the demo issuer serves this machine alone")]
    NotLoopback(IpAddr),
    /// The address cannot be had.
    #[error("the address cannot be listened on")]
    Io(#[from] io::Error),
}

/// Listens on a loopback address; port 0 takes a free one.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    if !address.ip().is_loopback() {
        return Err(ListenError::NotLoopback(address.ip()));
    }
    Ok(TcpListener::bind(address).await?)
}

/// A page of the issuer with the loud banner.
pub(crate) fn page(title: Text, body: Html) -> Response {
    let service = Text::new("演示身份签发", "Demo issuer");
    let frame = Page::new(service, "仅供演示 DEMO ONLY", title);
    let page = Page { banner: Some(Banner::demo()), body, ..frame };
    let html = Html::from(page).into_string();
    ([(header::CACHE_CONTROL, "no-store")], axum::response::Html(html)).into_response()
}

async fn discovery(State(issuer): State<Arc<Issuer>>) -> impl IntoResponse {
    let url = &issuer.url;
    Json(serde_json::json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn jwks(State(issuer): State<Arc<Issuer>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], issuer.key.jwks())
}

async fn stylesheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLESHEET)
}

/// Refuses calls by another name: a web page elsewhere may point a name of its own at this
/// machine and would otherwise read tokens in the visitor's browser.
async fn only_by_a_loopback_name(request: Request, next: Next) -> Response {
    let header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let named = header.and_then(|host| host.parse::<Authority>().ok());
    let Some(authority) = named.as_ref().or(request.uri().authority()) else {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    };
    let host = authority.host().trim_matches(['[', ']']);
    let loopback = host.parse::<IpAddr>().map_or(host == "localhost", |ip| ip.is_loopback());
    if loopback { next.run(request).await } else { StatusCode::MISDIRECTED_REQUEST.into_response() }
}
