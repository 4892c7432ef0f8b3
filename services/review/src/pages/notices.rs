//! The procuratorate's notices to correct a violation: the list, and one with its answer.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, PageSize, Place, show};
use gongxin_kernel::{Actor, Fault, Power};
use gongxin_pages::{
    Alert, Column, Due, EmptyState, Facts, Html, Link, Moment, Page, Pagination, Section, Table,
    Tag, Text, Timeline, Tone,
};
use gongxin_review_domain::reasons::VIOLATION_NOTICE_NOT_FOUND;
use gongxin_review_domain::{Incoming, ItemAnswer, NoticeItem, NoticeStage, ViolationNotice};
use jiff::Timestamp;
use serde::Deserialize;

use super::case::{officer, step};
use super::{Office, nav, texts};
use crate::queries::correspondence as queries;

/// Where the page begins.
#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    pub(super) after: String,
}

pub(super) async fn list(
    State(office): State<Office>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Query(After { after }): Query<After>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadCases)?;
    let from = Place::of_token(&after)?;
    let (notices, next) = queries::notices(&office.db, staff, from, PageSize::USUAL).await?;
    let (count, now) = (notices.len(), office.db.clock().now());
    let body = if count == 0 && after.is_empty() {
        EmptyState { title: texts::NO_NOTICES, hint: None, action: None }.into()
    } else {
        let table = Table {
            caption: texts::NOTICES,
            columns: [
                Column::new(texts::NOTICE_NUMBER),
                Column::new(texts::CASE_NUMBER),
                Column::new(texts::UNIT_CONCERNED),
                Column::new(texts::DUE),
                Column::new(texts::STATE),
            ],
            rows: notices.iter().map(|notice| row(notice, now)).collect(),
        };
        let pagination = Pagination {
            previous: (!after.is_empty()).then(|| "/notices".to_owned()),
            next: next.map(|place| format!("/notices?after={}", place.token())),
            position: Text::made(format!("本页 {count} 件"), format!("{count} on this page")),
        };
        [Html::from(table), pagination.into()].into_iter().collect()
    };
    Ok(show(Page {
        nav: nav("/notices"),
        at: Some(now),
        body,
        ..frame.page(texts::NOTICES, Some(&caller))
    }))
}

fn row(notice: &ViolationNotice, now: Timestamp) -> [Html; 5] {
    let came = &notice.incoming;
    [
        Link::new(came.number.as_str(), format!("/notices/{}", came.id)).into(),
        Html::code(&came.case_number),
        came.unit.name.as_str().into(),
        due(notice, now),
        state(notice).into(),
    ]
}

/// The time that is left; nothing once it is answered.
fn due(notice: &ViolationNotice, now: Timestamp) -> Html {
    if notice.given().is_some() {
        return Moment::from(notice.incoming.answer_due_at).into();
    }
    Due { now, due: notice.incoming.answer_due_at, warn_at: Some(notice.warn_at) }.into()
}

fn state(notice: &ViolationNotice) -> Tag {
    match &notice.stage {
        NoticeStage::Open if notice.overdue => Tag::new(Tone::Danger, texts::ANSWER_OVERDUE),
        NoticeStage::Open => Tag::new(Tone::Warning, texts::NOTICE_OPEN),
        NoticeStage::Answered(_) => Tag::new(Tone::Info, texts::NOTICE_ANSWERED),
        NoticeStage::Delivered(..) => Tag::new(Tone::Good, texts::ANSWER_DELIVERED),
    }
}

pub(super) async fn page(
    State(office): State<Office>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(notice): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadCases)?;
    let id = notice.parse().map_err(|_| Fault::new(&VIOLATION_NOTICE_NOT_FOUND))?;
    let view = queries::notice(&office.db, staff, id).await?;
    let now = office.db.clock().now();
    let steps = view.history.iter().map(step).collect();
    let body = [
        alarm(&view.notice),
        facts(&view.notice, now).into(),
        items(&view.notice),
        Section::new(texts::HISTORY, Timeline { steps }).into(),
    ];
    Ok(show(Page {
        nav: nav("/notices"),
        back: Some(Link::new(texts::NOTICES, "/notices")),
        at: Some(now),
        body: body.into_iter().collect(),
        ..frame.page(texts::NOTICE, Some(&caller))
    }))
}

/// The alarm while the answer is overdue.
fn alarm(notice: &ViolationNotice) -> Html {
    if notice.stage != NoticeStage::Open || !notice.overdue {
        return Html::default();
    }
    let body = Html::paragraph(texts::ANSWER_AT_ONCE);
    Alert { tone: Tone::Danger, title: texts::ANSWER_OVERDUE, body }.into()
}

fn facts(notice: &ViolationNotice, now: Timestamp) -> Facts {
    let came = &notice.incoming;
    let number = match came.case {
        Some(id) => Link::new(came.case_number.as_str(), format!("/cases/{id}")).into(),
        None => Html::code(&came.case_number),
    };
    let mut facts = Facts::new()
        .with(texts::NOTICE_NUMBER, came.number.as_str())
        .with(texts::SENDER, sender(came))
        .with(texts::CASE_NUMBER, number)
        .with(texts::UNIT_CONCERNED, came.unit.name.as_str())
        .with(texts::NOTICE_RECEIVED_AT, Moment::from(notice.received_at))
        .with(texts::DUE, due(notice, now))
        .with(texts::STATE, state(notice));
    if let Some(given) = notice.given() {
        facts = facts
            .with(texts::ANSWER_NUMBER, given.response.document_number.as_str())
            .with(texts::ANSWERED_BY, officer(&given.response.officer))
            .with(texts::ANSWERED_AT, Moment::from(given.answered_at));
        if given.late {
            facts = facts.with(texts::IN_TIME, Tag::new(Tone::Danger, texts::LATE));
        }
    }
    match notice.signed_for() {
        None => facts,
        Some(signed) => facts.with(texts::RECEIVED_AT, Moment::from(signed.received_at)),
    }
}

fn sender(came: &Incoming) -> String {
    Actor::label_zh(&Actor::Organ(came.sender.clone()).label())
}

fn items(notice: &ViolationNotice) -> Html {
    let given = notice.given().map(|given| given.response.items.as_slice()).unwrap_or_default();
    let answers = given.iter().map(Some).chain(std::iter::repeat(None));
    notice.incoming.items.iter().zip(answers).map(item).collect()
}

fn item((item, answer): (&NoticeItem, Option<&ItemAnswer>)) -> Html {
    let facts = Facts::new()
        .with(texts::BASIS, item.basis.as_str())
        .with(texts::DEMAND, item.demand.as_str());
    let facts = match answer {
        None => facts,
        Some(answer) => {
            facts.with(texts::ANSWER, format!("{}：{}", answer.result.zh(), answer.text))
        }
    };
    Section::new(item.fact.as_str().into(), facts).into()
}
