//! `exits`: what leaves the bureau, and what came back for it.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_review_domain::{
    Answer, ArrestDecision, CaseId, Delivery, ExitId, ExitRow, Outcome, Return, ReviewRequestId,
    Snapshot,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::PeriodColumn;
use super::{known, number};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    request_id: Uuid,
    document_number: String,
    stage: String,
    receiver: Option<String>,
    received_at: Option<Ts>,
    decision: Option<PeriodColumn>,
    answer: Option<String>,
    answer_number: Option<String>,
    answered_at: Option<Ts>,
    tasks: Option<Vec<String>>,
    report: Option<PeriodColumn>,
    supplementary_overdue: bool,
}

pub(super) async fn of(conn: &mut PgConnection, case: CaseId) -> Result<Vec<ExitRow>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, request_id, document_number, stage, receiver, received_at, decision, answer,
                answer_number, answered_at, tasks, report, supplementary_overdue
           from exits where case_id = $1 order by position",
    )
    .bind(case.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<ExitRow, Fault> {
        let delivery = match (self.receiver, self.received_at, self.decision) {
            (Some(receiver), Some(received_at), Some(decision)) => Some(Delivery {
                receiver,
                received_at: received_at.0,
                decision: decision.try_into()?,
            }),
            _ => None,
        };
        let answer = match (self.answer, self.answer_number, self.answered_at) {
            (Some(code), Some(number), Some(at)) => {
                let back = self.tasks.zip(self.report);
                let outcome = outcome(&code, back, self.supplementary_overdue)?;
                Some(Answer { outcome, number, received_at: at.0 })
            }
            _ => None,
        };
        Ok(ExitRow {
            id: ExitId(self.id),
            request: ReviewRequestId(self.request_id),
            document_number: self.document_number,
            stage: self.stage,
            delivery,
            answer,
        })
    }
}

fn outcome(
    code: &str,
    back: Option<(Vec<String>, PeriodColumn)>,
    overdue: bool,
) -> Result<Outcome, Fault> {
    match (code, back) {
        ("prosecuted", None) => Ok(Outcome::Prosecuted),
        ("not_prosecuted", None) => Ok(Outcome::NotProsecuted),
        ("returned", Some((tasks, clock))) => {
            Ok(Outcome::Returned(Box::new(Return { tasks, clock: clock.try_into()?, overdue })))
        }
        (code, _) => Ok(Outcome::Arrest(known(code, ArrestDecision::of_code(code))?)),
    }
}

pub(super) async fn save(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    case: &Snapshot,
) -> Result<(), Fault> {
    for (position, exit) in case.exits.iter().enumerate() {
        let (delivery, answer) = (exit.delivery.as_ref(), exit.answer.as_ref());
        let back = answer.and_then(|answer| answer.outcome.returned());
        sqlx::query(
            "insert into exits (id, bureau, case_id, position, request_id, document_number, stage,
                                receiver, received_at, decision, answer, answer_number, answered_at,
                                tasks, report, supplementary_overdue)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
             on conflict (id) do update set stage = excluded.stage, receiver = excluded.receiver,
                 received_at = excluded.received_at, decision = excluded.decision,
                 answer = excluded.answer, answer_number = excluded.answer_number,
                 answered_at = excluded.answered_at, tasks = excluded.tasks,
                 report = excluded.report,
                 supplementary_overdue = excluded.supplementary_overdue",
        )
        .bind(exit.id.0)
        .bind(bureau.as_str())
        .bind(case.id.0)
        .bind(number(position)?)
        .bind(exit.request.0)
        .bind(&exit.document_number)
        .bind(&exit.stage)
        .bind(delivery.map(|delivery| &delivery.receiver))
        .bind(delivery.map(|delivery| Ts(delivery.received_at)))
        .bind(delivery.map(|delivery| PeriodColumn::from(&delivery.decision)))
        .bind(answer.map(|answer| answer.outcome.code()))
        .bind(answer.map(|answer| &answer.number))
        .bind(answer.map(|answer| Ts(answer.received_at)))
        .bind(back.map(|back| &back.tasks))
        .bind(back.map(|back| PeriodColumn::from(&back.clock)))
        .bind(back.is_some_and(|back| back.overdue))
        .execute(&mut *conn)
        .await
        .or_fault()?;
    }
    Ok(())
}

/// The case that an exit belongs to.
pub(crate) async fn case_of(
    conn: &mut PgConnection,
    exit: ExitId,
) -> Result<Option<CaseId>, Fault> {
    let case: Option<Uuid> = sqlx::query_scalar("select case_id from exits where id = $1")
        .bind(exit.0)
        .fetch_optional(conn)
        .await
        .or_fault()?;
    Ok(case.map(CaseId))
}

/// How many exits are ready and not yet received by the other organ.
pub(crate) async fn count_ready(conn: &mut PgConnection) -> Result<u64, Fault> {
    let count: i64 = sqlx::query_scalar("select count(*) from exits where stage = 'ready'")
        .fetch_one(conn)
        .await
        .or_fault()?;
    Ok(count.unsigned_abs())
}
