//! Staff pages of the register: the list, one report, its receipt; 110 calls.

mod calls;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use gongxin_chassis::{Caller, Frame, PageFault, PageSize, Place, event_text, show};
use gongxin_intake_domain::{Notice, Period, ReportId, Stage};
use gongxin_kernel::{Actor, Fault, Power};
use gongxin_pages::{
    Column, Due, EmptyState, Facts, Html, Link, Moment, NavItem, Page, Pagination, Section, Step,
    Table, Tag, Text, Timeline, Tone, When,
};
use http::header;
use jiff::Timestamp;
use serde::Deserialize;

use crate::queries::{Reading, Register};
use crate::store::Line;

gongxin_pages::texts! {
    REPORTS = "接报案登记", "Reports";
    LIST = "接报案件", "Reports, newest first";
    NONE = "还没有接报记录", "No report yet";
    NONE_HINT = "任何来源的接报登记后都会出现在这里。", "Every report, whatever its source, appears here once registered.";
    NUMBER = "接报案回执", "Report receipt";
    CASE_NUMBER = "案件编号", "Case number";
    SOURCE = "来源", "Source";
    UNIT = "办案单位", "Unit";
    REGISTERED = "登记时间", "Registered";
    STAGE = "状态", "Stage";
    DUE = "立案审查期限", "Filing review due";
    TOLD = "接报时间", "Told";
    NATURE = "性质", "Nature";
    CHARGE = "罪名", "Charge";
    REPORTER = "报案人", "Reporter";
    NOBODY = "不详", "Not known";
    FACTS = "报案内容", "Facts as told";
    EVIDENCE = "接受证据", "Evidence handed in";
    SUSPECTS = "嫌疑人", "Suspects";
    OFFICER = "登记民警", "Registered by";
    DECISION = "决定文书", "Decision";
    GROUND = "决定理由", "Ground of the decision";
    SAID = "报案人反映", "The reporter says";
    RECEIVER = "接收机关", "Receiving organ";
    RECONSIDERATION_DUE = "复议决定期限", "Reconsideration to be decided by";
    RECONSIDERED = "复议决定", "Reconsideration decided";
    EXPLANATION_DUE = "说明不立案理由期限", "Procuratorate to be answered by";
    EXPLAINED = "不立案理由说明书", "Reasons given to the procuratorate";
    NOTICE_DUE = "通知书送达期限", "Notice to be served by";
    NOTICE_SERVED = "通知书送达时间", "Notice served";
    RECONSIDERATION = "申请复议期限", "Reconsideration until";
    WHAT_WAS_TOLD = "已告知", "What the reporter was told";
    FACTS_HEAD = "基本情况", "Facts";
    DUE_HEAD = "期限如何计算", "How the period was computed";
    PAPERS_HEAD = "法律文书", "Documents";
    WAY_HEAD = "办理过程", "What happened";
    RECEIPT = "下载可验证回执", "Verifiable receipt";
    OVERDUE = "曾超期", "Ran overdue";
    FIRST_PAGE = "第一页", "First page";
    FURTHER_PAGE = "续页", "Further page";
}

pub(crate) fn routes(register: Register) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/reports")))
        .route("/reports", get(list))
        .route("/reports/{id}", get(report))
        .route("/reports/{id}/receipt", get(receipt))
        .route("/calls", get(calls::list))
        .route("/calls/{number}", get(calls::one))
        .with_state(register)
}

#[derive(Deserialize)]
struct Turn {
    #[serde(default)]
    after: String,
}

async fn list(
    State(register): State<Register>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Query(turn): Query<Turn>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadReports)?;
    let after = Place::of_token(&turn.after)?;
    let page = register.list(staff, after, PageSize::USUAL).await?;
    let body = if page.reports.is_empty() && after.is_none() {
        EmptyState { title: NONE, hint: Some(NONE_HINT), action: None }.into()
    } else {
        let columns = [
            Column::new(NUMBER),
            Column::new(CASE_NUMBER),
            Column::new(UNIT),
            Column::new(REGISTERED),
            Column::new(STAGE),
        ];
        let rows = page.reports.iter().map(|line| row(line, page.at)).collect();
        let table = Table { caption: LIST, columns, rows };
        let position = if after.is_some() { FURTHER_PAGE } else { FIRST_PAGE };
        let next = page.next.map(|place| format!("/reports?after={}", place.token()));
        let previous = after.map(|_| "/reports".to_owned());
        let turns = Pagination { previous, next, position };
        Html::from_iter([Html::from(table), turns.into()])
    };
    let at = Some(page.at);
    Ok(show(Page { nav: nav("/reports"), at, body, ..frame.page(REPORTS, Some(&caller)) }))
}

