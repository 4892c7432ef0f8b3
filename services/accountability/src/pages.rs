//! Staff pages: the clues, and one clue.

use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use gongxin_accountability_domain::reasons::CLUE_NOT_FOUND;
use gongxin_accountability_domain::{ClueId, Concerned, Outcome, Stage};
use gongxin_chassis::{Caller, Frame, PageFault, PageSize, Place, event_text, show};
use gongxin_eventing::Entry;
use gongxin_kernel::{Actor, Fault, Power};
use gongxin_pages::{
    Column, Due, EmptyState, Facts, Html, Link, Moment, NavItem, Page, Pagination, Section, Step,
    Table, Tag, Text, Timeline, Tone, When,
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::queries::{Clues, Reading, actor_shown};
use crate::store::Line;

gongxin_pages::texts! {
    CLUES = "追责线索", "Clues";
    LIST = "线索，最新在前", "Clues, newest first";
    NONE = "还没有线索", "No clue yet";
    NONE_HINT = "各渠道登记的线索会出现在这里。", "Clues of every channel appear here once opened.";
    NUMBER = "线索编号", "Clue";
    CASE_NUMBER = "案件编号", "Case number";
    UNIT = "涉及单位", "Unit";
    OPENED = "登记时间", "Opened";
    STAGE = "环节", "Stage";
    SOURCE = "来源", "Source";
    CONDUCT = "类别", "Class";
    FACTS = "线索内容", "Facts";
    DUE = "核查期限", "Verification due";
    DETERMINED_BY = "认定部门", "Determined by";
    LEGAL = "涉及法制部门，由纪检认定", "Concerns the legal department: determined by discipline inspection";
    FACTS_HEAD = "基本情况", "Facts";
    PERSONS_HEAD = "当事民警", "Officers concerned";
    APART = "当事民警仅对本线索经办人员显示。", "Officers concerned are shown to the hands of this clue alone.";
    GROUND = "列明理由", "Ground";
    STATEMENT = "本人陈述", "Statement";
    OUTCOME = "决定", "Outcome";
    DOCUMENT = "决定文书", "Decision";
    WAY_HEAD = "办理过程", "What happened";
    FIRST_PAGE = "第一页", "First page";
    FURTHER_PAGE = "续页", "Further page";
}

pub(crate) fn routes(clues: Clues) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/clues")))
        .route("/clues", get(list))
        .route("/clues/{id}", get(clue))
        .with_state(clues)
}

#[derive(Deserialize)]
struct Turn {
    #[serde(default)]
    after: String,
}

async fn list(
    State(clues): State<Clues>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Query(turn): Query<Turn>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadClues)?;
    let after = Place::of_token(&turn.after)?;
    let page = clues.list(staff, after, PageSize::USUAL).await?;
    let body = if page.clues.is_empty() && after.is_none() {
        EmptyState { title: NONE, hint: Some(NONE_HINT), action: None }.into()
    } else {
        let columns = [
            Column::new(NUMBER),
            Column::new(CASE_NUMBER),
            Column::new(UNIT),
            Column::new(OPENED),
            Column::new(STAGE),
        ];
        let rows = page.clues.iter().map(|line| row(line, page.at)).collect();
        let table = Table { caption: LIST, columns, rows };
        let position = if after.is_some() { FURTHER_PAGE } else { FIRST_PAGE };
        let next = page.next.map(|place| format!("/clues?after={}", place.token()));
        let previous = after.map(|_| "/clues".to_owned());
        Html::from_iter([Html::from(table), Pagination { previous, next, position }.into()])
    };
    let at = Some(page.at);
    Ok(show(Page { nav: nav(), at, body, ..frame.page(CLUES, Some(&caller)) }))
}

fn row(line: &Line, now: Timestamp) -> [Html; 5] {
    let due = line.due_at.map(|due| Due { now, due: due.0, warn_at: None }.into());
    [
        Link::new(line.number.clone(), format!("/clues/{}", line.id)).into(),
        line.case_number.as_deref().map(Html::code).unwrap_or_default(),
        line.unit_name.as_str().into(),
        Moment::from(line.opened_at.0).into(),
        [Stage::of_code(&line.stage).map(stage).unwrap_or_default(), due.unwrap_or_default()]
            .into_iter()
            .collect(),
    ]
}

