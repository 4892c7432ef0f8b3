//! The pages on which a person reports something (网上报案), at home or at a kiosk.

use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use gongxin_disclosure_domain::{Channel, PortalContent};
use gongxin_kernel::new_uuid;
use gongxin_pages::{Alert, Button, Control, Form, FormField, Html, LineKind, Section, Text, Tone};
use serde::Deserialize;

use super::intake::{self, Sent};
use super::pages::{away, facts_of, help, show};
use super::{Side, texts, verify};

#[derive(Deserialize)]
pub(super) struct Where {
    #[serde(default)]
    channel: String,
}

/// What a browser sends. Whatever is missing is empty, and empty is answered like wrong.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    form: String,
    channel: String,
    name: String,
    phone: String,
    place: String,
    facts: String,
}

pub(super) async fn form(State(side): State<Side>, Query(at): Query<Where>) -> Response {
    let typed = Typed { channel: at.channel, ..Typed::default() };
    page(&side, &typed, &[])
}

pub(super) async fn sent(
    State(side): State<Side>,
    form: Result<axum::Form<Typed>, FormRejection>,
) -> Response {
    let typed = form.map_or_else(|_| Typed::default(), |axum::Form(typed)| typed);
    let content = PortalContent {
        name: typed.name.trim().to_owned(),
        phone: typed.phone.trim().to_owned(),
        place: typed.place.trim().to_owned(),
        facts: typed.facts.replace("\r\n", "\n").trim().to_owned(),
    };
    let problems = content.problems();
    if !problems.is_empty() {
        return page(&side, &typed, &problems);
    }
    let form = typed.form.parse().unwrap_or_else(|_| new_uuid());
    let sent = Sent { form, channel: channel(&typed.channel), content };
    match intake::take(&side, &sent).await {
        Ok(receipt) => received(&side, &receipt),
        Err(error) => away(&side, &error),
    }
}

/// Whatever is no known channel is the web.
fn channel(code: &str) -> Channel {
    Channel::of_code(code).unwrap_or(Channel::Web)
}

fn page(side: &Side, typed: &Typed, problems: &[(String, String)]) -> Response {
    let field = |name: &str, label: Text, control: Control| {
        let problem = problems.iter().find(|(field, _)| field == name);
        let error = problem.map(|(_, what)| Text::from(what.as_str()));
        FormField::new(name, label, control).error(error)
    };
    let phone = Control::Line { kind: LineKind::Telephone, value: typed.phone.clone() };
    let facts = Control::Paragraph { value: typed.facts.clone(), rows: 10 };
    let fields = vec![
        field("name", texts::NAME, Control::line(&typed.name)),
        field("phone", texts::PHONE, phone).hint(texts::PHONE_HINT),
        field("place", texts::PLACE, Control::line(&typed.place)).optional(),
        field("facts", texts::FACTS, facts).hint(texts::FACTS_HINT),
    ];
    // A page shown again keeps its form, so that a report is not made twice.
    let form = typed.form.parse().unwrap_or_else(|_| new_uuid());
    let form = Form::post("/report", fields, Button::submit(texts::SEND_REPORT))
        .hidden("form", form.to_string())
        .hidden("channel", channel(&typed.channel).code());
    let alert = Alert { tone: Tone::Warning, title: texts::EMERGENCY, body: Html::default() };
    let lead = Html::paragraph(texts::REPORT_LEAD);
    show(side, texts::REPORT, "/report", [alert.into(), lead, form.into(), help(side).into()])
}

fn received(side: &Side, text: &str) -> Response {
    let body = Html::paragraph(texts::RECEIVED_BODY);
    let alert = Alert { tone: Tone::Good, title: texts::RECEIVED, body };
    let says = verify::receipt(text, &side.keys).map(|receipt| facts_of(&receipt.view));
    let control = Control::Paragraph { value: text.to_owned(), rows: 14 };
    let field = FormField::new("receipt", texts::RECEIPT, control).hint(texts::RECEIPT_HINT);
    let keep = Form::post("/verify", vec![field], Button::submit(texts::SEND_VERIFY));
    let body = [
        Html::from(alert),
        says.map(Html::from).unwrap_or_default(),
        Section::new(texts::KEEP, keep).into(),
        help(side).into(),
    ];
    show(side, texts::REPORT, "/report", body)
}
