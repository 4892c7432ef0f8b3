//! `requests`: answers given, by `request_id`.

use gongxin_kernel::{BureauCode, Fault, RequestId};
use jiff::Timestamp;
use sqlx::PgConnection;

use super::OrFault as _;
use crate::Ts;

pub(crate) struct Row<'a> {
    pub(crate) bureau: &'a BureauCode,
    pub(crate) actor: &'a str,
    pub(crate) id: RequestId,
    pub(crate) command: &'a str,
    pub(crate) digest: &'a [u8; 32],
    pub(crate) answer: &'a [u8],
    pub(crate) at: Timestamp,
}

/// Name of the command, digest of the content and the answer, if this request was carried out before.
pub(crate) async fn find(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    actor: &str,
    id: RequestId,
) -> Result<Option<(String, Vec<u8>, Vec<u8>)>, Fault> {
    sqlx::query_as(
        "select command, digest, answer from requests where bureau = $1 and actor = $2 and request_id = $3",
    )
    .bind(bureau.as_str())
    .bind(actor)
    .bind(id.0)
    .fetch_optional(conn)
    .await
    .or_fault()
}

pub(crate) async fn insert(conn: &mut PgConnection, row: &Row<'_>) -> Result<(), Fault> {
    sqlx::query(
        "insert into requests (bureau, actor, request_id, command, digest, answer, at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.bureau.as_str())
    .bind(row.actor)
    .bind(row.id.0)
    .bind(row.command)
    .bind(row.digest.as_slice())
    .bind(row.answer)
    .bind(Ts(row.at))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}
