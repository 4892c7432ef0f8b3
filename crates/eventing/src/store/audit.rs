//! `audit`: who read personal data, chained per bureau.

use gongxin_kernel::{BureauCode, Canonical, Fault};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use crate::Ts;

pub(crate) async fn append(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    at: Timestamp,
    actor: &str,
    action: &str,
    subject: Uuid,
) -> Result<(), Fault> {
    // One writer per bureau at a time, or two entries would continue the same head.
    sqlx::query(
        "select pg_advisory_xact_lock(hashtextextended(current_schema() || 'audit' || $1, 0))",
    )
    .bind(bureau.as_str())
    .execute(&mut *conn)
    .await
    .or_fault()?;
    let head: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select no, hash from audit where bureau = $1 order by no desc limit 1")
            .bind(bureau.as_str())
            .fetch_optional(&mut *conn)
            .await
            .or_fault()?;
    let (last, before) = head.unwrap_or((0, vec![0; 32]));
    let entry = Canonical::new("gongxin.audit.v1")
        .field("before", &before)
        .field("bureau", bureau.as_str())
        .field("no", (last + 1).to_be_bytes())
        .instant("at", at)
        .field("actor", actor)
        .field("action", action)
        .field("subject", subject.as_bytes())
        .finish();
    sqlx::query(
        "insert into audit (bureau, no, at, actor, action, subject, hash)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(bureau.as_str())
    .bind(last + 1)
    .bind(Ts(at))
    .bind(actor)
    .bind(action)
    .bind(subject)
    .bind(Sha256::digest(entry).as_slice())
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}
