//! A case with its suspects, requests, exits and history. Showing it is on record as a read.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use gongxin_chassis::{Caller, Frame, PageFault, show};
use gongxin_eventing::Past;
use gongxin_kernel::{Actor, Fault, Power};
use gongxin_pages::{
    Alert, Due, Facts, Html, Link, Moment, Page, Section, Step, Tag, Text, Timeline, Tone, When,
};
use gongxin_review_domain::reasons::EXIT_NOT_FOUND;
use gongxin_review_domain::{
    CaseFile, Correction, Exit, ExitId, ExitStage, Investigation, Officer, Period, Request,
    RequestStage, Signed, Stage, Suspect,
};
use jiff::Timestamp;

use super::{Office, case_id, deliberation, nav, texts};
use crate::queries::{self, CaseView};
use crate::words;

pub(super) async fn page(
    State(office): State<Office>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(case): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadCases)?;
    let view = queries::case(&office.db, staff, case_id(&case)?).await?;
    let now = office.db.clock().now();
    Ok(show(Page {
        nav: nav("/cases"),
        back: Some(Link::new(texts::CASES, "/cases")),
        at: Some(now),
        body: body(&view, now),
        ..frame.page(texts::CASE, Some(&caller))
    }))
}

/// The receipt of an exit, as the file that `gongxin-verify` reads.
pub(super) async fn receipt(
    State(office): State<Office>,
    Extension(caller): Extension<Caller>,
    Path((case, exit)): Path<(String, String)>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadCases)?;
    let id: ExitId = exit.parse().map_err(|_| Fault::new(&EXIT_NOT_FOUND))?;
    let text = queries::exit_receipt(&office.db, &office.log, staff, case_id(&case)?, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"receipt-{id}.txt\"")),
    ];
    Ok((headers, text).into_response())
}

fn body(view: &CaseView, now: Timestamp) -> Html {
    let case = &view.case;
    let facts = Facts::new()
        .with(texts::CASE_NUMBER, Html::code(case.number()))
        .with(texts::CHARGE, case.charge())
        .with(texts::UNIT, case.unit().name.as_str());
    let facts = investigation(facts, case.investigation());
    let suspects: Html = case.suspects().iter().map(|each| suspect(each, now)).collect();
    let requests: Html = case.requests().iter().map(|each| request(case, each, now)).collect();
    let requests = if requests.is_empty() { Html::paragraph(texts::NO_REQUESTS) } else { requests };
    let exits: Html = case.exits().iter().map(|each| exit(case, each, now)).collect();
    let steps = view.history.iter().map(step).collect();
    let mut parts = vec![
        alarm(case),
        facts.into(),
        Section::new(texts::SUSPECTS, suspects).into(),
        Section::new(texts::REQUESTS, requests).into(),
    ];
    parts.extend(deliberation::section(case.id(), &view.deliberations));
    if !exits.is_empty() {
        parts.push(Section::new(texts::EXITS, exits).into());
    }
    parts.push(Section::new(texts::HISTORY, Timeline { steps }).into());
    parts.into_iter().collect()
}

/// The papers that conclude the investigation, with who signed them and when.
fn investigation(facts: Facts, investigation: &Investigation) -> Facts {
    let text = |paper: &Signed| format!("{}（{}）", paper.document_number, officer(&paper.officer));
    match investigation {
        Investigation::Open => facts,
        Investigation::Examined(record) => facts.with(texts::EXAMINATION, text(record)),
        Investigation::Concluded { examination, report } => {
            facts.with(texts::EXAMINATION, text(examination)).with(texts::CONCLUSION, text(report))
        }
    }
}

/// The strongest alarm, when somebody's custody has ended without a decision.
fn alarm(case: &CaseFile) -> Html {
    let mut overdue = case.suspects().iter().filter(|suspect| is_overdue(suspect)).peekable();
    if overdue.peek().is_none() {
        return Html::default();
    }
    let names: Vec<&str> = overdue.map(|suspect| suspect.name.as_str()).collect();
    let body = Html::paragraph(names.join("、"));
    Alert { tone: Tone::Danger, title: texts::CUSTODY_OVERDUE, body }.into()
}

fn is_overdue(suspect: &Suspect) -> bool {
    suspect.stage.custody().is_some_and(|custody| custody.overdue)
}

fn suspect(suspect: &Suspect, now: Timestamp) -> Html {
    let tone = match &suspect.stage {
        _ if is_overdue(suspect) => Tone::Danger,
        Stage::ReleaseDue(_) | Stage::ArrestApproved(_) => Tone::Warning,
        Stage::Free | Stage::Released(_) | Stage::NotProsecuted(_) => Tone::Neutral,
        _ => Tone::Info,
    };
    let tag = Tag::new(tone, words::suspect_stage(suspect.stage.code()));
    let act = match &suspect.stage {
        Stage::Bail(bail) => Some((bail.since, &bail.document_number)),
        Stage::Released(release) => Some((release.served_at, &release.document_number)),
        Stage::Prosecuted(paper) | Stage::NotProsecuted(paper) | Stage::Judged(_, paper) => {
            Some((paper.received_at, &paper.document_number))
        }
        held => held.custody().map(|custody| (custody.since, &custody.document_number)),
    };
    let mut facts = Facts::new().with(texts::MEASURE, tag);
    if let Some((since, number)) = act {
        facts = facts.with(texts::SINCE, Moment::from(since)).with(texts::PAPER, number.as_str());
    }
    if let Some(clock) = suspect.stage.clock() {
        facts = period(facts, clock, now);
    }
    Section::new(suspect.name.as_str().into(), facts).into()
}

