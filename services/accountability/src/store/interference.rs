//! `interference_records`: apart. Each statement runs as the officer who records or as discipline
//! inspection; row-level security shows nothing to anybody else.

use gongxin_accountability_domain::{Interference, Officer};
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{broken, known};
use crate::interference::{Account, Link, Record};

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
) -> Result<Option<(Uuid, Link, Vec<u8>)>, Fault> {
    let sql = "select id, no, link, digest from interference_records where request_id = $1";
    let row: Option<(Uuid, i64, Vec<u8>, Vec<u8>)> =
        sqlx::query_as(sql).bind(request_id).fetch_optional(conn).await.or_fault()?;
    row.map(|(id, no, digest, request)| Ok((id, link(no, &digest)?, request))).transpose()
}

fn link(no: i64, digest: &[u8]) -> Result<Link, Fault> {
    Ok(Link { no, digest: digest.try_into().map_err(broken)? })
}

/// Where the chain of a bureau stands; others who record wait until this transaction ends.
pub(crate) async fn lock_head(conn: &mut PgConnection, bureau: &BureauCode) -> Result<Link, Fault> {
    let start = Link::START;
    let sql = "insert into interference_heads (bureau, no, link) values ($1, $2, $3)
               on conflict do nothing";
    sqlx::query(sql)
        .bind(bureau.as_str())
        .bind(start.no)
        .bind(start.digest.as_slice())
        .execute(&mut *conn)
        .await
        .or_fault()?;
    let sql = "select no, link from interference_heads where bureau = $1 for update";
    let (no, digest): (i64, Vec<u8>) =
        sqlx::query_as(sql).bind(bureau.as_str()).fetch_one(conn).await.or_fault()?;
    link(no, &digest)
}

/// Moves the chain to its new last record.
pub(crate) async fn move_head(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    to: Link,
) -> Result<(), Fault> {
    sqlx::query("update interference_heads set no = $2, link = $3 where bureau = $1")
        .bind(bureau.as_str())
        .bind(to.no)
        .bind(to.digest.as_slice())
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    request: (Uuid, &[u8; 32]),
    record: &Record,
) -> Result<(), Fault> {
    let Record { id, account, by, at, at_link } = record;
    sqlx::query(
        "insert into interference_records (bureau, id, request_id, digest, recorder, recorded_by,
                recorded_at, kind, who, happened_at, channel, case_number, words, answer,
                no, link)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
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
    .bind(at_link.no)
    .bind(at_link.digest.as_slice())
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
    no: i64,
    link: Vec<u8>,
    kind: String,
    who: String,
    happened_at: Ts,
    channel: String,
    case_number: Option<String>,
    words: String,
    answer: String,
}

/// The records of the bureau, oldest first; the read is kept beside them.
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
        "select id, recorded_by, recorded_at, no, link, kind, who, happened_at, channel, case_number,
                words, answer
           from interference_records where bureau = $1 order by no",
    )
    .bind(bureau.as_str())
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
            at_link: link(row.no, &row.link)?,
        })
    }
}
