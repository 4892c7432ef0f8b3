//! What the public side reads: rows of `public_*`, by a role that can read nothing else.

pub(super) mod portal;

use gongxin_disclosure_domain::{MOST_CODES, Salt};
use gongxin_eventing::Ts;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

/// A report as the public may see it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Matter {
    pub(super) report: Uuid,
    pub(super) number: String,
    pub(super) unit_name: String,
    pub(super) registered_at: Ts,
    pub(super) stage: String,
    pub(super) clock: Option<String>,
    pub(super) clock_until: Option<Ts>,
}

/// A step of its way.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Step {
    pub(super) what: String,
    pub(super) at: Ts,
}

/// A published text.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Document {
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) published_at: Ts,
}

/// One instant of all tables, so that no page shows a stage without the step that led to it.
pub(super) async fn snapshot(pool: &PgPool) -> sqlx::Result<Transaction<'_, Postgres>> {
    pool.begin_with("begin isolation level repeatable read read only").await
}

pub(super) async fn matter(
    conn: &mut PgConnection,
    bureau: &str,
    number: &str,
) -> sqlx::Result<Option<Matter>> {
    sqlx::query_as(
        "select report, number, unit_name, registered_at, stage, clock, clock_until
           from public_matters where bureau = $1 and number = $2",
    )
    .bind(bureau)
    .bind(number)
    .fetch_optional(conn)
    .await
}

/// Salts and digests of the codes that open a report now.
pub(super) async fn codes(
    conn: &mut PgConnection,
    report: Uuid,
) -> sqlx::Result<Vec<(Salt, [u8; 32])>> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("select salt, digest from public_codes where report = $1 and live limit $2")
            .bind(report)
            .bind(i64::try_from(MOST_CODES).unwrap_or(i64::MAX))
            .fetch_all(conn)
            .await?;
    let exact = rows
        .into_iter()
        .filter_map(|(salt, digest)| Some((salt.try_into().ok()?, digest.try_into().ok()?)));
    Ok(exact.collect())
}

pub(super) async fn steps(conn: &mut PgConnection, report: Uuid) -> sqlx::Result<Vec<Step>> {
    sqlx::query_as("select what, at from public_steps where report = $1 order by at, what")
        .bind(report)
        .fetch_all(conn)
        .await
}

/// The texts published last.
pub(super) async fn documents(pool: &PgPool, bureau: &str) -> sqlx::Result<Vec<Document>> {
    sqlx::query_as(
        "select kind, text, published_at from public_documents where bureau = $1
          order by published_at desc, id limit 50",
    )
    .bind(bureau)
    .fetch_all(pool)
    .await
}
