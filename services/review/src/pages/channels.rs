//! The channels that the law leaves open, each with its ground, and what was sent by them.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, PageSize, Place, show};
use gongxin_kernel::Power;
use gongxin_pages::{Column, Html, Moment, Page, Pagination, Section, Table, Tag, Text, Tone};
use gongxin_review_domain::Channel;

use super::notices::After;
use super::{Office, nav, texts};
use crate::queries::correspondence as queries;
use crate::store::open_sendings::Sent;

pub(super) async fn page(
    State(office): State<Office>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Query(After { after }): Query<After>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadCases)?;
    let from = Place::of_token(&after)?;
    let (sendings, next) = queries::sendings(&office.db, staff, from, PageSize::USUAL).await?;
    let now = office.db.clock().now();
    let body = [Html::from(list()), sent(&sendings, &after, next)];
    let body = body.into_iter().collect();
    Ok(show(Page {
        nav: nav("/channels"),
        at: Some(now),
        body,
        ..frame.page(texts::CHANNELS, Some(&caller))
    }))
}

fn list() -> Table<3> {
    let row = |channel: &Channel| {
        let from_here = Tag::new(Tone::Info, texts::FROM_HERE);
        let from_here = channel.by_exchange().then(|| Html::from(from_here));
        [channel.zh().into(), channel.ground().into(), from_here.unwrap_or_default()]
    };
    Table {
        caption: texts::CHANNELS,
        columns: [
            Column::new(texts::CHANNEL),
            Column::new(texts::LEGAL_GROUND),
            Column::new(texts::STATE),
        ],
        rows: Channel::ALL.iter().map(row).collect(),
    }
}

fn sent(sendings: &[Sent], after: &str, next: Option<Place>) -> Html {
    let count = sendings.len();
    if count == 0 && after.is_empty() {
        return Section::new(texts::SENDINGS, Html::paragraph(texts::NO_SENDINGS)).into();
    }
    let table = Table {
        caption: texts::SENDINGS,
        columns: [
            Column::new(texts::PAPER),
            Column::new(texts::CHANNEL),
            Column::new(texts::SENT_BY),
            Column::new(texts::CASE_NUMBER),
            Column::new(texts::SENT_AT),
            Column::new(texts::RECEIVED_AT),
        ],
        rows: sendings.iter().map(row).collect(),
    };
    let pagination = Pagination {
        previous: (!after.is_empty()).then(|| "/channels".to_owned()),
        next: next.map(|place| format!("/channels?after={}", place.token())),
        position: Text::made(format!("本页 {count} 件"), format!("{count} on this page")),
    };
    let body: Html = [Html::from(table), pagination.into()].into_iter().collect();
    Section::new(texts::SENDINGS, body).into()
}

fn row(sent: &Sent) -> [Html; 6] {
    let paper = &sent.sending.paper;
    let received = sent.sending.signed_for.as_ref();
    [
        paper.document_number.as_str().into(),
        paper.channel.zh().into(),
        paper.officer.unit.name.as_str().into(),
        Html::code(&sent.case_number),
        Moment::from(sent.sending.sent_at).into(),
        received.map(|signed| Moment::from(signed.received_at).into()).unwrap_or_default(),
    ]
}
