//! Signing in with authorization code and PKCE, and everything that must not work.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

use crate::world::{CALLBACK, CHALLENGE, Pairs, VERIFIER, World, asked, send, with};

fn exchange(code: &str) -> Pairs<'_> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", "intake"),
        ("code_verifier", VERIFIER),
    ]
}

#[tokio::test]
async fn an_officer_who_is_picked_signs_in() {
    let world = World::start().await;
    let discovery = world.get("/.well-known/openid-configuration", &vec![]).await.json();
    assert_eq!(discovery["issuer"], world.url.as_str());
    assert_eq!(discovery["jwks_uri"], format!("{}/jwks", world.url));

    let page = world.get("/authorize", &asked()).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["DEMO ONLY", "仅供演示", "城关派出所", "李明", "法制大队", "赵静"]
    {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(page.body.contains("value=\"s&#38;t=1\""), "what the client sent is escaped");

    let mut picked = asked();
    picked.push(("police_number", "100021"));
    let led = world.post("/authorize", &picked).await.led_with();
    assert_eq!(led["state"], "s&t=1");
    assert_eq!(led["iss"], world.url);

    let tokens = world.post("/token", &exchange(&led["code"])).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let tokens = tokens.json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 28_800);

    let access = tokens["access_token"].as_str().unwrap();
    let claims = world.verified(access, "gongxin").await.unwrap();
    assert_eq!(claims["sub"], "100021");
    assert_eq!(claims["police_number"], "100021");
    assert_eq!(claims["name"], "李明");
    assert_eq!(claims["unit"], "619921010000");
    assert_eq!(claims["unit_name"], "城关派出所");
    assert_eq!(claims["bureau"], "619921");
    assert_eq!(claims["posts"], json!(["report_officer", "case_officer"]));
    let lasts = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
    assert_eq!(lasts, 28_800);

    let id = tokens["id_token"].as_str().unwrap();
    assert_eq!(world.verified(id, "intake").await.unwrap()["nonce"], "n-1");
    assert!(world.verified(id, "gongxin").await.is_none(), "an ID token opens no service");
}

#[tokio::test]
async fn a_token_whose_content_was_changed_does_not_verify() {
    let world = World::start().await;
    let answer = world.post("/demo/token", &vec![("police_number", "100021")]).await.json();
    let token = answer["access_token"].as_str().unwrap();
    let other = world.post("/demo/token", &vec![("police_number", "100400")]).await.json();
    let other = other["access_token"].as_str().unwrap();

    let mut parts: Vec<_> = token.split('.').collect();
    parts[1] = other.split('.').nth(1).unwrap();

    assert!(world.verified(token, "gongxin").await.is_some());
    assert!(world.verified(&parts.join("."), "gongxin").await.is_none());
}

#[tokio::test]
async fn a_code_is_refused_to_whoever_cannot_prove_it_is_theirs() {
    let world = World::start().await;
    let other_verifier = format!("{VERIFIER}x");
    let changes = [
        ("code_verifier", other_verifier.as_str()),
        ("code_verifier", ""),
        ("code_verifier", CHALLENGE),
        ("client_id", "review"),
        ("redirect_uri", "http://127.0.0.1:8001/signed-in/x"),
        ("code", "guessed"),
    ];
    for (name, value) in changes {
        let code = world.code().await;
        let refused = world.post("/token", &with(exchange(&code), name, value)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{name}={value}");
        assert_eq!(refused.json(), json!({ "error": "invalid_grant" }), "{name}={value}");
    }
}

#[tokio::test]
async fn a_code_is_used_up_by_its_first_try() {
    let world = World::start().await;
    let (once, tried) = (world.code().await, world.code().await);

    assert_eq!(world.post("/token", &exchange(&once)).await.status, StatusCode::OK);
    world.post("/token", &with(exchange(&tried), "code_verifier", "wrong")).await;

    for code in [once, tried] {
        let again = world.post("/token", &exchange(&code)).await;
        assert_eq!(again.json(), json!({ "error": "invalid_grant" }));
    }
}

#[tokio::test]
async fn nobody_is_led_to_an_address_that_is_not_of_a_known_client() {
    let world = World::start().await;
    let changes = [
        ("client_id", "unknown"),
        ("client_id", ""),
        ("redirect_uri", "http://127.0.0.1:8001/signed-in-elsewhere"),
        ("redirect_uri", "https://elsewhere.test/signed-in"),
        ("redirect_uri", ""),
    ];
    for (name, value) in changes {
        let asked = with(asked(), name, value);
        let mut picked = asked.clone();
        picked.push(("police_number", "100021"));
        for answer in
            [world.get("/authorize", &asked).await, world.post("/authorize", &picked).await]
        {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
            assert_eq!(answer.location, None, "{name}={value}");
        }
    }
}

#[tokio::test]
async fn a_request_that_is_not_code_flow_with_s256_is_sent_back() {
    let world = World::start().await;
    let changes = [
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "profile", "invalid_scope"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
    ];
    for (name, value, error) in changes {
        let led = world.get("/authorize", &with(asked(), name, value)).await.led_with();
        assert_eq!(led["error"], error, "{name}={value}");
        assert_eq!(led["state"], "s&t=1");
        assert!(!led.contains_key("code"));
    }
}

#[tokio::test]
async fn somebody_who_is_not_on_the_staff_gets_nothing() {
    let world = World::start().await;
    let mut picked = asked();
    picked.push(("police_number", "999999"));

    assert_eq!(world.post("/authorize", &picked).await.led_with()["error"], "access_denied");
    let token = world.post("/demo/token", &vec![("police_number", "999999")]).await;
    assert_eq!(token.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn other_kinds_of_grant_and_unknown_clients_get_no_token() {
    let world = World::start().await;
    let code = world.code().await;
    for (name, value, error) in [
        ("grant_type", "client_credentials", "unsupported_grant_type"),
        ("client_id", "unknown", "invalid_client"),
    ] {
        let answer = world.post("/token", &with(exchange(&code), name, value)).await;
        assert_eq!(answer.json(), json!({ "error": error }));
    }
}

#[tokio::test]
async fn a_call_by_a_name_of_another_machine_is_refused() {
    let world = World::start().await;
    for (host, status) in [
        ("localhost:1", StatusCode::OK),
        ("127.0.0.1", StatusCode::OK),
        ("rebound.test", StatusCode::MISDIRECTED_REQUEST),
        ("192.0.2.1", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let uri = format!("{}/healthz", world.url);
        let request = Request::get(uri).header(header::HOST, host).body(Body::empty()).unwrap();
        assert_eq!(send(request).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn the_pages_find_their_style_sheet() {
    let world = World::start().await;
    let page = world.get("/authorize", &asked()).await.body;
    let path = page.split("rel=\"stylesheet\" href=\"").nth(1).unwrap();
    let sheet = world.get(path.split('"').next().unwrap(), &vec![]).await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert_eq!(sheet.body, gongxin_pages::STYLESHEET);
}
