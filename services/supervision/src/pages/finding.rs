//! A finding with everything that was done about it. Showing it is on record as a read.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, show};
use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Power};
use gongxin_pages::{Due, Facts, Html, Link, Moment, Page, Section, Step, Text, Timeline, When};
use gongxin_supervision_domain::reasons::FINDING_NOT_FOUND;
use gongxin_supervision_domain::{Done, Finding, FindingId};
use jiff::Timestamp;

use super::{nav, stage, texts};
use crate::grpc::convert;
use crate::{queries, words};

pub(super) async fn page(
    State(db): State<Db>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(finding): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadFindings)?;
    let id: FindingId = finding.parse().map_err(|_| Fault::new(&FINDING_NOT_FOUND))?;
    let finding = queries::finding(&db, staff, id).await?;
    let now = db.clock().now();
    Ok(show(Page {
        nav: nav("/findings"),
        back: Some(Link::new(texts::FINDINGS, "/findings")),
        at: Some(now),
        body: body(&finding, now),
        ..frame.page(texts::FINDING, Some(&caller))
    }))
}

fn body(finding: &Finding, now: Timestamp) -> Html {
    let opening = finding.opening();
    let matter = &opening.matter;
    let case = Link::new(matter.case_number.as_str(), format!("/cases/{}", matter.case));
    let mut facts = Facts::new()
        .with(texts::KIND, opening.kind.zh())
        .with(texts::STATE, stage(finding.stage().code()))
        .with(texts::CASE_NUMBER, case)
        .with(texts::UNIT, matter.unit.name.as_str())
        .with(texts::OPENED_AT, Moment::from(opening.at));
    if let Some(determination) = finding.determination() {
        facts = facts.with(texts::DETERMINATION, determination.zh());
    }
    if let Some(due) = finding.rectify_by() {
        facts = facts.with(texts::RECTIFY_BY, Due { now, due, warn_at: None });
    }
    if finding.clue_sent() {
        facts = facts.with(texts::CLUE, texts::SENT);
    }
    let opened = Step {
        when: When::Done(opening.at),
        what: gongxin_chassis::event_text("finding.opened"),
        who: words::actor_kind("system").zh.into_owned(),
        detail: Html::default(),
        proof: None,
    };
    let steps = std::iter::once(opened).chain(finding.done().iter().map(step)).collect();
    let history = Section::new(texts::HISTORY, Timeline { steps });
    [Html::from(facts), history.into()].into_iter().collect()
}

fn step(done: &Done) -> Step {
    let who = match &done.by {
        Some(officer) => {
            format!("{} {} {}", officer.unit.name, officer.name, officer.police_number)
        }
        None => words::actor_kind("period").zh.into_owned(),
    };
    let detail = done.act.text().map(|text| Html::paragraph(text.as_str())).unwrap_or_default();
    let what = Text::from(convert::what(&done.act));
    Step { when: When::Done(done.at), what, who, detail, proof: None }
}