fn stage(stage: Stage) -> Html {
    let (tone, en) = match stage {
        Stage::Verification => (Tone::Info, "to be verified"),
        Stage::Hearing => (Tone::Info, "hearing"),
        Stage::Determination => (Tone::Info, "to be determined"),
        Stage::Decision => (Tone::Info, "to be decided"),
        Stage::Remedies => (Tone::Info, "notice and appeal"),
        Stage::Closed => (Tone::Neutral, "closed"),
    };
    Tag::new(tone, Text::new(stage.zh(), en)).into()
}

async fn clue(
    State(clues): State<Clues>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(id): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadClues)?;
    let id: ClueId = id.parse().map_err(|_| Fault::new(&CLUE_NOT_FOUND))?;
    let reading = clues.clue(staff, id).await?;
    let persons = if reading.shows_persons {
        reading.clue.concerned().iter().map(|of| person(of, &reading.documents)).collect()
    } else {
        Html::paragraph(APART)
    };
    let body = [
        Html::from(Section::new(FACTS_HEAD, facts(&reading))),
        Section::new(PERSONS_HEAD, persons).into(),
        Section::new(WAY_HEAD, timeline(&reading)).into(),
    ];
    Ok(show(Page {
        nav: nav(),
        back: Some(Link::new(CLUES, "/clues")),
        at: Some(reading.at),
        body: body.into_iter().collect(),
        ..frame.page(Text::from(reading.clue.opening().number.clone()), Some(&caller))
    }))
}

fn facts(reading: &Reading) -> Facts {
    let opening = reading.clue.opening();
    let content = &opening.content;
    let mut facts = Facts::new()
        .with(STAGE, stage(reading.clue.stage()))
        .with(SOURCE, content.source.zh())
        .with(CONDUCT, content.conduct.zh())
        .with(UNIT, content.unit.name.as_str())
        .with(OPENED, Moment::from(opening.at))
        .with(FACTS, content.facts.as_str());
    if let Some(number) = &content.case_number {
        facts = facts.with(CASE_NUMBER, Html::code(&number.to_string()));
    }
    if reading.clue.stage() == Stage::Verification {
        let period = &opening.verification;
        let (due, warn_at) = (period.due_at, Some(period.warn_at));
        facts = facts.with(DUE, Due { now: reading.at, due, warn_at });
    }
    if reading.clue.concerns_legal() {
        facts = facts.with(DETERMINED_BY, LEGAL.plain());
    }
    facts
}

fn person(person: &Concerned<'_>, documents: &[Entry]) -> Html {
    let officer = person.officer;
    let name = format!("{}（{}，{}）", officer.name, officer.police_number, officer.unit.name);
    let mut facts = Facts::new().with(PERSONS_HEAD, name).with(GROUND, person.ground);
    if let Some(statement) = person.statement {
        facts = facts.with(STATEMENT, statement);
    }
    match person.outcome {
        Some(Outcome::Liable { liability, clause, reason }) => {
            facts = facts.with(OUTCOME, format!("{}（{}）：{reason}", liability.zh(), clause.id));
        }
        Some(Outcome::NoFault { ground, reason }) => {
            facts = facts.with(OUTCOME, format!("不予追究（{}）：{reason}", ground.zh()));
        }
        None => {}
    }
    if let Some(number) = person.document_number {
        let issued = documents.iter().find(|entry| entry.number == number);
        let link = issued.map(|entry| Link::new(number, format!("/documents/{}", entry.id)));
        facts = facts.with(DOCUMENT, link.map_or_else(|| number.into(), Html::from));
    }
    facts.into()
}

fn timeline(reading: &Reading) -> Timeline {
    let steps = reading.history.iter().map(|past| Step {
        when: When::Done(past.at),
        what: event_text(&past.subject),
        who: Actor::label_zh(actor_shown(past, reading.shows_persons)),
        detail: Html::default(),
        proof: None,
    });
    Timeline { steps: steps.collect() }
}

pub(crate) fn nav() -> Vec<NavItem> {
    vec![NavItem::new(CLUES, "/clues", "/clues")]
}
