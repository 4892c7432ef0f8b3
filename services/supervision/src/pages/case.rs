//! The whole way of a case through the bureau. Showing it is on record as a read.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, show};
use gongxin_kernel::{Fault, Power};
use gongxin_pages::{
    Column, Facts, Html, Link, Moment, Page, Section, Step, Table, Timeline, When,
};
use gongxin_supervision_domain::reasons::TIMELINE_NOT_FOUND;
use gongxin_supervision_domain::{CaseId, Recording};

use super::{Source, list, nav, texts};
use crate::queries::{self, CaseView};
use crate::store::timeline::Entry;
use crate::words;

pub(super) async fn page(
    State(Source { db, traces }): State<Source>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(case): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadCases)?;
    let case: CaseId = case.parse().map_err(|_| Fault::new(&TIMELINE_NOT_FOUND))?;
    let view = queries::case(&db, staff, case).await?;
    let now = db.clock().now();
    let findings = Html::from(list::table(&view.findings, now));
    let findings =
        if view.findings.is_empty() { Html::paragraph(texts::NO_FINDINGS) } else { findings };
    Ok(show(Page {
        nav: nav("/cases"),
        back: Some(Link::new(texts::FINDINGS, "/findings")),
        at: Some(now),
        body: body(&view, findings, traces.as_deref()),
        ..frame.page(texts::CASE, Some(&caller))
    }))
}

fn body(view: &CaseView, findings: Html, traces: Option<&str>) -> Html {
    let facts = Facts::new()
        .with(texts::CASE_NUMBER, Html::code(&view.head.number))
        .with(texts::UNIT, view.head.unit.name.as_str());
    let steps = view.entries.iter().map(|entry| step(entry, traces)).collect();
    [
        Html::from(facts),
        Section::new(texts::TIMELINE, Timeline { steps }).into(),
        Section::new(texts::FINDINGS, findings).into(),
        Section::new(texts::RECORDINGS, recordings(&view.recordings)).into(),
    ]
    .into_iter()
    .collect()
}

fn step(entry: &Entry, traces: Option<&str>) -> Step {
    let trace = traces.zip(entry.trace_id.as_deref());
    let trace = trace.map(|(viewer, id)| Link::new(texts::TRACE, format!("{viewer}/trace/{id}")));
    let actor = match &entry.police_number {
        Some(number) => format!("民警 {number}"),
        None => words::actor_kind(&entry.actor_kind).zh.into_owned(),
    };
    let who = match &entry.unit_name {
        Some(unit) => format!("{unit} {actor}"),
        None => actor,
    };
    Step {
        when: When::Done(entry.at.0),
        what: gongxin_chassis::event_text(&entry.subject),
        who,
        detail: trace.map(Html::from).unwrap_or_default(),
        proof: None,
    }
}

fn recordings(recordings: &[Recording]) -> Html {
    if recordings.is_empty() {
        return Html::paragraph(texts::NO_RECORDINGS);
    }
    let row = |recording: &Recording| {
        let content = &recording.content;
        [
            content.device.zh().into(),
            content.stage.zh().into(),
            content.police_number.as_str().into(),
            Moment::from(content.began_at).into(),
            Moment::from(recording.registered_at).into(),
        ]
    };
    Table {
        caption: texts::RECORDINGS,
        columns: [
            Column::new(texts::DEVICE),
            Column::new(texts::RECORDED_STAGE),
            Column::new(texts::RECORDED_BY),
            Column::new(texts::BEGAN_AT),
            Column::new(texts::REGISTERED_AT),
        ],
        rows: recordings.iter().map(row).collect(),
    }
    .into()
}
