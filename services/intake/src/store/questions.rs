//! `report_questions`: why a case was not filed, as the procuratorate asked and was answered.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_intake_domain::{Deadline, Explanation, Question, Report, ReportId};
use gongxin_kernel::{BureauCode, Fault};
use sqlx::PgConnection;

use super::reconsiderations::{Error, columns, officer};

/// A row as stored; officers as number, name, unit and name of the unit.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    notice_number: String,
    received_at: Ts,
    recorded_by: Vec<String>,
    reasons: Option<String>,
    answered_by: Option<Vec<String>>,
    answered_at: Option<Ts>,
    document_number: Option<String>,
}

pub(crate) async fn of(conn: &mut PgConnection, report: ReportId) -> Result<Option<Row>, Fault> {
    sqlx::query_as(
        "select notice_number, received_at, recorded_by, reasons, answered_by, answered_at,
                document_number
           from report_questions where report = $1",
    )
    .bind(report.0)
    .fetch_optional(conn)
    .await
    .or_fault()
}

/// Writes the demand, and the answer once there is one.
pub(crate) async fn save(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: &Report,
) -> Result<(), Fault> {
    let Some(question) = report.question() else { return Ok(()) };
    let answer = question.answer.as_ref();
    sqlx::query(
        "insert into report_questions (bureau, report, notice_number, received_at, recorded_by,
                reasons, answered_by, answered_at, document_number)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (report) do update
            set reasons = excluded.reasons, answered_by = excluded.answered_by,
                answered_at = excluded.answered_at, document_number = excluded.document_number",
    )
    .bind(bureau.as_str())
    .bind(report.id().0)
    .bind(&question.notice_number)
    .bind(Ts(question.received_at))
    .bind(columns(&question.recorded_by))
    .bind(answer.map(|answer| &answer.reasons))
    .bind(answer.map(|answer| columns(&answer.answered_by)))
    .bind(answer.map(|answer| Ts(answer.answered_at)))
    .bind(answer.map(|answer| answer.document_number.to_string()))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

impl Row {
    pub(crate) fn into_question(self, deadline: Deadline) -> Result<Question, Error> {
        let answer = match self.reasons {
            None => None,
            Some(reasons) => Some(Explanation {
                reasons,
                answered_by: officer(self.answered_by.ok_or("answered_by")?)?,
                answered_at: self.answered_at.ok_or("answered_at")?.0,
                document_number: self.document_number.ok_or("document_number")?.parse()?,
            }),
        };
        Ok(Question {
            notice_number: self.notice_number,
            received_at: self.received_at.0,
            recorded_by: officer(self.recorded_by)?,
            deadline,
            answer,
        })
    }
}
