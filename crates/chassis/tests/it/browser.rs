//! A browser of a few lines: keeps cookies, follows redirects when told to.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

pub(crate) type Pairs<'a> = Vec<(&'a str, &'a str)>;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) url: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// The address this answer leads to, in full.
    pub(crate) fn leads_to(&self) -> Option<String> {
        let target = self.headers.get(header::LOCATION)?.to_str().unwrap();
        let origin: String = self.url.split('/').take(3).collect::<Vec<_>>().join("/");
        Some(if target.starts_with('/') { format!("{origin}{target}") } else { target.to_owned() })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether this is the page about a fault of this reason.
    pub(crate) fn is_about(&self, status: StatusCode, reason: &str) -> bool {
        self.status == status
            && self.header("content-type").starts_with("text/html")
            && self.body.contains(&format!("<code>{reason}</code>"))
    }
}

/// The pairs of the query of an address.
pub(crate) fn query(url: &str) -> Vec<(String, String)> {
    let (_, query) = url.split_once('?').expect("the address has a query");
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

#[derive(Clone)]
pub(crate) struct Browser {
    http: Client<HttpConnector, Body>,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self { http, cookies: BTreeMap::new() }
    }

    pub(crate) async fn get(&mut self, url: &str) -> Answer {
        self.send(Method::GET, url, &[], String::new()).await
    }

    /// Sends a form as a page of the same origin does.
    pub(crate) async fn post(&mut self, url: &str, form: &Pairs<'_>) -> Answer {
        self.post_with(url, form, &[("sec-fetch-site", "same-origin")]).await
    }

    pub(crate) async fn post_with(
        &mut self,
        url: &str,
        form: &Pairs<'_>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, url, headers, form).await
    }

    /// Goes on until there is something to see.
    pub(crate) async fn follow(&mut self, url: &str) -> Answer {
        let mut answer = self.get(url).await;
        while let Some(next) = answer.leads_to() {
            answer = self.get(&next).await;
        }
        answer
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(url);
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let response = self.http.request(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let body = to_bytes(Body::new(body), 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { url: url.to_owned(), status: parts.status, headers: parts.headers, body }
    }

    fn keep(&mut self, line: &str) {
        let (name, rest) = line.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        if rest.contains("; Max-Age=0;") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