/// When a period ends and how that was found.
fn period(facts: Facts, period: &Period, now: Timestamp) -> Facts {
    let due = Due { now, due: period.due_at, warn_at: Some(period.warn_at) };
    let steps: Html =
        period.explained_zh.iter().map(|line| Html::paragraph(line.as_str())).collect();
    let facts = facts.with(texts::DUE, due).with(texts::HOW_COMPUTED, steps);
    if period.assumed {
        facts.with(texts::STATE, Tag::new(Tone::Warning, texts::ASSUMED))
    } else {
        facts
    }
}

fn request(case: &CaseFile, request: &Request, now: Timestamp) -> Html {
    let name = case.suspect(request.suspect).map_or("", |suspect| suspect.name.as_str());
    let parts: Vec<&str> = request.parts.iter().map(|part| part.zh()).collect();
    let mut facts = Facts::new()
        .with(texts::STATE, Tag::new(Tone::Info, words::request_stage(request.stage.code())))
        .with(texts::GROUND, request.ground.as_str())
        .with(texts::PARTS, parts.join("、"))
        .with(texts::SUBMITTED_BY, officer(&request.submitted_by));
    if !request.findings.is_empty() {
        facts = facts.with(texts::FINDINGS, lines(&request.findings));
    }
    for answered in &request.answered {
        facts =
            correction(facts, &answered.correction).with(texts::ANSWERS, lines(&answered.answers));
    }
    if let RequestStage::Returned(open) = &request.stage {
        facts = period(correction(facts, open), &open.clock, now);
    }
    if let RequestStage::Reviewed(review) | RequestStage::Decided(review, _) = &request.stage {
        let text =
            format!("{}：{}（{}）", review.opinion.zh(), review.text, officer(&review.reviewer));
        facts = facts.with(texts::OPINION, text);
    }
    if let RequestStage::Decided(_, decision) = &request.stage {
        let stage = words::request_stage(request.stage.code());
        let text = format!("{}（{}）", stage.zh, officer(&decision.approver));
        facts = facts.with(texts::DECISION, text);
        if !decision.reasons.is_empty() {
            facts = facts.with(texts::REASONS, decision.reasons.as_str());
        }
    }
    Section::new(Text::from(format!("{} · {name}", request.item.zh())), facts).into()
}

fn correction(facts: Facts, correction: &Correction) -> Facts {
    facts
        .with(texts::RETURNED_BY, officer(&correction.reviewer))
        .with(texts::DEFECTS, lines(&correction.defects))
}

fn lines(texts: &[String]) -> Html {
    texts.iter().map(|text| Html::paragraph(text.as_str())).collect()
}

pub(super) fn officer(officer: &Officer) -> String {
    format!("{} {} {}", officer.unit.name, officer.name, officer.police_number)
}

fn exit(case: &CaseFile, exit: &Exit, now: Timestamp) -> Html {
    let receipt = format!("/cases/{}/exits/{}/receipt", case.id(), exit.id);
    let mut facts = Facts::new()
        .with(texts::STATE, Tag::new(Tone::Info, words::exit_stage(exit.stage.code())))
        .with(texts::RECEIPT, Link::new(texts::RECEIPT, receipt));
    if let ExitStage::Delivered(delivery) | ExitStage::Answered(delivery, _) = &exit.stage {
        facts = facts
            .with(texts::RECEIVER, organ(&delivery.receiver))
            .with(texts::RECEIVED_AT, Moment::from(delivery.received_at));
    }
    if let ExitStage::Delivered(delivery) = &exit.stage {
        facts = period(facts, &delivery.decision, now);
    }
    if let ExitStage::Answered(_, answer) = &exit.stage {
        facts = facts.with(texts::ANSWER, format!("{} {}", answer.outcome.zh(), answer.number));
    }
    if let Some(back) = exit.stage.returned() {
        facts = facts.with(texts::TASKS, lines(&back.tasks));
        let suspect = case.request(exit.request).map(|request| request.suspect);
        let open = suspect.ok().and_then(|suspect| case.open_return(suspect));
        if open.is_some_and(|open| open.id == exit.id) {
            facts = period(facts, &back.clock, now);
        }
    }
    Section::new(exit.document_number.as_str().into(), facts).into()
}

/// An organ by its name, e.g. 检察院 619921.
fn organ(id: &str) -> String {
    Actor::label_zh(&Actor::Organ(id.to_owned()).label())
}

pub(super) fn step(past: &Past) -> Step {
    Step {
        when: When::Done(past.at),
        what: gongxin_chassis::event_text(&past.subject),
        who: Actor::label_zh(&past.actor),
        detail: Html::default(),
        proof: None,
    }
}
