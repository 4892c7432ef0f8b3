//! Deliberations: a section of the case's page, and a page of each with what the reader may see.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use gongxin_chassis::{Caller, Frame, PageFault, show};
use gongxin_kernel::{Fault, Power};
use gongxin_pages::{Column, Facts, Html, Link, Moment, Page, Section, Table, Tag, Text, Tone};
use gongxin_review_domain::reasons::DELIBERATION_NOT_FOUND;
use gongxin_review_domain::{CaseId, Deliberation, DeliberationId, Member, Tally};

use super::case::officer;
use super::{Office, case_id, nav, texts};
use crate::queries::deliberation::{DeliberationView, deliberation};

/// The sessions on a case; nothing when there are none.
pub(super) fn section(case: CaseId, sessions: &[Deliberation]) -> Option<Html> {
    if sessions.is_empty() {
        return None;
    }
    let parts = sessions.iter().map(|session| {
        let address = format!("/cases/{case}/deliberations/{}", session.id);
        let facts = facts(session).with(texts::BALLOTS, Link::new(texts::DELIBERATION, address));
        Html::from(Section::new(heading(session), facts))
    });
    Some(Section::new(texts::DELIBERATIONS, parts.collect::<Html>()).into())
}

/// One session. Approvers and discipline inspection need no other right to see it.
pub(super) async fn page(
    State(office): State<Office>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path((case, session)): Path<(String, String)>,
) -> Result<Response, PageFault> {
    let sees_ballots = caller.require(Power::ReadBallots).is_ok();
    let power = if sees_ballots { Power::ReadBallots } else { Power::ReadCases };
    let staff = caller.officer(power)?;
    let id: DeliberationId = session.parse().map_err(|_| Fault::new(&DELIBERATION_NOT_FOUND))?;
    let view = deliberation(&office.db, staff, sees_ballots, case_id(&case)?, id).await?;
    Ok(show(Page {
        nav: nav("/cases"),
        back: Some(Link::new(texts::CASE, format!("/cases/{}", view.case))),
        at: Some(office.db.clock().now()),
        body: body(&view),
        ..frame.page(texts::DELIBERATION, Some(&caller))
    }))
}

fn heading(session: &Deliberation) -> Text {
    let number = session.session;
    Text::made(format!("第{number}次议案"), format!("Session {number}"))
}

fn facts(session: &Deliberation) -> Facts {
    let called_by = officer(&session.called_by);
    let spoken = format!("{} / {}", session.spoken(), session.members.len());
    let facts = Facts::new()
        .with(texts::GROUND, session.ground.zh())
        .with(texts::CALLED_BY, called_by)
        .with(texts::CALLED_AT, Moment::from(session.called_at))
        .with(texts::SPOKEN, spoken);
    let Some(concluded) = &session.concluded else {
        return facts.with(texts::STATE, Tag::new(Tone::Warning, texts::NOT_CONCLUDED));
    };
    let Tally { approve, refuse, returned } = concluded.tally;
    facts
        .with(texts::OUTCOME, Tag::new(Tone::Info, concluded.outcome.zh().into()))
        .with(texts::TALLY, format!("同意 {approve}，不同意 {refuse}，退回补正 {returned}"))
        .with(texts::RECORDED_BY, officer(&concluded.by))
}

fn body(view: &DeliberationView) -> Html {
    let session = &view.session;
    let mut facts = facts(session);
    if let Some(reasons) = &view.deviation_reasons {
        facts = facts.with(texts::DEVIATION, reasons.as_str());
    }
    let table = Table {
        caption: texts::MEMBERS,
        columns: [
            Column::new(texts::MEMBERS),
            Column::new(texts::POST),
            Column::new(texts::SPOKE_AS),
            Column::new(texts::VOTE),
            Column::new(texts::MEMBER_OPINION),
        ],
        rows: session.members.iter().map(|member| row(view, member)).collect(),
    };
    [Html::from(facts), Html::paragraph(texts::SEALED), table.into()].into_iter().collect()
}

fn row(view: &DeliberationView, member: &Member) -> [Html; 5] {
    let number = &member.officer.police_number;
    let ballot = view.ballots.iter().find(|ballot| ballot.police_number == *number);
    let chair = if member.chair { "（主持人）" } else { "" };
    let spoke = member.spoke.map_or_else(|| "—".to_owned(), |order| order.to_string());
    [
        officer(&member.officer).into(),
        format!("{}{chair}", member.post.zh()).into(),
        spoke.into(),
        ballot.map_or("—", |ballot| ballot.vote.zh()).into(),
        ballot.map_or("—", |ballot| ballot.opinion.as_str()).into(),
    ]
}
