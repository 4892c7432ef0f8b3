//! `violation_notices`: the procuratorate's notices, each with its one answer.

use gongxin_chassis::Place;
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, reasons};
use gongxin_kernel::{BureauCode, Fault, Revision};
use gongxin_proto::exchange::v1::DeliverRequest;
use gongxin_review_domain::reasons::VIOLATION_NOTICE_NOT_FOUND;
use gongxin_review_domain::{
    CaseId, ExitId, Incoming, ItemAnswer, ItemResult, NoticeAnswer, NoticeItem, NoticeStage,
    Response, Unit, ViolationNotice, ViolationNoticeId,
};
use prost::Message as _;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use super::outgoing_papers::signed_for;
use super::{broken, known};

const COLUMNS: &str = "n.id, n.number, n.sender, n.case_number, n.case_id, n.unit_code,
    n.unit_name, n.facts, n.bases, n.demands, n.issued_at, n.answer_due_at, n.received_at,
    n.warn_at, n.overdue, n.revision, n.exit_id, n.document_number, n.results, n.answers,
    n.answered_by, n.answered_at, n.late, p.receiver, p.received_at as answer_received_at
    from violation_notices n left join outgoing_papers p on p.id = n.exit_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    number: String,
    sender: String,
    case_number: String,
    case_id: Option<Uuid>,
    unit_code: String,
    unit_name: String,
    facts: Vec<String>,
    bases: Vec<String>,
    demands: Vec<String>,
    issued_at: Ts,
    answer_due_at: Ts,
    received_at: Ts,
    warn_at: Ts,
    overdue: bool,
    revision: i32,
    exit_id: Option<Uuid>,
    document_number: Option<String>,
    results: Option<Vec<String>>,
    answers: Option<Vec<String>>,
    answered_by: Option<OfficerColumn>,
    answered_at: Option<Ts>,
    late: Option<bool>,
    receiver: Option<String>,
    answer_received_at: Option<Ts>,
}

/// # Errors
/// `VIOLATION_NOTICE_NOT_FOUND` also when it belongs to another bureau.
pub(crate) async fn load(
    conn: &mut PgConnection,
    id: ViolationNoticeId,
) -> Result<ViolationNotice, Fault> {
    find(conn, id).await?.ok_or_else(|| Fault::new(&VIOLATION_NOTICE_NOT_FOUND))
}

pub(crate) async fn find(
    conn: &mut PgConnection,
    id: ViolationNoticeId,
) -> Result<Option<ViolationNotice>, Fault> {
    let row: Option<Row> =
        sqlx::query_as(AssertSqlSafe(format!("select {COLUMNS} where n.id = $1")))
            .bind(id.0)
            .fetch_optional(conn)
            .await
            .or_fault()?;
    row.map(Row::read).transpose()
}

/// At most `limit` notices that come after `after`, newest first.
pub(crate) async fn page(
    conn: &mut PgConnection,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<ViolationNotice>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(format!(
        "select {COLUMNS}
          where $1::timestamptz is null or (n.received_at, n.id) < ($1, $2)
          order by n.received_at desc, n.id desc limit $3"
    )))
    .bind(after.map(|place| Ts(place.at)))
    .bind(after.map(|place| place.id))
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter().map(Row::read).collect()
}

