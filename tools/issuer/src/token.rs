//! Gives tokens: for a code with its verifier, and for the demo's scripts on a word.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::codes::Agreed;
use crate::{ACCESS_AUDIENCE, Grant, Issuer, LIFETIME};

/// A client turns its code into tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    client_id: String,
    code_verifier: String,
}

pub(crate) async fn exchange(
    State(issuer): State<Arc<Issuer>>,
    Form(exchange): Form<Exchange>,
) -> Response {
    match exchange.check(&issuer) {
        Ok(agreed) => tokens(&issuer, &agreed),
        Err(error) => answer(StatusCode::BAD_REQUEST, &json!({ "error": error })),
    }
}

impl Exchange {
    fn check(&self, issuer: &Issuer) -> Result<Agreed, &'static str> {
        if self.grant_type != "authorization_code" {
            return Err("unsupported_grant_type");
        }
        if issuer.client(&self.client_id).is_none() {
            return Err("invalid_client");
        }
        let agreed = issuer.codes.take(&self.code, Instant::now()).ok_or("invalid_grant")?;
        let same = agreed.client_id == self.client_id && agreed.redirect_uri == self.redirect_uri;
        let long_enough = (43..=128).contains(&self.code_verifier.len());
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&self.code_verifier));
        let verified = long_enough && challenge == agreed.challenge;
        if same && verified { Ok(agreed) } else { Err("invalid_grant") }
    }
}

fn tokens(issuer: &Issuer, agreed: &Agreed) -> Response {
    let officer = &issuer.staff[&agreed.police_number];
    let access = Grant::now(&issuer.url, ACCESS_AUDIENCE);
    let id = Grant { audience: &agreed.client_id, nonce: agreed.nonce.as_deref(), ..access };
    let body = json!({
        "access_token": issuer.key.token(officer, &access),
        "id_token": issuer.key.token(officer, &id),
        "token_type": "Bearer",
        "expires_in": LIFETIME.as_secs(),
        "scope": "openid",
    });
    answer(StatusCode::OK, &body)
}

/// For the demo only: scripts without a browser name an officer and get an access token.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    police_number: String,
}

pub(crate) async fn demo(State(issuer): State<Arc<Issuer>>, Form(named): Form<Named>) -> Response {
    match issuer.access_token(&named.police_number) {
        Some(token) => answer(StatusCode::OK, &json!({ "access_token": token })),
        None => answer(StatusCode::NOT_FOUND, &json!({ "error": "unknown_police_number" })),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
