//! An issuer on a free port with two officers and one client, and a browser of a few lines.

use std::collections::HashMap;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use gongxin_issuer::{Issuer, Key, bind, parse_staff};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

pub(crate) const STAFF: &str = r#"[
    {"police_number":"100021","name":"李明","unit":"619921010000","unit_name":"城关派出所",
     "bureau":"619921","posts":["report_officer","case_officer"]},
    {"police_number":"100400","name":"赵静","unit":"619921400000","unit_name":"法制大队",
     "bureau":"619921","posts":["legal_reviewer"]}
]"#;

/// The verifier and challenge of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const CALLBACK: &str = "http://127.0.0.1:8001/signed-in";

pub(crate) type Pairs<'a> = Vec<(&'a str, &'a str)>;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the answer is JSON")
    }

    /// The query of the address this answer leads to.
    pub(crate) fn led_with(&self) -> HashMap<String, String> {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        let target = self.location.as_deref().expect("a redirect has a target");
        let (address, query) = target.split_once('?').expect("the target has a query");
        assert_eq!(address, CALLBACK);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }
}

pub(crate) struct World {
    pub(crate) url: String,
}

impl World {
    /// Starts an issuer that ends with the test's runtime.
    pub(crate) async fn start() -> Self {
        let address = "127.0.0.1:0".parse().expect("this is an address");
        let listener = bind(address).await.expect("loopback has a free port");
        let local = listener.local_addr().expect("a bound socket has an address");
        let url = format!("http://{local}");
        let clients = ["intake", "review"].map(|id| format!("{id}={CALLBACK}").parse());
        let clients = clients.into_iter().collect::<Result<_, _>>().expect("these are clients");
        let staff = parse_staff(STAFF).expect("this is staff");
        let issuer = Issuer::new(url.clone(), Key::generate(), staff, clients);
        tokio::spawn(async move { axum::serve(listener, issuer.router()).await });
        Self { url }
    }

    pub(crate) async fn get(&self, path: &str, query: &Pairs<'_>) -> Answer {
        let uri = format!("{}{path}?{}", self.url, encoded(query));
        send(Request::get(uri).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&self, path: &str, form: &Pairs<'_>) -> Answer {
        let request = Request::post(format!("{}{path}", self.url))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encoded(form)));
        send(request.expect("a request")).await
    }

    /// A fresh code for 李明, given to `intake`.
    pub(crate) async fn code(&self) -> String {
        let mut picked = asked();
        picked.push(("police_number", "100021"));
        self.post("/authorize", &picked).await.led_with()["code"].clone()
    }

    /// The claims of a token that the published key set verifies for this audience.
    pub(crate) async fn verified(&self, token: &str, audience: &str) -> Option<Value> {
        let keys: JwkSet =
            serde_json::from_value(self.get("/jwks", &vec![]).await.json()).expect("a key set");
        let kid = decode_header(token).expect("a token has a header").kid.expect("and a key id");
        let key = DecodingKey::from_jwk(keys.find(&kid)?).expect("a usable key");
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[&self.url]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Some(decode::<Value>(token, &key, &validation).ok()?.claims)
    }
}

/// What a client asks; tests change one thing.
pub(crate) fn asked() -> Pairs<'static> {
    vec![
        ("response_type", "code"),
        ("client_id", "intake"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "s&t=1"),
        ("nonce", "n-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

/// The same pairs with another value under one name.
pub(crate) fn with<'a>(mut pairs: Pairs<'a>, name: &str, value: &'a str) -> Pairs<'a> {
    let found = pairs.iter_mut().find(|(key, _)| *key == name);
    found.expect("the pair to change is there").1 = value;
    pairs
}

pub(crate) async fn send(request: Request<Body>) -> Answer {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.expect("the issuer answers");
    let status = response.status();
    let location = response.headers().get(header::LOCATION);
    let location = location.map(|value| value.to_str().expect("an address").to_owned());
    let body = to_bytes(Body::new(response.into_body()), 1 << 20).await.expect("a body");
    let body = String::from_utf8(body.to_vec()).expect("a body in UTF-8");
    Answer { status, location, body }
}

fn encoded(pairs: &Pairs<'_>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
