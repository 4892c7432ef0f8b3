//! The list of cases: nothing personal.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, PageSize, show};
use gongxin_kernel::Power;
use gongxin_pages::{
    Column, Due, EmptyState, Html, Link, Page, Pagination, Table, Tag, Text, Tone,
};
use gongxin_review_domain::CaseId;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Office, case_id, nav, texts};
use crate::queries;
use crate::store::Line;

/// Where the page begins.
#[derive(Deserialize)]
pub(super) struct After {
    after: Option<String>,
}

pub(super) async fn page(
    State(office): State<Office>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Query(After { after }): Query<After>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadCases)?;
    let from: Option<CaseId> = after.as_deref().map(case_id).transpose()?;
    let (lines, next) = queries::cases(&office.db, staff, from, PageSize::USUAL).await?;
    let count = lines.len();
    let now = office.db.clock().now();
    let body = if count == 0 && after.is_none() {
        EmptyState { title: texts::NO_CASES, hint: Some(texts::NO_CASES_HINT), action: None }.into()
    } else {
        let table = Table {
            caption: texts::CASES,
            columns: [
                Column::new(texts::CASE_NUMBER),
                Column::new(texts::UNIT),
                Column::numeric(texts::SUSPECTS),
                Column::numeric(texts::OPEN_REQUESTS),
                Column::new(texts::NEXT_DUE),
                Column::new(texts::STATE),
            ],
            rows: lines.iter().map(|line| row(line, now)).collect(),
        };
        let pagination = Pagination {
            previous: after.map(|_| "/cases".to_owned()),
            next: next.map(|case| format!("/cases?after={case}")),
            position: Text::made(format!("本页 {count} 件"), format!("{count} on this page")),
        };
        [Html::from(table), pagination.into()].into_iter().collect()
    };
    Ok(show(Page {
        nav: nav("/cases"),
        at: Some(now),
        body,
        ..frame.page(texts::CASES, Some(&caller))
    }))
}

fn row(line: &Line, now: Timestamp) -> [Html; 6] {
    let due = line.next_due_at.map(|due| {
        Html::from(Due { now, due: due.0, warn_at: line.next_warn_at.map(|warn| warn.0) })
    });
    let overdue = line.custody_overdue.then(|| Tag::new(Tone::Danger, texts::CUSTODY_OVERDUE));
    [
        Link::new(line.number.as_str(), format!("/cases/{}", line.id)).into(),
        line.unit_name.as_str().into(),
        line.suspects.to_string().into(),
        line.open_requests.to_string().into(),
        due.unwrap_or_default(),
        overdue.map(Html::from).unwrap_or_default(),
    ]
}
