//! Staff pages of 110 calls: the queue of those that are open, and one call.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, PageSize, Place, event_text, show};
use gongxin_intake_domain::reasons::CALL_NOT_FOUND;
use gongxin_intake_domain::{Call, CallId, Justified};
use gongxin_kernel::{Actor, Fault, Power, Staff};
use gongxin_pages::{
    Column, Due, EmptyState, Facts, Html, Link, Moment, Page, Pagination, Section, Step, Table,
    Tag, Text, Timeline, Tone, When,
};
use serde::Deserialize;

use super::{FACTS_HEAD, FIRST_PAGE, FURTHER_PAGE, WAY_HEAD, nav};
use crate::queries::Register;
use crate::queries::calls::CallReading;
use crate::store::calls::{CallLine, Which};

gongxin_pages::texts! {
    CALLS = "110警情", "110 calls";
    LIST = "警情，新的在前", "Calls, newest first";
    NONE = "没有此类警情", "No such call";
    NONE_HINT = "已登记为接报案的或者已核销的警情见“全部”。", "Calls in a report or justified are among all calls.";
    NUMBER = "接警编号", "Call number";
    UNIT = "处警单位", "Unit dispatched";
    RECEIVED = "接警时间", "Received";
    CHECK = "日巡查时间", "Daily check";
    STAGE = "状态", "Stage";
    REPORT = "接报案登记", "Report";
    OPEN = "待登记", "open";
    SETTLED = "已登记", "in a report";
    JUSTIFIED = "已核销", "justified";
    MISSED = "日巡查未登记", "unregistered at its check";
    TOLD = "报警内容", "What was told";
    RECORDED_BY = "登记民警", "Recorded by";
    WHY = "核销理由", "Why no report";
    WHY_TEXT = "核销说明", "In the officer's words";
    JUSTIFIED_BY = "核销民警", "Justified by";
    SHOW_OPEN = "待登记", "Open";
    SHOW_OVERDUE = "日巡查未登记", "Unregistered at the check";
    SHOW_ALL = "全部", "All";
}

/// Which calls, and where the page begins.
#[derive(Deserialize)]
pub(super) struct Turn {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn list(
    State(register): State<Register>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Query(turn): Query<Turn>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadReports)?;
    let (which, shown) = match turn.show.as_str() {
        "all" => (Which::All, "all"),
        "overdue" => (Which::Overdue, "overdue"),
        _ => (Which::Open, "open"),
    };
    let after = Place::of_token(&turn.after)?;
    let page = register.calls(staff, which, after, PageSize::USUAL).await?;
    let mut body = vec![Html::paragraph(choices(shown))];
    if page.calls.is_empty() && after.is_none() {
        body.push(EmptyState { title: NONE, hint: Some(NONE_HINT), action: None }.into());
    } else {
        let columns = [
            Column::new(NUMBER),
            Column::new(UNIT),
            Column::new(RECEIVED),
            Column::new(CHECK),
            Column::new(STAGE),
            Column::new(REPORT),
        ];
        let rows = page.calls.iter().map(|line| row(line, &page.at)).collect();
        body.push(Table { caption: LIST, columns, rows }.into());
        let position = if after.is_some() { FURTHER_PAGE } else { FIRST_PAGE };
        let next = page.next.map(|place| format!("/calls?show={shown}&after={}", place.token()));
        let previous = after.map(|_| format!("/calls?show={shown}"));
        body.push(Pagination { previous, next, position }.into());
    }
    Ok(show(Page {
        nav: nav("/calls"),
        at: Some(page.at),
        body: body.into_iter().collect(),
        ..frame.page(CALLS, Some(&caller))
    }))
}

