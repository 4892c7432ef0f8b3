//! `audit`: who read personal data, chained per bureau.

use std::collections::BTreeMap;

use gongxin_kernel::{BureauCode, Canonical, Fault};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use crate::Ts;

/// Entries read in one transaction.
const BATCH: i64 = 1000;

/// One row without its hash.
struct Entry<'a> {
    no: i64,
    at: Ts,
    actor: &'a str,
    action: &'a str,
    subject: Uuid,
}

impl Entry<'_> {
    /// The hash that continues the chain of `bureau` from `before`.
    fn hash(&self, bureau: &BureauCode, before: &[u8]) -> [u8; 32] {
        let entry = Canonical::new("gongxin.audit.v1")
            .field("before", before)
            .field("bureau", bureau.as_str())
            .field("no", self.no.to_be_bytes())
            .instant("at", self.at.0)
            .field("actor", self.actor)
            .field("action", self.action)
            .field("subject", self.subject.as_bytes())
            .finish();
        Sha256::digest(entry).into()
    }
}

/// Somebody read something, to be recorded.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) at: Timestamp,
    pub(crate) actor: String,
    pub(crate) action: &'static str,
    pub(crate) subject: Uuid,
}

/// Continues the chain of `bureau` by these reads, in this order.
pub(crate) async fn append(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    reads: &[Read],
) -> Result<(), Fault> {
    // One writer per bureau at a time, or two entries would continue the same head.
    sqlx::query(
        "select pg_advisory_xact_lock(hashtextextended(current_schema() || 'audit' || $1, 0))",
    )
    .bind(bureau.as_str())
    .execute(&mut *conn)
    .await
    .or_fault()?;
    let (last, mut head) = head(conn, bureau).await?.unwrap_or((0, vec![0; 32]));
    let mut hashes = Vec::with_capacity(reads.len());
    for (no, Read { at, actor, action, subject }) in (last + 1..).zip(reads) {
        let entry = Entry { no, at: Ts(*at), actor, action, subject: *subject };
        head = entry.hash(bureau, &head).to_vec();
        hashes.push(head.clone());
    }
    sqlx::query(
        "insert into audit (bureau, no, at, actor, action, subject, hash)
         select $1, $2 + n, at, actor, action, subject, hash
           from unnest($3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::bytea[])
                with ordinality as t(at, actor, action, subject, hash, n)",
    )
    .bind(bureau.as_str())
    .bind(last)
    .bind(reads.iter().map(|read| Ts(read.at)).collect::<Vec<_>>())
    .bind(reads.iter().map(|read| read.actor.as_str()).collect::<Vec<_>>())
    .bind(reads.iter().map(|read| read.action).collect::<Vec<_>>())
    .bind(reads.iter().map(|read| read.subject).collect::<Vec<_>>())
    .bind(hashes)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Number and hash of the newest entry.
pub(crate) async fn head(
    conn: &mut PgConnection,
    bureau: &BureauCode,
) -> Result<Option<(i64, Vec<u8>)>, Fault> {
    sqlx::query_as("select no, hash from audit where bureau = $1 order by no desc limit 1")
        .bind(bureau.as_str())
        .fetch_optional(conn)
        .await
        .or_fault()
}

/// Some entries after number `after`, whose hash is `before`: the last number and hash,
/// or the number of the first entry that does not continue the chain or is not the one whose
/// hash `heads` has under its number.
pub(crate) async fn check(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    after: i64,
    before: Vec<u8>,
    heads: &BTreeMap<u64, Vec<u8>>,
) -> Result<Result<(i64, Vec<u8>), u64>, Fault> {
    let rows: Vec<(i64, Ts, String, String, Uuid, Vec<u8>)> = sqlx::query_as(
        "select no, at, actor, action, subject, hash from audit
          where bureau = $1 and no > $2 order by no limit $3",
    )
    .bind(bureau.as_str())
    .bind(after)
    .bind(BATCH)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let (mut last, mut head) = (after, before);
    for (no, at, actor, action, subject, hash) in rows {
        let entry = Entry { no, at, actor: &actor, action: &action, subject };
        let is_entered = heads.get(&no.unsigned_abs()).is_none_or(|entered| *entered == hash);
        if no != last + 1 || hash != entry.hash(bureau, &head) || !is_entered {
            return Ok(Err(no.unsigned_abs()));
        }
        (last, head) = (no, hash);
    }
    Ok(Ok((last, head)))
}
