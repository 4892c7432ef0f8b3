//! Staff sign in to pages: OpenID Connect, authorization code with PKCE, state and nonce.
//!
//! A browser that starts to sign in gets a random secret in a short-lived cookie. State, nonce and
//! verifier are digests of it, so that any replica can finish what another began, nothing is
//! stored for those who never come back, and nobody without the cookie can finish it. A browser
//! that changes its cookie fails its own sign-in; where it wants to go is checked at both ends.

use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, extract::Request};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gongxin_eventing::{reasons as eventing, sessions};
use gongxin_kernel::Fault;
use gongxin_pages::{Html, Page, SignIn, Text};
use http::HeaderMap;
use http::header::SET_COOKIE;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::Gate;
use super::frame::{Frame, PageFault, show};
use super::origin::is_local;
use crate::reasons;

pub(super) const SIGN_IN: &str = "/sign-in";
pub(super) const SIGN_OUT: &str = "/sign-out";
const CALLBACK: &str = "/sign-in/callback";
const SIGNED_OUT: &str = "/signed-out";

/// Kinds of cookies.
pub(super) const SESSION: &str = "session";
const STARTED: &str = "sign_in";

/// How long an officer may take at the issuer.
const PATIENCE: Duration = Duration::from_mins(10);
/// Longest session: one shift.
const LONGEST: Duration = Duration::from_hours(8);

/// The address that starts a sign-in and leads to `path` afterwards.
pub(super) fn entrance(path: &str) -> String {
    let path = if is_local(path) { path } else { "/" };
    let to: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    format!("{SIGN_IN}?to={to}")
}

pub(super) fn routes(gate: Gate) -> Router {
    Router::new()
        .route(SIGN_IN, get(start))
        .route(CALLBACK, get(finish))
        .route(SIGN_OUT, post(end))
        .route(SIGNED_OUT, get(ended))
        .with_state(gate)
}

/// The secret of one sign-in, known to one browser.
struct Attempt(String);

impl Attempt {
    fn new() -> Result<Self, Fault> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)
            .map_err(|e| Fault::new(&eventing::INVARIANT_BROKEN).caused_by(e))?;
        Ok(Self(URL_SAFE_NO_PAD.encode(secret)))
    }

    fn state(&self) -> String {
        self.derived("state")
    }

    fn nonce(&self) -> String {
        self.derived("nonce")
    }

    fn verifier(&self) -> String {
        self.derived("verifier")
    }

    /// The code challenge of method S256 (RFC 7636, section 4.2).
    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier()))
    }

    fn derived(&self, purpose: &str) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{purpose} {}", self.0)))
    }
}

#[derive(Debug, Deserialize)]
struct Wish {
    to: Option<String>,
}

async fn start(State(gate): State<Gate>, Query(wish): Query<Wish>) -> Result<Response, PageFault> {
    let site = gate.site()?;
    let to = wish.to.as_deref().unwrap_or("/");
    if !is_local(to) {
        return Err(Fault::new(&reasons::SIGN_IN_TARGET).into());
    }
    let issuer = gate.provider.described().await?;
    let attempt = Attempt::new()?;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", &site.client.id)
        .append_pair("redirect_uri", &site.redirect_uri())
        .append_pair("scope", "openid")
        .append_pair("state", &attempt.state())
        .append_pair("nonce", &attempt.nonce())
        .append_pair("code_challenge", &attempt.challenge())
        .append_pair("code_challenge_method", "S256")
        .finish();
    let endpoint = &issuer.authorization_endpoint;
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    let value = format!("{}.{}", attempt.0, URL_SAFE_NO_PAD.encode(to));
    let cookie = gate.cookies.set(STARTED, &value, SIGN_IN, PATIENCE.as_secs());
    let headers = AppendHeaders([(SET_COOKIE, cookie)]);
    Ok((headers, Redirect::to(&format!("{endpoint}{separator}{query}"))).into_response())
}

/// What the issuer leads back with (RFC 6749 section 4.1.2, RFC 9207).
#[derive(Debug, Deserialize)]
struct Led {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

async fn finish(
    State(gate): State<Gate>,
    Query(led): Query<Led>,
    headers: HeaderMap,
) -> Result<Response, PageFault> {
    let site = gate.site()?;
    let (attempt, to) = gate
        .cookies
        .read(&headers, STARTED)
        .and_then(started)
        .ok_or_else(|| failed("this browser has not started it"))?;
    if led.state.as_deref() != Some(&attempt.state()) {
        return Err(failed("another state").into());
    }
    if led.iss.is_some_and(|issuer| issuer != gate.provider.issuer()) {
        return Err(failed("another issuer").into());
    }
    let Some(code) = led.code else {
        return Err(failed(&led.error.unwrap_or_default()).into());
    };
    let redirect_uri = site.redirect_uri();
    let token =
        gate.provider.id_token(site.client, &code, &redirect_uri, &attempt.verifier()).await?;
    let (claims, left) =
        gate.identity.check_id_token(&token, &site.client.id, &attempt.nonce()).await?;
    let stored = serde_json::to_string(&claims)
        .map_err(|e| Fault::new(&eventing::INVARIANT_BROKEN).caused_by(e))?;
    gate.identity.caller(claims)?;
    if let Some(old) = gate.cookies.read(&headers, SESSION) {
        sessions::close(&gate.db, old).await?;
    }
    let lifetime = left.min(LONGEST);
    let id = sessions::open(&gate.db, stored, lifetime).await?;
    let cookies = AppendHeaders([
        (SET_COOKIE, gate.cookies.set(SESSION, &id, "/", lifetime.as_secs())),
        (SET_COOKIE, gate.cookies.set(STARTED, "", SIGN_IN, 0)),
    ]);
    Ok((cookies, Redirect::to(&to)).into_response())
}

/// What the cookie of a started sign-in holds.
fn started(cookie: &str) -> Option<(Attempt, String)> {
    let (secret, to) = cookie.split_once('.')?;
    let to = String::from_utf8(URL_SAFE_NO_PAD.decode(to).ok()?).ok()?;
    (secret.len() == 43 && is_local(&to)).then(|| (Attempt(secret.to_owned()), to))
}

fn failed(why: &str) -> Fault {
    Fault::new(&reasons::SIGN_IN_FAILED).caused_by(why)
}

/// Ends the session here; the officer stays known to the issuer.
async fn end(State(gate): State<Gate>, request: Request) -> Result<Response, PageFault> {
    if let Some(id) = gate.cookies.read(request.headers(), SESSION) {
        sessions::close(&gate.db, id).await?;
    }
    let cookie = gate.cookies.set(SESSION, "", "/", 0);
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to(SIGNED_OUT)).into_response())
}

/// A page of its own: leading on to the issuer would cross what `form-action` allows.
async fn ended(Extension(frame): Extension<Frame>) -> Response {
    let title = Text::new("您已退出", "You have signed out");
    let again = SignIn { href: entrance("/") };
    let page = Page { sign_in: None, ..frame.page(title, None) };
    let hint = Text::new("共用电脑请关闭浏览器。", "On a shared computer, close the browser.");
    show(Page { body: [Html::paragraph(hint), again.into()].into_iter().collect(), ..page })
}
