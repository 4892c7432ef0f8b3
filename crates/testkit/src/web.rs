//! Fetches a page as a program with a token would.

use axum::body::{Body, to_bytes};
use http::{Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

/// Status and text of `GET url`, with `token` as bearer where one is given.
pub async fn get(url: &str, token: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::get(url);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(Body::new(response.into_body()), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}