fn row(line: &Line, now: Timestamp) -> [Html; 5] {
    let number = Link::new(line.number.clone(), format!("/reports/{}", line.id));
    let due = line.due_at.map(|due| Due { now, due: due.0, warn_at: None }.into());
    [
        number.into(),
        line.case_number.as_deref().map(Html::code).unwrap_or_default(),
        line.unit_name.as_str().into(),
        Moment::from(line.registered_at.0).into(),
        [stage(&line.stage, line.overdue), due.unwrap_or_default()].into_iter().collect(),
    ]
}

fn stage(code: &str, overdue: bool) -> Html {
    let (tone, zh, en) = match code {
        "filing_review" => (Tone::Info, "立案审查中", "filing review"),
        "filed" => (Tone::Good, "已立案", "filed"),
        "not_filed" => (Tone::Neutral, "不予立案", "not filed"),
        "transferred" => (Tone::Neutral, "已移送", "transferred"),
        "administrative" => (Tone::Good, "行政立案", "administrative case"),
        "not_police" => (Tone::Neutral, "不属于公安机关职责范围", "not a police matter"),
        _ => (Tone::Neutral, "重复报案", "repeat, linked"),
    };
    let mut tags = vec![Html::from(Tag::new(tone, Text::new(zh, en)))];
    if overdue {
        tags.push(Tag::new(Tone::Danger, OVERDUE).into());
    }
    tags.into_iter().collect()
}

async fn report(
    State(register): State<Register>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(id): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadReports)?;
    let reading = register.report(staff, report_id(&id)?).await?;
    let mut body = vec![Html::from(Section::new(FACTS_HEAD, facts(&reading)))];
    if let Some(review) = reading.report.filing_review() {
        let steps = review.period.explained_zh.iter().map(|step| Html::paragraph(step.as_str()));
        body.push(Section::new(DUE_HEAD, steps.collect::<Html>()).into());
    }
    body.push(Section::new(PAPERS_HEAD, papers(&reading)).into());
    body.push(Section::new(WAY_HEAD, timeline(&reading)).into());
    let title = Text::from(reading.report.state().number.clone());
    Ok(show(Page {
        nav: nav("/reports"),
        back: Some(Link::new(REPORTS, "/reports")),
        at: Some(reading.at),
        body: body.into_iter().collect(),
        ..frame.page(title, Some(&caller))
    }))
}

