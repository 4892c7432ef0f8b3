//! The bureau's identity provider as seen from here: what it says of itself, its keys, its tokens.
//!
//! Only its address is set; everything else it tells by OpenID Connect Discovery. Answers are
//! small JSON documents: their size and the time to wait are bounded, redirects are not followed.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gongxin_kernel::Fault;
use http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jsonwebtoken::jwk::JwkSet;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::reasons;

const TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST: usize = 64 * 1024;

type Body = Full<axum::body::Bytes>;

/// What the issuer says of itself (OpenID Connect Discovery 1.0, section 3).
#[derive(Debug, Deserialize)]
pub(crate) struct Discovered {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

/// How this service names itself to the issuer.
pub(crate) struct Registration {
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// A client of the issuer.
#[derive(Debug)]
pub(crate) struct Provider {
    issuer: String,
    http: Client<HttpsConnector<HttpConnector>, Body>,
    found: RwLock<Option<Arc<Discovered>>>,
}

impl Provider {
    /// Connects at the first question. An `https` issuer is believed when a root certificate of
    /// this machine vouches for it, and then names no `http` addresses.
    pub(crate) fn new(issuer: &str) -> anyhow::Result<Self> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = HttpsConnectorBuilder::new();
        let connector = if issuer.starts_with("https://") {
            let builder = builder.with_provider_and_native_roots(provider);
            builder.context("identity.issuer: no root certificates")?.https_only()
        } else {
            let config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()?
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth();
            builder.with_tls_config(config).https_or_http()
        };
        let http = Client::builder(TokioExecutor::new()).build(connector.enable_http1().build());
        Ok(Self { issuer: issuer.to_owned(), http, found: RwLock::new(None) })
    }

    /// `iss` of everything the issuer signs.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What the issuer says of itself, asked anew.
    async fn discover(&self) -> Result<Arc<Discovered>, Fault> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let found: Discovered = self.get(&url).await.map_err(unavailable)?;
        if found.issuer != self.issuer {
            return Err(unavailable(anyhow::anyhow!("discovery names another issuer")));
        }
        // A browser is led there, so this address is held to what the connector holds ours to.
        let endpoint: Uri = found.authorization_endpoint.parse().map_err(unavailable)?;
        if self.issuer.starts_with("https://") && endpoint.scheme_str() != Some("https") {
            return Err(unavailable(anyhow::anyhow!("discovery leads staff out of https")));
        }
        let found = Arc::new(found);
        *self.found.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&found));
        Ok(found)
    }

    /// What the issuer says of itself, as last heard.
    pub(crate) async fn described(&self) -> Result<Arc<Discovered>, Fault> {
        let known = self.found.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(found) => Ok(found),
            None => self.discover().await,
        }
    }

    /// The keys with which the issuer signs now.
    pub(crate) async fn key_set(&self) -> Result<JwkSet, Fault> {
        let found = self.discover().await?;
        self.get(&found.jwks_uri).await.map_err(unavailable)
    }

    /// The ID token for a code (RFC 6749 section 4.1.3 with RFC 7636 section 4.5).
    ///
    /// # Errors
    /// `SIGN_IN_FAILED` when the issuer refuses the code, `ISSUER_UNAVAILABLE`.
    pub(crate) async fn id_token(
        &self,
        client: &Registration,
        code: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<String, Fault> {
        let found = self.described().await?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("client_id", &client.id)
            .append_pair("code_verifier", verifier)
            .finish();
        let mut request = Request::post(&found.token_endpoint)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(secret) = &client.secret {
            request = request.header(header::AUTHORIZATION, basic(&client.id, secret));
        }
        let request = request.body(form.into()).map_err(unavailable)?;
        let (status, body) = self.ask(request).await.map_err(unavailable)?;
        if status.is_client_error() {
            // Also when the client is not registered as it should be, which somebody must see.
            let said = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
            tracing::warn!(%status, said, "the issuer refused a code");
            return Err(Fault::new(&reasons::SIGN_IN_FAILED).caused_by(said));
        }
        let tokens: Tokens = parsed(status, &body).map_err(unavailable)?;
        Ok(tokens.id_token)
    }

    async fn get<T: DeserializeOwned>(&self, url: &str) -> anyhow::Result<T> {
        let request = Request::get(url).header(header::ACCEPT, "application/json");
        let (status, body) = self.ask(request.body(Body::default())?).await?;
        parsed(status, &body).with_context(|| url.to_owned())
    }

    async fn ask(&self, request: Request<Body>) -> anyhow::Result<(StatusCode, Vec<u8>)> {
        let answer = async {
            let response = self.http.request(request).await?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LARGEST).collect().await;
            let body = body.map_err(anyhow::Error::from_boxed)?.to_bytes();
            anyhow::Ok((status, body.to_vec()))
        };
        tokio::time::timeout(TIMEOUT, answer).await.context("no answer in time")?
    }
}

fn parsed<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> anyhow::Result<T> {
    ensure!(status.is_success(), "answers {status}");
    Ok(serde_json::from_slice(body)?)
}

fn unavailable(error: impl Into<anyhow::Error>) -> Fault {
    Fault::new(&reasons::ISSUER_UNAVAILABLE).caused_by(error.into())
}

/// RFC 6749 section 2.3.1: both halves are form-encoded first.
fn basic(id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_encoded_as_the_standard_says() {
        assert_eq!(basic("a b", "c:d"), format!("Basic {}", STANDARD.encode("a+b:c%3Ad")));
    }
}
