//! Staff page: the queue of return visits.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, show};
use gongxin_disclosure_domain::LOW_RATING;
use gongxin_eventing::Db;
use gongxin_kernel::Power;
use gongxin_pages::{Column, Due, EmptyState, Html, Page, Table, Tag, Tone};
use jiff::Timestamp;

use super::{CASE_NUMBER, DUE, NUMBER, STAGE, UNIT, VISITS, nav};
use crate::queries;
use crate::store::visits::Line;

gongxin_pages::texts! {
    QUEUE = "回访任务，先到期的在前", "Return visits, first due first";
    NONE = "还没有回访任务", "No return visit yet";
    NONE_HINT = "作出立案或者不予立案决定后，由办案单位以外的民警回访。",
        "After a decision on filing somebody from outside the handling unit asks how it went.";
    WAITS = "待回访", "to be visited";
    DONE = "已回访", "visited";
    LOOK = "已转了解核实", "look opened";
}

/// The queue, for those who may read what is disclosed.
pub(super) async fn list(
    State(db): State<Db>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadDisclosure)?;
    let (lines, now) = queries::visits(&db, staff).await?;
    let body = if lines.is_empty() {
        EmptyState { title: NONE, hint: Some(NONE_HINT), action: None }.into()
    } else {
        let columns = [NUMBER, CASE_NUMBER, UNIT, DUE, STAGE].map(Column::new);
        let rows = lines.iter().map(|line| row(line, now)).collect();
        Html::from(Table { caption: QUEUE, columns, rows })
    };
    Ok(show(Page { nav: nav("/visits"), at: Some(now), body, ..frame.page(VISITS, Some(&caller)) }))
}

fn row(line: &Line, now: Timestamp) -> [Html; 5] {
    let due = match line.rating {
        None => Due { now, due: line.due_at.0, warn_at: None }.into(),
        Some(_) => Html::default(),
    };
    [
        line.number.as_str().into(),
        line.case_number.as_deref().map(Html::code).unwrap_or_default(),
        line.unit_name.as_str().into(),
        due,
        stage(line.rating),
    ]
}

/// The rating itself is no score and stands in no list.
fn stage(rating: Option<i16>) -> Html {
    let tag = match rating {
        None => Tag::new(Tone::Info, WAITS),
        Some(rating) if rating <= i16::from(LOW_RATING) => Tag::new(Tone::Warning, LOOK),
        Some(_) => Tag::new(Tone::Good, DONE),
    };
    tag.into()
}
