//! `review_requests`: what was put to the legal department, the opinion and the decision.

use gongxin_eventing::OfficerColumn;
use gongxin_eventing::OrFault as _;
use gongxin_kernel::{BureauCode, Fault};
use gongxin_review_domain::{
    CaseFile, CaseId, Decision, DossierPart, ExitRow, Officer, Opinion, RequestRow, Review,
    ReviewItem, ReviewRequestId, Snapshot, SuspectId, Verdict,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::corrections::Corrections;
use super::{broken, known, number};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    suspect_id: Uuid,
    item: String,
    parts: Vec<String>,
    ground: String,
    findings: Vec<String>,
    submitted_by: OfficerColumn,
    stage: String,
    opinion: Option<String>,
    opinion_text: Option<String>,
    reviewer: Option<OfficerColumn>,
    reasons: Option<String>,
    approver: Option<OfficerColumn>,
}

/// The requests of a case, put together with their corrections and exits.
pub(super) async fn of(
    conn: &mut PgConnection,
    case: CaseId,
    mut corrections: Corrections,
    exits: &[ExitRow],
) -> Result<Vec<RequestRow>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, suspect_id, item, parts, ground, findings, submitted_by, stage, opinion, opinion_text,
                reviewer, reasons, approver
           from review_requests where case_id = $1 order by position",
    )
    .bind(case.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |row: Row| {
        let id = ReviewRequestId(row.id);
        let (answered, correction) = corrections.remove(&id).unwrap_or_default();
        let part = |code: &String| known(code, DossierPart::of_code(code));
        Ok(RequestRow {
            id,
            suspect: SuspectId(row.suspect_id),
            item: known(&row.item, ReviewItem::of_code(&row.item))?,
            parts: row.parts.iter().map(part).collect::<Result<_, Fault>>()?,
            ground: row.ground,
            findings: row.findings,
            submitted_by: row.submitted_by.try_into()?,
            answered,
            correction,
            review: review(row.opinion, row.opinion_text, row.reviewer)?,
            decision: decision(&row.stage, row.reasons, row.approver, exit_of(id, exits))?,
            stage: row.stage,
        })
    };
    rows.into_iter().map(read).collect()
}

fn review(
    opinion: Option<String>,
    text: Option<String>,
    reviewer: Option<OfficerColumn>,
) -> Result<Option<Review>, Fault> {
    let (Some(opinion), Some(text), Some(reviewer)) = (opinion, text, reviewer) else {
        return Ok(None);
    };
    let opinion = known(&opinion, Opinion::of_code(&opinion))?;
    Ok(Some(Review { opinion, text, reviewer: reviewer.try_into()? }))
}

fn decision(
    stage: &str,
    reasons: Option<String>,
    approver: Option<OfficerColumn>,
    exit: Option<&ExitRow>,
) -> Result<Option<Decision>, Fault> {
    let (Some(reasons), Some(approver)) = (reasons, approver) else { return Ok(None) };
    let verdict = match (stage, exit) {
        ("approved", Some(exit)) => {
            Verdict::Approve { exit: exit.id, document_number: exit.document_number.clone() }
        }
        ("refused", None) => Verdict::Refuse,
        _ => return Err(broken("a decided request does not go with its exit")),
    };
    Ok(Some(Decision { verdict, reasons, approver: approver.try_into()? }))
}

fn exit_of(request: ReviewRequestId, exits: &[ExitRow]) -> Option<&ExitRow> {
    exits.iter().find(|exit| exit.request == request)
}

pub(super) async fn save(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    case: &CaseFile,
    snapshot: &Snapshot,
) -> Result<(), Fault> {
    for (position, (row, request)) in snapshot.requests.iter().zip(case.requests()).enumerate() {
        let (review, decision) = (row.review.as_ref(), row.decision.as_ref());
        let officer = |officer: &Officer| OfficerColumn::from(officer);
        sqlx::query(
            "insert into review_requests (id, bureau, case_id, position, suspect_id, item, parts, ground,
                                   submitted_by, stage, opinion, opinion_text, reviewer, reasons,
                                   approver, open, findings)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             on conflict (id) do update set stage = excluded.stage, opinion = excluded.opinion,
                 opinion_text = excluded.opinion_text, reviewer = excluded.reviewer,
                 reasons = excluded.reasons, approver = excluded.approver, open = excluded.open",
        )
        .bind(row.id.0)
        .bind(bureau.as_str())
        .bind(snapshot.id.0)
        .bind(number(position)?)
        .bind(row.suspect.0)
        .bind(row.item.code())
        .bind(row.parts.iter().map(|part| part.code()).collect::<Vec<_>>())
        .bind(&row.ground)
        .bind(officer(&row.submitted_by))
        .bind(&row.stage)
        .bind(review.map(|review| review.opinion.code()))
        .bind(review.map(|review| &review.text))
        .bind(review.map(|review| officer(&review.reviewer)))
        .bind(decision.map(|decision| &decision.reasons))
        .bind(decision.map(|decision| officer(&decision.approver)))
        .bind(case.is_open(request))
        .bind(&row.findings)
        .execute(&mut *conn)
        .await
        .or_fault()?;
    }
    Ok(())
}
