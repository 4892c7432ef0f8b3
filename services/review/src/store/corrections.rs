//! `corrections`: returns for correction, the open one and those that were answered.

use std::collections::BTreeMap;

use gongxin_eventing::OfficerColumn;
use gongxin_eventing::OrFault as _;
use gongxin_kernel::{BureauCode, Fault};
use gongxin_review_domain::{Answered, CaseId, Correction, ReviewRequestId, Snapshot};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::PeriodColumn;
use super::number;

/// By request: the answered corrections in their order, and the open one.
pub(super) type Corrections = BTreeMap<ReviewRequestId, (Vec<Answered>, Option<Correction>)>;

#[derive(sqlx::FromRow)]
struct Row {
    request_id: Uuid,
    defects: Vec<String>,
    reviewer: OfficerColumn,
    clock: PeriodColumn,
    overdue: bool,
    answers: Option<Vec<String>>,
    answered_by: Option<OfficerColumn>,
}

pub(super) async fn of(conn: &mut PgConnection, case: CaseId) -> Result<Corrections, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select request_id, defects, reviewer, clock, overdue, answers, answered_by
           from corrections where case_id = $1 order by request_id, round",
    )
    .bind(case.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let mut found = Corrections::new();
    for row in rows {
        let (answered, open) = found.entry(ReviewRequestId(row.request_id)).or_default();
        let correction = Correction {
            defects: row.defects,
            reviewer: row.reviewer.try_into()?,
            clock: row.clock.try_into()?,
            overdue: row.overdue,
        };
        match (row.answers, row.answered_by) {
            (Some(answers), Some(officer)) => {
                answered.push(Answered { correction, answers, officer: officer.try_into()? });
            }
            _ => *open = Some(correction),
        }
    }
    Ok(found)
}

pub(super) async fn save(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    case: &Snapshot,
) -> Result<(), Fault> {
    for request in &case.requests {
        let answered =
            request.answered.iter().map(|answered| (&answered.correction, Some(answered)));
        let open = request.correction.iter().map(|correction| (correction, None));
        for (place, (correction, answer)) in answered.chain(open).enumerate() {
            sqlx::query(
                "insert into corrections (request_id, round, bureau, case_id, defects, reviewer,
                                          clock, overdue, answers, answered_by)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                 on conflict (request_id, round) do update set overdue = excluded.overdue,
                     answers = excluded.answers, answered_by = excluded.answered_by",
            )
            .bind(request.id.0)
            .bind(number(place + 1)?)
            .bind(bureau.as_str())
            .bind(case.id.0)
            .bind(&correction.defects)
            .bind(OfficerColumn::from(&correction.reviewer))
            .bind(PeriodColumn::from(&correction.clock))
            .bind(correction.overdue)
            .bind(answer.map(|answer| &answer.answers))
            .bind(answer.map(|answer| OfficerColumn::from(&answer.officer)))
            .execute(&mut *conn)
            .await
            .or_fault()?;
        }
    }
    Ok(())
}
