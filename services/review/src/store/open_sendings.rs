//! `open_sendings`: papers sent by a channel that the law leaves open.

use gongxin_chassis::Place;
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, reasons};
use gongxin_kernel::{BureauCode, Fault, Revision};
use gongxin_review_domain::{CaseId, Channel, OpenSending, OpenSendingId, Paper, SuspectId};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use super::outgoing_papers::signed_for;
use super::{broken, known};

const COLUMNS: &str = "s.id, s.channel, s.document_number, s.title, s.about, s.case_id,
    s.suspect_id, s.officer, s.sent_at, s.revision, c.number as case_number, p.receiver,
    p.received_at
    from open_sendings s left join cases c on c.id = s.case_id
    left join outgoing_papers p on p.id = s.id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    channel: String,
    document_number: String,
    title: String,
    about: String,
    case_id: Option<Uuid>,
    suspect_id: Option<Uuid>,
    officer: OfficerColumn,
    sent_at: Ts,
    revision: i32,
    case_number: Option<String>,
    receiver: Option<String>,
    received_at: Option<Ts>,
}

/// A sending with the number of its case, which is empty when it is about none.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) sending: OpenSending,
    pub(crate) case_number: String,
}

pub(crate) async fn load(conn: &mut PgConnection, id: OpenSendingId) -> Result<Sent, Fault> {
    let row: Option<Row> =
        sqlx::query_as(AssertSqlSafe(format!("select {COLUMNS} where s.id = $1")))
            .bind(id.0)
            .fetch_optional(conn)
            .await
            .or_fault()?;
    row.ok_or_else(|| Fault::new(&reasons::EVENT_NOT_FOUND))?.read()
}

/// At most `limit` sendings that come after `after`, newest first.
pub(crate) async fn page(
    conn: &mut PgConnection,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Sent>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(format!(
        "select {COLUMNS}
          where $1::timestamptz is null or (s.sent_at, s.id) < ($1, $2)
          order by s.sent_at desc, s.id desc limit $3"
    )))
    .bind(after.map(|place| Ts(place.at)))
    .bind(after.map(|place| place.id))
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter().map(Row::read).collect()
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    sending: &OpenSending,
) -> Result<(), Fault> {
    let paper = &sending.paper;
    sqlx::query(
        "insert into open_sendings (id, bureau, channel, document_number, title, about, case_id,
                                    suspect_id, officer, sent_at, revision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(sending.id.0)
    .bind(bureau.as_str())
    .bind(paper.channel.code())
    .bind(&paper.document_number)
    .bind(&paper.title)
    .bind(&paper.about)
    .bind(paper.case.map(|case| case.0))
    .bind(paper.suspect.map(|suspect| suspect.0))
    .bind(OfficerColumn::from(&paper.officer))
    .bind(Ts(sending.sent_at))
    .bind(i32::try_from(sending.revision.0).map_err(broken)?)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Writes the revision that the receipt made.
pub(crate) async fn update(conn: &mut PgConnection, sending: &OpenSending) -> Result<(), Fault> {
    let revision = i32::try_from(sending.revision.0).map_err(broken)?;
    let done =
        sqlx::query("update open_sendings set revision = $2 where id = $1 and revision = $3")
            .bind(sending.id.0)
            .bind(revision)
            .bind(revision - 1)
            .execute(conn)
            .await
            .or_fault()?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(Fault::new(&reasons::DATABASE_CONFLICT).caused_by("the sending has another revision"))
}

impl Row {
    fn read(self) -> Result<Sent, Fault> {
        let sending = OpenSending {
            id: OpenSendingId(self.id),
            paper: Paper {
                channel: known(&self.channel, Channel::of_code(&self.channel))?,
                document_number: self.document_number,
                title: self.title,
                about: self.about,
                case: self.case_id.map(CaseId),
                suspect: self.suspect_id.map(SuspectId),
                officer: self.officer.try_into()?,
            },
            sent_at: self.sent_at.0,
            signed_for: signed_for(self.receiver, self.received_at),
            revision: Revision(self.revision.unsigned_abs()),
        };
        Ok(Sent { sending, case_number: self.case_number.unwrap_or_default() })
    }
}
