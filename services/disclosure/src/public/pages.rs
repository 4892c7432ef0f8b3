//! The pages of the public side.

use axum::Router;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use gongxin_chassis::event_text;
use gongxin_disclosure_domain::DocumentKind;
use gongxin_pages::{
    Alert, Banner, Button, Control, EmptyState, Facts, Form, FormField, Html, LineKind, Moment,
    NavItem, Page, STYLESHEET, Section, Step, Tag, Text, Timeline, Tone, When, local_time,
    stylesheet_path,
};
use gongxin_transparency::View;
use http::{StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;

use super::answer::{self, Found};
use super::{Side, report, store, texts, verify};

pub(super) fn routes(side: Side) -> Router {
    Router::new()
        .route("/", get(query_form))
        .route("/result", get(async || Redirect::to("/")).post(result))
        .route("/report", get(report::form).post(report::sent))
        .route(
            "/log/key",
            get(async |State(side): State<Side>| format!("{}\n", side.key.verifier())),
        )
        .route("/verify", get(verify_form).post(verified))
        .route("/published", get(published))
        .route("/livez", get(async || "ok"))
        .route(stylesheet_path(), get(stylesheet))
        .fallback(nowhere)
        .method_not_allowed_fallback(nowhere)
        .with_state(side)
}

async fn query_form(State(side): State<Side>) -> Response {
    let alert = Alert { tone: Tone::Warning, title: texts::EMERGENCY, body: Html::default() };
    let number = Control::line("");
    let code = Control::Line { kind: LineKind::Text, value: String::new() };
    let fields = vec![
        FormField::new("number", texts::NUMBER, number).hint(texts::NUMBER_HINT),
        FormField::new("code", texts::CODE, code).hint(texts::CODE_HINT),
    ];
    let form = Form::post("/result", fields, Button::submit(texts::SEND_QUERY));
    let lead = Html::paragraph(texts::QUERY_LEAD);
    let body = [alert.into(), lead, form.into(), Html::from(help(&side))];
    show(&side, texts::QUERY, "/", body)
}

#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    number: String,
    #[serde(default)]
    code: String,
}

async fn result(
    State(side): State<Side>,
    form: Result<axum::Form<Query>, FormRejection>,
) -> Response {
    // What is no form is asked like an empty one, and gets the same answer.
    let Query { number, code } = form.map_or_else(
        |_| Query { number: String::new(), code: String::new() },
        |axum::Form(query)| query,
    );
    match answer::ask(&side, &number, &code).await {
        Ok(Some(found)) => shown(&side, &found),
        Ok(None) => nothing(&side),
        Err(error) => away(&side, &error),
    }
}

fn nothing(side: &Side) -> Response {
    let body = Html::paragraph(texts::NOTHING_BODY);
    let alert = Alert { tone: Tone::Warning, title: texts::NOTHING, body };
    let again = Html::paragraph(Button::go(texts::AGAIN, "/"));
    show(side, texts::RESULT, "/", [alert.into(), again, help(side).into()])
}

fn shown(side: &Side, Found { matter, steps }: &Found) -> Response {
    let (tone, word) = texts::stage(&matter.stage);
    let facts = Facts::new()
        .with(texts::NUMBER, matter.number.as_str())
        .with(texts::STAGE, Tag::new(tone, word))
        .with(texts::UNIT, matter.unit_name.as_str())
        .with(texts::REGISTERED, Moment::from(matter.registered_at.0));
    let mut body = vec![Html::from(facts)];
    if let (Some(clock), Some(until)) = (&matter.clock, matter.clock_until) {
        let text = texts::clock(clock, &local_time(until.0));
        body.push(Section::new(texts::NEXT, Html::paragraph(text)).into());
    }
    let steps = steps.iter().map(|step| Step {
        when: When::Done(step.at.0),
        what: texts::step(&step.what),
        who: String::new(),
        detail: Html::default(),
        proof: None,
    });
    let timeline = Timeline { steps: steps.collect() };
    let note = Html::paragraph(texts::ONLY_STEPS);
    let way: Html = [timeline.into(), note].into_iter().collect();
    body.push(Section::new(texts::STEPS, way).into());
    body.push(help(side).into());
    show(side, texts::RESULT, "/", body)
}

async fn verify_form(State(side): State<Side>) -> Response {
    let body = [Html::paragraph(texts::VERIFY_LEAD), paste().into(), offline().into()];
    show(&side, texts::VERIFY, "/verify", body)
}

/// What a receipt says, line by line.
pub(super) fn facts_of(view: &View) -> Facts {
    let lines = view.lines();
    lines.fold(Facts::new(), |facts, (key, value)| facts.with(texts::line(key), said(key, value)))
}