/// The kinds of list, but the one that is shown is no link.
fn choices(shown: &str) -> Html {
    let choice = |(text, show): (Text, &str)| {
        let link = || Html::from(Link::new(text.clone(), format!("/calls?show={show}")));
        if show == shown { Tag::new(Tone::Info, text.clone()).into() } else { link() }
    };
    let kinds = [(SHOW_OPEN, "open"), (SHOW_OVERDUE, "overdue"), (SHOW_ALL, "all")];
    let apart = |(place, choice)| [Html::from(if place == 0 { "" } else { " · " }), choice];
    kinds.into_iter().map(choice).enumerate().flat_map(apart).collect()
}

fn row(line: &CallLine, now: &jiff::Timestamp) -> [Html; 6] {
    let check = match line.stage.as_str() {
        "open" => Due { now: *now, due: line.check_at.0, warn_at: None }.into(),
        _ => Moment::from(line.check_at.0).into(),
    };
    let report = line.report.zip(line.report_number.as_deref());
    let report = report.map(|(id, number)| Link::new(number, format!("/reports/{id}")).into());
    [
        Link::new(line.number.as_str(), format!("/calls/{}", line.number)).into(),
        line.unit_name.as_str().into(),
        Moment::from(line.received_at.0).into(),
        check,
        stage(&line.stage, line.overdue),
        report.unwrap_or_default(),
    ]
}

fn stage(code: &str, overdue: bool) -> Html {
    let (tone, text) = match code {
        "settled" => (Tone::Good, SETTLED),
        "justified" => (Tone::Neutral, JUSTIFIED),
        _ => (Tone::Info, OPEN),
    };
    let missed = overdue.then(|| Tag::new(Tone::Danger, MISSED).into());
    [Html::from(Tag::new(tone, text))].into_iter().chain(missed).collect()
}

pub(super) async fn one(
    State(register): State<Register>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(number): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadReports)?;
    let reading = register.call(staff, id(staff, &number)?).await?;
    let steps = reading.history.iter().map(|past| Step {
        when: When::Done(past.at),
        what: event_text(&past.subject),
        who: Actor::label_zh(&past.actor),
        detail: Html::default(),
        proof: None,
    });
    let body = [
        Html::from(Section::new(FACTS_HEAD, facts(&reading))),
        Section::new(WAY_HEAD, Timeline { steps: steps.collect() }).into(),
    ];
    Ok(show(Page {
        nav: nav("/calls"),
        back: Some(Link::new(CALLS, "/calls")),
        at: Some(reading.at),
        body: body.into_iter().collect(),
        ..frame.page(number.into(), Some(&caller))
    }))
}

/// An address that names no call is a page that is not there.
fn id(staff: &Staff, number: &str) -> Result<CallId, Fault> {
    let number = number.parse().map_err(|_| Fault::new(&CALL_NOT_FOUND))?;
    Ok(CallId::of(&staff.bureau, &number))
}

fn facts(reading: &CallReading) -> Facts {
    let Call { content, recorded_by, check_at, justified, settled, .. } = &reading.call;
    let code = match (settled, justified) {
        (Some(_), _) => "settled",
        (None, Some(_)) => "justified",
        (None, None) => "open",
    };
    let mut facts = Facts::new()
        .with(STAGE, stage(code, reading.call.is_overdue(reading.at)))
        .with(UNIT, content.unit.name.as_str())
        .with(RECEIVED, Moment::from(content.received_at))
        .with(CHECK, Moment::from(*check_at))
        .with(TOLD, content.told.as_str())
        .with(RECORDED_BY, format!("{}（{}）", recorded_by.name, recorded_by.police_number));
    if let Some(Justified { justification, text, by, .. }) = justified {
        facts = facts
            .with(WHY, justification.zh())
            .with(WHY_TEXT, text.as_str())
            .with(JUSTIFIED_BY, format!("{}（{}）", by.name, by.police_number));
    }
    if let Some(report) = settled {
        let link = Link::new(report.number.as_str(), format!("/reports/{}", report.report));
        facts = facts.with(REPORT, link);
    }
    facts
}
