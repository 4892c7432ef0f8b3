//! Staff pages of publications: the queue, and one text with its decision.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, show};
use gongxin_disclosure_domain::reasons::PUBLICATION_NOT_FOUND;
use gongxin_disclosure_domain::{DocumentKind, Officer, Publication, PublicationStage};
use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Power};
use gongxin_pages::{
    Column, EmptyState, Facts, Html, Link, Moment, Page, Section, Table, Tag, Text, Tone,
};

use super::{CASE_NUMBER, PUBLICATIONS, STAGE, nav};
use crate::queries;
use crate::store::publications::Line;

gongxin_pages::texts! {
    QUEUE = "提请公开的文本，待审核的在前", "Texts proposed, those to be reviewed first";
    NONE = "还没有提请公开的文本", "Nothing proposed yet";
    NONE_HINT = "治安管理处罚决定和刑事侦查文书依法不公开，提请时即被拒绝。",
        "Penalty decisions in public-security cases and papers of investigations are refused at once.";
    KIND = "种类", "Kind";
    PROPOSED = "提请时间", "Proposed";
    WAITS = "待审核", "to be reviewed";
    APPROVED = "已公开", "published";
    REFUSED = "不予公开", "refused";
    PROPOSED_BY = "提请民警", "Proposed by";
    REVIEWED_BY = "审核民警", "Reviewed by";
    REASONS = "理由", "Reasons";
    TEXT = "文本", "Text";
}

/// The queue, for those who may read what is disclosed.
pub(super) async fn list(
    State(db): State<Db>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadDisclosure)?;
    let (lines, now) = queries::publications(&db, staff).await?;
    let body = if lines.is_empty() {
        EmptyState { title: NONE, hint: Some(NONE_HINT), action: None }.into()
    } else {
        let columns = [KIND, CASE_NUMBER, PROPOSED, STAGE].map(Column::new);
        let rows = lines.iter().map(row).collect();
        Html::from(Table { caption: QUEUE, columns, rows })
    };
    let page = frame.page(PUBLICATIONS, Some(&caller));
    Ok(show(Page { nav: nav("/publications"), at: Some(now), body, ..page }))
}

fn row(line: &Line) -> [Html; 4] {
    let kind = DocumentKind::of_code(&line.kind).map_or("", DocumentKind::zh);
    [
        Link::new(kind, format!("/publications/{}", line.id)).into(),
        line.case_number.as_deref().map(Html::code).unwrap_or_default(),
        Moment::from(line.proposed_at.0).into(),
        stage(&line.stage),
    ]
}

fn stage(code: &str) -> Html {
    let (tone, text) = match code {
        "approved" => (Tone::Good, APPROVED),
        "refused" => (Tone::Neutral, REFUSED),
        _ => (Tone::Info, WAITS),
    };
    Tag::new(tone, text).into()
}

/// One publication; that it is read is on record.
pub(super) async fn publication(
    State(db): State<Db>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(id): Path<String>,
) -> Result<Response, PageFault> {
    let staff = caller.officer(Power::ReadDisclosure)?;
    let id = id.parse().map_err(|_| Fault::new(&PUBLICATION_NOT_FOUND))?;
    let found = queries::publication(&db, staff, id).await?;
    let title = Text::from(found.kind.zh());
    let back = Some(Link::new(PUBLICATIONS, "/publications"));
    let (body, at) = (whole(&found), Some(db.clock().now()));
    let page = frame.page(title, Some(&caller));
    Ok(show(Page { nav: nav("/publications"), back, at, body, ..page }))
}

fn whole(found: &Publication) -> Html {
    let named = |by: &Officer| Html::from(format!("{} {}", by.name, by.police_number).as_str());
    let case_number = found.matter.case_number.as_deref().map(Html::code).unwrap_or_default();
    let facts = Facts::new().with(CASE_NUMBER, case_number);
    let proposed = named(&found.proposed_by);
    let facts = match &found.stage {
        PublicationStage::Proposed => {
            facts.with(STAGE, stage("proposed")).with(PROPOSED_BY, proposed)
        }
        PublicationStage::Approved { by } => facts
            .with(STAGE, stage("approved"))
            .with(PROPOSED_BY, proposed)
            .with(REVIEWED_BY, named(by)),
        PublicationStage::Refused { by, reasons } => facts
            .with(STAGE, stage("refused"))
            .with(PROPOSED_BY, proposed)
            .with(REVIEWED_BY, named(by))
            .with(REASONS, reasons.as_str()),
    };
    let text: Html = found.text.lines().map(Html::paragraph).collect();
    [Html::from(facts), Section::new(TEXT, text).into()].into_iter().collect()
}
