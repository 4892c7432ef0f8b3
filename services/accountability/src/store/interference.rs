//! `interference_records`: apart. Each statement runs as the officer who records or as discipline
//! inspection; row-level security shows nothing to anybody else.

use gongxin_accountability_domain::{Interference, Officer};
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use sqlx::PgConnection;
use uuid::Uuid;

use super::known;
use crate::interference::{Account, Record};

/// Most records in one answer.
const MOST: i64 = 200;

/// Speaks, for this transaction, for discipline inspection.
pub(crate) async fn as_discipline(conn: &mut PgConnection) -> Result<(), Fault> {
    speak(conn, "discipline").await
}

/// Speaks, for this transaction, for one officer.
pub(crate) async fn as_officer(conn: &mut PgConnection, number: &str) -> Result<(), Fault> {
    speak(conn, &format!("officer:{number}")).await
}

async fn speak(conn: &mut PgConnection, who: &str) -> Result<(), Fault> {
    let sql = "select set_config('gongxin.apart', $1, true)";
    sqlx::query(sql).bind(who).execute(conn).await.or_fault()?;
    Ok(())
}

/// The record that an officer made under a request id, with the digest of what was asked.
pub(crate) async fn find(
    conn: &mut PgConnection,
    request_id: Uuid,
) -> Result<Option<(Uuid, Vec<u8>)>, Fault> {
    sqlx::query_as("select id, digest from interference_records where request_id = $1")
        .bind(request_id)
        .fetch_optional(conn)
        .await
        .or_fault()
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    request: (Uuid, &[u8; 32]),
    record: &Record,
) -> Result<(), Fault> {
    let Record { id, account, by, at } = record;
    sqlx::query(
        "insert into interference_records (bureau, id, request_id, digest, recorder, recorded_by,
                recorded_at, kind, who, happened_at, channel, case_number, words, answer)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(bureau.as_str())
    .bind(id)
    .bind(request.0)
    .bind(request.1.as_slice())
    .bind(&by.police_number)
    .bind(OfficerColumn::from(by))
    .bind(Ts(*at))
    .bind(account.kind.code())
    .bind(&account.who)
    .bind(Ts(account.happened_at))
    .bind(&account.channel)
    .bind(&account.case_number)
    .bind(&account.words)
    .bind(&account.answer)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    recorded_by: OfficerColumn,
    recorded_at: Ts,
    kind: String,
    who: String,
    happened_at: Ts,
    channel: String,
    case_number: Option<String>,
    words: String,
    answer: String,
}

/// The newest records of the bureau; the read is kept beside them.
pub(crate) async fn read(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    reader: &str,
    at: Ts,
) -> Result<Vec<Record>, Fault> {
    sqlx::query("insert into interference_reads (bureau, id, reader, at) values ($1, $2, $3, $4)")
        .bind(bureau.as_str())
        .bind(gongxin_kernel::new_uuid())
        .bind(reader)
        .bind(at)
        .execute(&mut *conn)
        .await
        .or_fault()?;
    let rows: Vec<Row> = sqlx::query_as(
        "select id, recorded_by, recorded_at, kind, who, happened_at, channel, case_number, words,
                answer
           from interference_records where bureau = $1 order by recorded_at desc, id desc limit $2",
    )
    .bind(bureau.as_str())
    .bind(MOST)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter().map(Record::try_from).collect()
}

impl TryFrom<Row> for Record {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            account: Account {
                kind: known(&row.kind, Interference::of_code(&row.kind))?,
                who: row.who,
                happened_at: row.happened_at.0,
                channel: row.channel,
                case_number: row.case_number,
                words: row.words,
                answer: row.answer,
            },
            by: Officer::try_from(row.recorded_by)?,
            at: row.recorded_at.0,
        })
    }
}