fn facts(reading: &Reading) -> Facts {
    let report = &reading.report;
    let state = report.state();
    let content = &state.content;
    let officer = format!("{}（{}）", state.registered_by.name, state.registered_by.police_number);
    let mut facts = Facts::new()
        .with(STAGE, stage(state.stage.code(), report.was_overdue()))
        .with(
            CASE_NUMBER,
            report.case_number().map(|n| Html::code(&n.to_string())).unwrap_or_default(),
        )
        .with(SOURCE, content.source.zh())
        .with(NATURE, content.nature.zh())
        .with(UNIT, content.unit.name.as_str())
        .with(OFFICER, officer)
        .with(TOLD, Moment::from(content.told_at))
        .with(REGISTERED, Moment::from(state.registered_at));
    if let Some(charge) = &content.charge {
        facts = facts.with(CHARGE, charge.as_str());
    }
    facts = match report.reporter_shown() {
        Some(name) => facts.with(REPORTER, name),
        None => facts.with(REPORTER, NOBODY.plain()),
    };
    facts = facts.with(FACTS, content.facts.as_str());
    if !content.evidence.is_empty() {
        facts = facts.with(EVIDENCE, content.evidence.join("；"));
    }
    if !content.suspects.is_empty() {
        let names: Vec<&str> = content.suspects.iter().map(|p| p.name.as_str()).collect();
        facts = facts.with(SUSPECTS, names.join("、"));
    }
    if let Some(told) = &content.told {
        facts = facts.with(WHAT_WAS_TOLD, told.as_str());
    }
    if let Some(review) = report.filing_review() {
        let period = &review.period;
        let due: Html = match state.stage {
            Stage::FilingReview { .. } => {
                Due { now: reading.at, due: period.due_at, warn_at: Some(period.warn_at) }.into()
            }
            _ => Moment::from(period.due_at).into(),
        };
        facts = facts.with(DUE, due);
    }
    if let Some(decision) = report.decision() {
        let by = &decision.decided_by;
        let text = format!("{}，{}（{}）", decision.document_number, by.name, by.police_number);
        facts = facts.with(DECISION, text).with(GROUND, decision.ground.as_str());
    }
    if let Some(receiver) = report.receiver() {
        facts = facts.with(RECEIVER, receiver.zh());
    }
    if let Some(notice) = report.notice() {
        facts = of_notice(facts, notice, reading.at);
    }
    if let Some(question) = report.question() {
        let period = &question.deadline.period;
        let due = Due { now: reading.at, due: period.due_at, warn_at: Some(period.warn_at) };
        facts = match &question.answer {
            None => facts.with(EXPLANATION_DUE, due),
            Some(answer) => facts.with(EXPLAINED, answer.document_number.to_string()),
        };
    }
    for said in &reading.words {
        let text = format!("{}：{}。{}", said.unit.name, said.word.zh(), said.told);
        facts = facts.with(SAID, text);
    }
    facts.with(NUMBER, Link::new(RECEIPT, format!("/reports/{}/receipt", state.id)))
}

/// By when the notice of non-filing must be served, or when it was and what runs from it.
fn of_notice(facts: Facts, notice: &Notice, now: Timestamp) -> Facts {
    let due = |period: &Period| Due { now, due: period.due_at, warn_at: Some(period.warn_at) };
    let facts = match &notice.served {
        None => facts.with(NOTICE_DUE, due(&notice.deadline.period)),
        Some(service) => facts
            .with(NOTICE_SERVED, Moment::from(service.served_at))
            .with(RECONSIDERATION, due(&service.reconsideration.period)),
    };
    let asked = notice.served.as_ref().and_then(|service| service.asked.as_deref());
    let Some(asked) = asked else { return facts };
    match &asked.decided {
        None => facts.with(RECONSIDERATION_DUE, due(&asked.deadline.period)),
        Some(decided) => {
            let text = format!("{}，{}", decided.document_number, decided.finding.zh());
            facts.with(RECONSIDERED, text)
        }
    }
}

/// The papers issued so far, each by title and number.
fn papers(reading: &Reading) -> Facts {
    reading.documents.iter().fold(Facts::new(), |facts, entry| {
        let link = Link::new(entry.number.as_str(), format!("/documents/{}", entry.id));
        facts.with(entry.kind.zh().into(), link)
    })
}

fn timeline(reading: &Reading) -> Timeline {
    let steps = reading.history.iter().map(|past| Step {
        when: When::Done(past.at),
        what: event_text(&past.subject),
        who: Actor::label_zh(&past.actor),
        detail: Html::default(),
        proof: None,
    });
    Timeline { steps: steps.collect() }
}

async fn receipt(
    State(register): State<Register>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadReports)?;
    let receipt = register.receipt(staff, report_id(&id)?).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"receipt-{id}.txt\"")),
    ];
    Ok((headers, receipt.to_text()).into_response())
}

pub(crate) fn nav(path: &str) -> Vec<NavItem> {
    vec![NavItem::new(REPORTS, "/reports", path), NavItem::new(calls::CALLS, "/calls", path)]
}

/// An address that names no report is a page that is not there.
fn report_id(text: &str) -> Result<ReportId, Fault> {
    text.parse().map_err(|_| Fault::new(&gongxin_intake_domain::reasons::REPORT_NOT_FOUND))
}
