//! `documents`: legal documents as they were issued.

use gongxin_kernel::Fault;
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use crate::Ts;

/// A document to be kept.
pub(crate) struct Row<'a> {
    pub(crate) id: Uuid,
    pub(crate) bureau: &'a str,
    pub(crate) matter: Uuid,
    pub(crate) kind: &'a str,
    pub(crate) number: &'a str,
    pub(crate) at: Ts,
    pub(crate) content: &'a str,
    pub(crate) digest: &'a [u8; 32],
}

pub(crate) async fn insert(conn: &mut PgConnection, row: &Row<'_>) -> Result<(), Fault> {
    sqlx::query(
        "insert into documents (id, bureau, matter, kind, number, at, content, digest)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(row.id)
    .bind(row.bureau)
    .bind(row.matter)
    .bind(row.kind)
    .bind(row.number)
    .bind(row.at)
    .bind(row.content)
    .bind(row.digest.as_slice())
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// A document as stored, beside what its event says.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Stored {
    pub(crate) matter: Uuid,
    pub(crate) content: String,
    pub(crate) event: Uuid,
    pub(crate) data: Vec<u8>,
    pub(crate) canonical: Vec<u8>,
}

pub(crate) async fn find(conn: &mut PgConnection, id: Uuid) -> Result<Option<Stored>, Fault> {
    sqlx::query_as(
        "select d.matter, d.content, e.id as event, e.data, e.canonical
           from documents d join events e on e.aggregate = d.id and e.version = 1
          where d.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
    .or_fault()
}

/// A document as lists name it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) number: String,
    pub(crate) at: Ts,
    pub(crate) digest: Vec<u8>,
}

/// The documents of a matter, in the order of their issue.
pub(crate) async fn of_matter(conn: &mut PgConnection, matter: Uuid) -> Result<Vec<Line>, Fault> {
    sqlx::query_as(
        "select id, kind, number, at, digest from documents where matter = $1 order by at, id",
    )
    .bind(matter)
    .fetch_all(conn)
    .await
    .or_fault()
}

pub(crate) async fn count(conn: &mut PgConnection) -> Result<u64, Fault> {
    let count: i64 =
        sqlx::query_scalar("select count(id) from documents").fetch_one(conn).await.or_fault()?;
    Ok(count.unsigned_abs())
}
