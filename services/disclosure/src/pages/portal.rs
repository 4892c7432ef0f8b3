//! Staff pages of reports made online: the queue, and what the person typed.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, show};
use gongxin_disclosure_domain::reasons::PORTAL_REPORT_NOT_FOUND;
use gongxin_disclosure_domain::{Channel, PortalContent, PortalReport};
use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Power};
use gongxin_pages::{
    Alert, Column, Due, EmptyState, Facts, Html, Link, Moment, Page, Section, Table, Tag, Text,
    Tone,
};
use jiff::Timestamp;

use super::{DUE, NUMBER, PORTAL, STAGE, nav};
use crate::queries;

gongxin_pages::texts! {
    QUEUE = "网上报案，未登记的在前，先到期的在前", "Portal reports, those not registered first";
    NONE = "还没有网上报案", "No portal report yet";
    NONE_HINT = "群众在公开网站或者自助终端提交的报案会自动出现在这里。",
        "What people report on the public site or at a kiosk appears here by itself.";
    PORTAL_NUMBER = "网上报案号", "Portal number";
    RECEIVED = "收到时间", "Taken in";
    CHANNEL = "渠道", "Channel";
    WAITS = "待联系登记", "to be registered";
    DONE = "已登记", "registered";
    REGISTERED_BY = "登记民警", "Registered by";
    NEXT = "与报案人联系核实后，在执法管理中以“互联网、自助终端报案”为来源登记，再填报接报案回执号。",
        "Contact the person, register the report in intake with the source portal, then tell the number of its receipt.";
    UNVERIFIED = "以下内容由报案人自行填写，未经核实", "Typed by the person and not verified";
    CONTENT = "报案内容", "What was reported";
    NAME = "姓名", "Name";
    PHONE = "联系电话", "Telephone";
    PLACE = "发生地点", "Where it happened";
    FACTS = "事情经过", "What happened";
}

/// The queue, for those who register reports.
pub(super) async fn list(
    State(db): State<Db>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::RegisterReport)?;
    let (reports, now) = queries::portal_reports(&db, staff).await?;
    let body = if reports.is_empty() {
        EmptyState { title: NONE, hint: Some(NONE_HINT), action: None }.into()
    } else {
        let columns = [PORTAL_NUMBER, RECEIVED, CHANNEL, STAGE, DUE, NUMBER].map(Column::new);
        let rows = reports.iter().map(|report| row(report, now)).collect();
        Html::from(Table { caption: QUEUE, columns, rows })
    };
    let page = frame.page(PORTAL, Some(&caller));
    Ok(show(Page { nav: nav("/portal"), at: Some(now), body, ..page }))
}

fn row(report: &PortalReport, now: Timestamp) -> [Html; 6] {
    let registered = report.registered.as_ref();
    [
        Link::new(report.number.clone(), format!("/portal/{}", report.id)).into(),
        Moment::from(report.received_at).into(),
        channel(report.channel).into(),
        stage(report),
        due(report, now),
        registered.map(|r| r.receipt_number.as_str().into()).unwrap_or_default(),
    ]
}

fn due(report: &PortalReport, now: Timestamp) -> Html {
    match report.registered {
        None => Due { now, due: report.contact_by, warn_at: None }.into(),
        Some(_) => Html::default(),
    }
}

fn channel(channel: Channel) -> Text {
    let en = match channel {
        Channel::Web => "web",
        Channel::Kiosk => "kiosk",
    };
    Text::new(channel.zh(), en)
}

fn stage(report: &PortalReport) -> Html {
    let (tone, text) = match report.registered {
        None => (Tone::Info, WAITS),
        Some(_) => (Tone::Good, DONE),
    };
    Tag::new(tone, text).into()
}

/// One report; that it is read is on record.
pub(super) async fn report(
    State(db): State<Db>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(id): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::RegisterReport)?;
    let id = id.parse().map_err(|_| Fault::new(&PORTAL_REPORT_NOT_FOUND))?;
    let (report, content) = queries::portal_report(&db, staff, id).await?;
    let now = db.clock().now();
    let title = Text::from(report.number.as_str());
    let body = whole(&report, &content, now);
    let back = Some(Link::new(PORTAL, "/portal"));
    let page = frame.page(title, Some(&caller));
    Ok(show(Page { nav: nav("/portal"), back, at: Some(now), body, ..page }))
}

fn whole(report: &PortalReport, content: &PortalContent, now: Timestamp) -> Html {
    let facts = Facts::new()
        .with(STAGE, stage(report))
        .with(RECEIVED, Moment::from(report.received_at))
        .with(CHANNEL, channel(report.channel));
    let facts = match &report.registered {
        None => facts.with(DUE, due(report, now)),
        Some(done) => {
            let by = format!("{} {}", done.by.name, done.by.police_number);
            facts.with(NUMBER, done.receipt_number.as_str()).with(REGISTERED_BY, by.as_str())
        }
    };
    let typed = Facts::new()
        .with(NAME, content.name.as_str())
        .with(PHONE, content.phone.as_str())
        .with(PLACE, content.place.as_str())
        .with(FACTS, content.facts.lines().map(Html::paragraph).collect::<Html>());
    let warning = Alert { tone: Tone::Warning, title: UNVERIFIED, body: Html::default() };
    let next = report.registered.is_none().then(|| Html::paragraph(NEXT));
    let typed: Html = [Html::from(warning), typed.into()].into_iter().collect();
    [Html::from(facts), next.unwrap_or_default(), Section::new(CONTENT, typed).into()]
        .into_iter()
        .collect()
}
