//! Asks who signs in: checks the client's request, shows the staff, gives out the code.

use std::sync::Arc;
use std::time::Instant;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gongxin_kernel::{Post, Staff};
use gongxin_pages::{Alert, Button, Column, Html, Table, Tag, Text, Tone};
use serde::Deserialize;

use crate::codes::Agreed;
use crate::issuer::{Issuer, page};
use crate::staff::by_unit;

/// The request of a client (RFC 6749 section 4.1.1, RFC 7636, OpenID Connect Core 3.1.2.1).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
}

/// The request once more, with the officer who was picked.
#[derive(Debug, Deserialize)]
pub(crate) struct Picked {
    police_number: String,
    #[serde(flatten)]
    asked: Asked,
}

/// Shows who can be picked.
pub(crate) async fn ask(State(issuer): State<Arc<Issuer>>, Query(asked): Query<Asked>) -> Response {
    if let Some(refusal) = asked.refusal(&issuer) {
        return refusal;
    }
    let units = by_unit(issuer.staff.values());
    let tables = units.into_values().map(|staff| unit_table(&staff)).collect();
    let picker = Picker { hidden: asked.into_pairs(), tables };
    page(Text::new("请选择演示民警", "Pick a demo officer"), Html::of(&picker))
}

/// Leads the officer who was picked back to the client, with a code.
pub(crate) async fn pick(
    State(issuer): State<Arc<Issuer>>,
    Form(Picked { police_number, asked }): Form<Picked>,
) -> Response {
    if let Some(refusal) = asked.refusal(&issuer) {
        return refusal;
    }
    if !issuer.staff.contains_key(&police_number) {
        return asked.back(&issuer, &[("error", "access_denied")]);
    }
    let agreed = Agreed {
        client_id: asked.client_id.clone(),
        redirect_uri: asked.redirect_uri.clone(),
        challenge: asked.code_challenge.clone(),
        nonce: asked.nonce.clone(),
        police_number,
    };
    let code = issuer.codes.give(agreed, Instant::now());
    asked.back(&issuer, &[("code", &code)])
}

impl Asked {
    /// The answer to a request that cannot be granted. Until client and address are known to
    /// belong together, nobody is led anywhere.
    fn refusal(&self, issuer: &Issuer) -> Option<Response> {
        let Some(client) = issuer.client(&self.client_id) else {
            return Some(refused(Text::new("未登记的应用", "Unknown client")));
        };
        if !client.may_return_to(&self.redirect_uri) {
            return Some(refused(Text::new("返回地址不属于该应用", "Address not of this client")));
        }
        let error = if self.response_type != "code" {
            "unsupported_response_type"
        } else if !self.scope.split(' ').any(|scope| scope == "openid") {
            "invalid_scope"
        } else if self.code_challenge_method != "S256" || !self.has_challenge() {
            "invalid_request"
        } else {
            return None;
        };
        Some(self.back(issuer, &[("error", error)]))
    }

    /// A SHA-256 in base64url is 43 characters long.
    fn has_challenge(&self) -> bool {
        let mut characters = self.code_challenge.bytes();
        self.code_challenge.len() == 43
            && characters.all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    }

    fn back(&self, issuer: &Issuer, answer: &[(&str, &str)]) -> Response {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(answer);
        query.extend_pairs(self.state.as_ref().map(|state| ("state", state)));
        query.append_pair("iss", &issuer.url);
        let separator = if self.redirect_uri.contains('?') { '&' } else { '?' };
        let target = format!("{}{separator}{}", self.redirect_uri, query.finish());
        Redirect::to(&target).into_response()
    }

    fn into_pairs(self) -> Vec<(&'static str, String)> {
        let optional = [("state", self.state), ("nonce", self.nonce)];
        let given = optional.into_iter().filter_map(|(name, value)| Some((name, value?)));
        [
            ("response_type", self.response_type),
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", self.scope),
            ("code_challenge", self.code_challenge),
            ("code_challenge_method", self.code_challenge_method),
        ]
        .into_iter()
        .chain(given)
        .collect()
    }
}

fn refused(title: Text) -> Response {
    let alert = Alert { tone: Tone::Danger, title, body: Html::default() };
    let page = page(Text::new("不能登录", "No sign-in"), alert.into());
    (StatusCode::BAD_REQUEST, page).into_response()
}

#[derive(Template)]
#[template(path = "authorize.html")]
struct Picker {
    hidden: Vec<(&'static str, String)>,
    tables: Vec<Table<3>>,
}

/// The officers of one unit; there is at least one.
fn unit_table(staff: &[&Staff]) -> Table<3> {
    Table {
        caption: Text::from(staff[0].unit_name.as_str()),
        columns: [
            Column::new(Text::new("民警", "Officer")),
            Column::new(Text::new("警号", "Police number")),
            Column::new(Text::new("岗位", "Posts")),
        ],
        rows: staff.iter().map(|officer| row(officer)).collect(),
    }
}

fn row(officer: &Staff) -> [Html; 3] {
    let number = officer.police_number.as_str();
    let name = Text::from(officer.name.as_str());
    let posts = officer.posts.iter().flat_map(|post| [Html::from(post_tag(*post)), " ".into()]);
    [Button::named(name, "police_number", number).into(), Html::code(number), posts.collect()]
}

fn post_tag(post: Post) -> Tag {
    Tag::new(Tone::Neutral, Text::made(post.zh(), post.code().replace('_', " ")))
}
