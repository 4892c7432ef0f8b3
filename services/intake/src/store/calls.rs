//! `calls`: one row a call.

use gongxin_chassis::Place;
use gongxin_eventing::{OrFault as _, Ts, Tx};
use gongxin_intake_domain::reasons::CALL_NOT_FOUND;
use gongxin_intake_domain::{
    Call, CallChanged, CallId, CallJustification, Justified, NewCall, ReportId, Settlement, Unit,
};
use gongxin_kernel::{BureauCode, Fault, Revision};
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::reconsiderations::{Error, columns, officer};
use crate::reasons;

/// A row as stored; officers as number, name, unit and name of the unit.
#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    number: String,
    received_at: Ts,
    told: String,
    unit_code: String,
    unit_name: String,
    recorded_by: Vec<String>,
    recorded_at: Ts,
    check_at: Ts,
    missed_at: Option<Ts>,
    justification: Option<String>,
    justified_text: Option<String>,
    duplicate_of: Option<Uuid>,
    justified_by: Option<Vec<String>>,
    justified_at: Option<Ts>,
    report: Option<Uuid>,
    report_number: Option<String>,
    registered_at: Option<Ts>,
    revision: i32,
}

/// # Errors
/// `CALL_NOT_FOUND`.
pub(crate) async fn load(tx: &mut Tx, id: CallId) -> Result<Call, Fault> {
    find(tx, id).await?.ok_or_else(|| Fault::new(&CALL_NOT_FOUND))
}

pub(crate) async fn find(tx: &mut Tx, id: CallId) -> Result<Option<Call>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, number, received_at, told, unit_code, unit_name, recorded_by, recorded_at,
                check_at, missed_at, justification, justified_text, duplicate_of, justified_by,
                justified_at, report, report_number, registered_at, revision
           from calls where id = $1",
    )
    .bind(id.0)
    .fetch_optional(tx.conn())
    .await
    .or_fault()?;
    let call = row.map(Row::into_call).transpose();
    call.map_err(|e| Fault::new(&reasons::CALL_INCONSISTENT).caused_by(e))
}

/// Writes a new call, or what became of one.
///
/// # Errors
/// `DATABASE_CONFLICT` when the call has changed since it was read.
pub(crate) async fn save(tx: &mut Tx, changed: &CallChanged) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    let call = &changed.call;
    let NewCall { number, received_at, told, unit } = &call.content;
    let justified = call.justified.as_ref();
    let settled = call.settled.as_ref();
    let done = sqlx::query(
        "insert into calls (id, bureau, number, received_at, told, unit_code, unit_name,
                recorded_by, recorded_at, check_at, missed_at, justification, justified_text,
                duplicate_of, justified_by, justified_at, report, report_number, registered_at,
                revision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19, $20)
         on conflict (id) do update
            set missed_at = excluded.missed_at, justification = excluded.justification,
                justified_text = excluded.justified_text, duplicate_of = excluded.duplicate_of,
                justified_by = excluded.justified_by, justified_at = excluded.justified_at,
                report = excluded.report, report_number = excluded.report_number,
                registered_at = excluded.registered_at, revision = excluded.revision
          where calls.revision = $21",
    )
    .bind(call.id.0)
    .bind(bureau.as_str())
    .bind(number.as_str())
    .bind(Ts(*received_at))
    .bind(told)
    .bind(unit.code.as_str())
    .bind(&unit.name)
    .bind(columns(&call.recorded_by))
    .bind(Ts(call.recorded_at))
    .bind(Ts(call.check_at))
    .bind(call.missed_at.map(Ts))
    .bind(justified.map(|why| why.justification.code()))
    .bind(justified.map(|why| &why.text))
    .bind(justified.and_then(|why| why.duplicate_of).map(|report| report.0))
    .bind(justified.map(|why| columns(&why.by)))
    .bind(justified.map(|why| Ts(why.at)))
    .bind(settled.map(|report| report.report.0))
    .bind(settled.map(|report| &report.number))
    .bind(settled.map(|report| Ts(report.registered_at)))
    .bind(call.revision.0.cast_signed())
    .bind(changed.before().0.cast_signed())
    .execute(tx.conn())
    .await
    .or_fault()?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(Fault::new(&gongxin_eventing::reasons::DATABASE_CONFLICT)),
    }
}

/// A call in a list: not what was told.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct CallLine {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    /// As `CallStage` of the contract is called, in lower case.
    pub(crate) stage: String,
    pub(crate) unit_code: String,
    pub(crate) unit_name: String,
    pub(crate) received_at: Ts,
    pub(crate) check_at: Ts,
    pub(crate) overdue: bool,
    pub(crate) report: Option<Uuid>,
    pub(crate) report_number: Option<String>,
}

/// Which calls a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Which {
    /// All of them.
    #[default]
    All,
    /// Neither in a report nor justified.
    Open,
    /// Open after their daily check.
    Overdue,
}

/// At most `limit` calls of the bureau that come after `after`, newest first, as of `now`.
pub(crate) async fn lines(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    which: Which,
    (after, limit): (Option<Place>, i64),
    now: Timestamp,
) -> Result<Vec<CallLine>, Fault> {
    sqlx::query_as(
        "select id, number, unit_code, unit_name, received_at, check_at, report, report_number,
                case when report is not null then 'settled'
                     when justification is not null then 'justified' else 'open' end as stage,
                missed_at is not null
                    or (report is null and justification is null and check_at < $6) as overdue
           from calls
          where bureau = $1
            and ($2::timestamptz is null or (received_at, id) < ($2, $3))
            and (not $4 or (report is null and justification is null))
            and (not $5 or check_at < $6)
          order by received_at desc, id desc limit $7",
    )
    .bind(bureau.as_str())
    .bind(after.map(|place| Ts(place.at)))
    .bind(after.map(|place| place.id))
    .bind(which != Which::All)
    .bind(which == Which::Overdue)
    .bind(Ts(now))
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}

impl Row {
    fn into_call(self) -> Result<Call, Error> {
        let justified = match self.justification {
            None => None,
            Some(code) => Some(Justified {
                justification: CallJustification::of_code(&code).ok_or("justification")?,
                text: self.justified_text.ok_or("justified_text")?,
                duplicate_of: self.duplicate_of.map(ReportId),
                by: officer(self.justified_by.ok_or("justified_by")?)?,
                at: self.justified_at.ok_or("justified_at")?.0,
            }),
        };
        let settled = match self.report {
            None => None,
            Some(report) => Some(Settlement {
                report: ReportId(report),
                number: self.report_number.ok_or("report_number")?,
                registered_at: self.registered_at.ok_or("registered_at")?.0,
            }),
        };
        Ok(Call {
            id: CallId(self.id),
            content: NewCall {
                number: self.number.parse()?,
                received_at: self.received_at.0,
                told: self.told,
                unit: Unit { code: self.unit_code.parse()?, name: self.unit_name },
            },
            recorded_by: officer(self.recorded_by)?,
            recorded_at: self.recorded_at.0,
            check_at: self.check_at.0,
            missed_at: self.missed_at.map(|at| at.0),
            justified,
            settled,
            revision: Revision(self.revision.unsigned_abs()),
        })
    }
}
