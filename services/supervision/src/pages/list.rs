//! The queue of findings, newest first.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, PageSize, reasons::ID_INVALID, show};
use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Power};
use gongxin_pages::{Column, Due, EmptyState, Html, Link, Moment, Page, Pagination, Table, Text};
use jiff::Timestamp;
use serde::Deserialize;

use super::{kind, nav, stage, texts};
use crate::queries;
use crate::store::findings::Line;

/// Where the page begins.
#[derive(Deserialize)]
pub(super) struct After {
    after: Option<String>,
}

pub(super) async fn page(
    State(db): State<Db>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Query(After { after }): Query<After>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadFindings)?;
    let from = after.as_deref().map(str::parse).transpose();
    let from = from.map_err(|_| Fault::field(&ID_INVALID, "after", "必须是 UUID"))?;
    let (lines, next) = queries::findings(&db, staff, false, from, PageSize::USUAL).await?;
    let now = db.clock().now();
    let body = if lines.is_empty() && after.is_none() {
        let hint = Some(texts::NO_FINDINGS_HINT);
        EmptyState { title: texts::NO_FINDINGS, hint, action: None }.into()
    } else {
        let count = lines.len();
        let pagination = Pagination {
            previous: after.map(|_| "/findings".to_owned()),
            next: next.map(|finding| format!("/findings?after={finding}")),
            position: Text::made(format!("本页 {count} 件"), format!("{count} on this page")),
        };
        [Html::from(table(&lines, now)), pagination.into()].into_iter().collect()
    };
    let page = frame.page(texts::FINDINGS, Some(&caller));
    Ok(show(Page { nav: nav("/findings"), at: Some(now), body, ..page }))
}

/// Findings as a table, here and on the page of their case.
pub(super) fn table(lines: &[Line], now: Timestamp) -> Table<6> {
    Table {
        caption: texts::FINDINGS,
        columns: [
            Column::new(texts::KIND),
            Column::new(texts::CASE_NUMBER),
            Column::new(texts::UNIT),
            Column::new(texts::OPENED_AT),
            Column::new(texts::RECTIFY_BY),
            Column::new(texts::STATE),
        ],
        rows: lines.iter().map(|line| row(line, now)).collect(),
    }
}

fn row(line: &Line, now: Timestamp) -> [Html; 6] {
    let due = line.rectify_by.map(|due| Html::from(Due { now, due: due.0, warn_at: None }));
    [
        Link::new(kind(&line.kind), format!("/findings/{}", line.id)).into(),
        Link::new(line.case_number.as_str(), format!("/cases/{}", line.case_id)).into(),
        line.unit_name.as_str().into(),
        Moment::from(line.opened_at.0).into(),
        due.unwrap_or_default(),
        stage(&line.stage),
    ]
}