/// A value in the reader's words where there are any; times as the clock in China shows them.
fn said(key: &str, value: &str) -> Html {
    match value.parse::<Timestamp>() {
        Ok(at) if key.ends_with("-at") => Moment::from(at).into(),
        _ if key == "event" => event_text(value).into(),
        _ => value.into(),
    }
}

fn paste() -> Form {
    let control = Control::Paragraph { value: String::new(), rows: 12 };
    let field = FormField::new("receipt", texts::RECEIPT, control);
    Form::post("/verify", vec![field], Button::submit(texts::SEND_VERIFY))
}

fn offline() -> Section {
    let command = Html::paragraph(Html::code("gongxin-verify receipt receipt.txt --key keys.txt"));
    let body: Html = [Html::paragraph(texts::OFFLINE_BODY), command].into_iter().collect();
    Section::new(texts::OFFLINE, body)
}

#[derive(Deserialize)]
struct Pasted {
    #[serde(default)]
    receipt: String,
}

async fn verified(
    State(side): State<Side>,
    form: Result<axum::Form<Pasted>, FormRejection>,
) -> Response {
    let pasted = form.map_or_else(|_| String::new(), |axum::Form(pasted)| pasted.receipt);
    let found = if let Ok(receipt) = verify::receipt(&pasted, &side.keys) {
        let body = Html::paragraph(texts::GENUINE_BODY);
        let alert = Alert { tone: Tone::Good, title: texts::GENUINE, body };
        let says = Section::new(texts::SAYS, facts_of(&receipt.view));
        [Html::from(alert), says.into()].into_iter().collect()
    } else {
        let body = Html::paragraph(texts::NOT_GENUINE_BODY);
        Html::from(Alert { tone: Tone::Danger, title: texts::NOT_GENUINE, body })
    };
    show(&side, texts::VERIFY, "/verify", [found, paste().into(), offline().into()])
}

async fn published(State(side): State<Side>) -> Response {
    let documents = match store::documents(&side.pool, side.settings.bureau.as_str()).await {
        Ok(documents) => documents,
        Err(error) => return away(&side, &error),
    };
    if documents.is_empty() {
        let (title, hint) = (texts::NO_DOCUMENTS, Some(texts::NO_DOCUMENTS_HINT));
        let empty = EmptyState { title, hint, action: None };
        return show(&side, texts::PUBLISHED, "/published", [Html::from(empty)]);
    }
    let sections = documents.iter().map(|document| {
        let kind = DocumentKind::of_code(&document.kind).map_or("", DocumentKind::zh);
        let lines = document.text.lines().map(Html::paragraph);
        let dated = Html::paragraph(Moment::from(document.published_at.0));
        let body: Html = std::iter::once(dated).chain(lines).collect();
        Html::from(Section::new(Text::from(kind), body))
    });
    show(&side, texts::PUBLISHED, "/published", sections)
}

async fn stylesheet() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLESHEET)
}

async fn nowhere(State(side): State<Side>) -> Response {
    let again = Html::paragraph(Button::go(texts::AGAIN, "/"));
    (StatusCode::NOT_FOUND, show(&side, texts::NO_PAGE, "", [again])).into_response()
}

/// The cause goes to the log; it has no number and no code in it.
pub(super) fn away(side: &Side, error: &impl std::fmt::Display) -> Response {
    tracing::warn!(%error, "the public side's tables cannot be used");
    let body = Html::paragraph(texts::AWAY_BODY);
    let alert = Alert { tone: Tone::Warning, title: texts::AWAY, body };
    let page = show(side, texts::QUERY, "/", [Html::from(alert)]);
    (StatusCode::SERVICE_UNAVAILABLE, page).into_response()
}

/// Where to ask and where to complain, on every page about a report.
pub(super) fn help(side: &Side) -> Facts {
    Facts::new()
        .with(texts::CONTACT, side.settings.contact.as_str())
        .with(texts::COMPLAINT, texts::COMPLAINT_HOW)
}

pub(super) fn show(
    side: &Side,
    title: Text,
    path: &str,
    body: impl IntoIterator<Item = impl Into<Html>>,
) -> Response {
    let nav = [
        (texts::QUERY, "/"),
        (texts::REPORT, "/report"),
        (texts::VERIFY, "/verify"),
        (texts::PUBLISHED, "/published"),
    ];
    let nav = nav.map(|(text, href)| NavItem::new(text, href, path)).into();
    let banner = side.settings.demo.then(Banner::demo);
    let page = Page::new(texts::SERVICE, side.settings.bureau_name.clone(), title);
    let page = Page { nav, banner, body: body.into_iter().collect(), ..page };
    axum::response::Html(Html::from(page).into_string()).into_response()
}