/// The envelope that carried a notice, as it came.
pub(crate) async fn sealed(
    conn: &mut PgConnection,
    id: ViolationNoticeId,
) -> Result<DeliverRequest, Fault> {
    let sealed: Vec<u8> = sqlx::query_scalar("select sealed from violation_notices where id = $1")
        .bind(id.0)
        .fetch_one(conn)
        .await
        .or_fault()?;
    DeliverRequest::decode(&*sealed).map_err(broken)
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    notice: &ViolationNotice,
    sealed: &DeliverRequest,
) -> Result<(), Fault> {
    let came = &notice.incoming;
    let texts = |of: fn(&NoticeItem) -> &String| -> Vec<String> {
        came.items.iter().map(|item| of(item).clone()).collect()
    };
    sqlx::query(
        "insert into violation_notices (id, bureau, number, sender, case_number, case_id,
             unit_code, unit_name, facts, bases, demands, issued_at, answer_due_at, received_at,
             warn_at, sealed, overdue, revision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(came.id.0)
    .bind(bureau.as_str())
    .bind(&came.number)
    .bind(&came.sender)
    .bind(&came.case_number)
    .bind(came.case.map(|case| case.0))
    .bind(came.unit.code.as_str())
    .bind(&came.unit.name)
    .bind(texts(|item| &item.fact))
    .bind(texts(|item| &item.basis))
    .bind(texts(|item| &item.demand))
    .bind(Ts(came.issued_at))
    .bind(Ts(came.answer_due_at))
    .bind(Ts(notice.received_at))
    .bind(Ts(notice.warn_at))
    .bind(sealed.encode_to_vec())
    .bind(notice.overdue)
    .bind(i32::try_from(notice.revision.0).map_err(broken)?)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Writes a notice that was loaded at revision `loaded`.
///
/// # Errors
/// `DATABASE_CONFLICT` when it has changed since.
pub(crate) async fn update(
    conn: &mut PgConnection,
    notice: &ViolationNotice,
    loaded: Revision,
) -> Result<(), Fault> {
    let given = notice.given();
    let response = given.map(|given| &given.response);
    let each = |of: fn(&ItemAnswer) -> String| -> Option<Vec<String>> {
        response.map(|response| response.items.iter().map(of).collect())
    };
    let done = sqlx::query(
        "update violation_notices set overdue = $3, revision = $4, exit_id = $5,
             document_number = $6, results = $7, answers = $8, answered_by = $9,
             answered_at = $10, late = $11
          where id = $1 and revision = $2",
    )
    .bind(notice.incoming.id.0)
    .bind(i32::try_from(loaded.0).map_err(broken)?)
    .bind(notice.overdue)
    .bind(i32::try_from(notice.revision.0).map_err(broken)?)
    .bind(response.map(|response| response.exit.0))
    .bind(response.map(|response| &response.document_number))
    .bind(each(|item| item.result.code().to_owned()))
    .bind(each(|item| item.text.clone()))
    .bind(response.map(|response| OfficerColumn::from(&response.officer)))
    .bind(given.map(|given| Ts(given.answered_at)))
    .bind(given.map(|given| given.late))
    .execute(conn)
    .await
    .or_fault()?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(Fault::new(&reasons::DATABASE_CONFLICT).caused_by("the notice has another revision"))
}

impl Row {
    fn read(mut self) -> Result<ViolationNotice, Fault> {
        let stage = self.stage()?;
        let texts = self.facts.into_iter().zip(self.bases).zip(self.demands);
        let items =
            texts.map(|((fact, basis), demand)| NoticeItem { fact, basis, demand }).collect();
        let code = self.unit_code.parse().map_err(broken)?;
        Ok(ViolationNotice {
            incoming: Incoming {
                id: ViolationNoticeId(self.id),
                number: self.number,
                sender: self.sender,
                case_number: self.case_number,
                case: self.case_id.map(CaseId),
                unit: Unit { code, name: self.unit_name },
                items,
                issued_at: self.issued_at.0,
                answer_due_at: self.answer_due_at.0,
            },
            received_at: self.received_at.0,
            warn_at: self.warn_at.0,
            overdue: self.overdue,
            stage,
            revision: Revision(self.revision.unsigned_abs()),
        })
    }

    fn stage(&mut self) -> Result<NoticeStage, Fault> {
        let (Some(exit), Some(answered_at), Some(late)) =
            (self.exit_id, self.answered_at, self.late)
        else {
            return Ok(NoticeStage::Open);
        };
        let officer = self.answered_by.take().ok_or_else(|| broken("answered by nobody"))?;
        let results = self.results.take().unwrap_or_default().into_iter();
        let items = results
            .zip(self.answers.take().unwrap_or_default())
            .map(|(code, text)| {
                Ok(ItemAnswer { result: known(&code, ItemResult::of_code(&code))?, text })
            })
            .collect::<Result<_, Fault>>()?;
        let answer = NoticeAnswer {
            response: Response {
                exit: ExitId(exit),
                document_number: self.document_number.take().unwrap_or_default(),
                items,
                officer: officer.try_into()?,
            },
            answered_at: answered_at.0,
            late,
        };
        Ok(match signed_for(self.receiver.take(), self.answer_received_at) {
            None => NoticeStage::Answered(answer),
            Some(signed_for) => NoticeStage::Delivered(answer, signed_for),
        })
    }
}
