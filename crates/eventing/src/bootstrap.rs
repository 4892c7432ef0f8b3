//! Roles, schemas and migrations: what an administrator does once per database.

use std::fmt::Write as _;

use sqlx::migrate::{Migration, Migrator};
use sqlx::{AssertSqlSafe, PgPool};

use crate::MIGRATIONS;

/// The three roles of a service.
pub const ROLE_SUFFIXES: [&str; 3] = ["_owner", "", "_worker"];

/// Makes the database `name` on the server of `admin`, unless it is there.
pub async fn create_database(admin: &PgPool, name: &str) -> Result<(), sqlx::Error> {
    let is_there: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(name)
            .fetch_one(admin)
            .await?;
    let is_name = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if !is_name || name.is_empty() {
        return Err(sqlx::Error::Configuration("a database is named in lower-case letters".into()));
    }
    if !is_there {
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(admin).await?;
    }
    Ok(())
}

/// Makes roles and schema of `service` in the database that `admin` is connected to, and gives
/// the roles `password`. Repeating it is harmless.
pub async fn prepare(admin: &PgPool, service: &str, password: &str) -> Result<(), sqlx::Error> {
    let is_name = !service.is_empty() && service.bytes().all(|b| b.is_ascii_lowercase());
    let is_plain = !password.is_empty() && password.bytes().all(|b| b.is_ascii_alphanumeric());
    if !is_name || !is_plain {
        return Err(sqlx::Error::Configuration(
            "service is lower-case letters, password letters and digits".into(),
        ));
    }
    let mut sql = include_str!("../sql/bootstrap.sql").replace("%s", service);
    for suffix in ROLE_SUFFIXES {
        writeln!(sql, "alter role gx_{service}{suffix} password '{password}';")
            .expect("writing to a string cannot fail");
    }
    // One transaction and one lock for all of it: suites that start side by side alter the same
    // roles, and PostgreSQL fails such updates instead of queueing them.
    let guarded = format!(
        "begin; select pg_advisory_xact_lock(hashtextextended('gongxin bootstrap', 0)); {sql} commit;"
    );
    sqlx::raw_sql(AssertSqlSafe(guarded)).execute(admin).await?;
    Ok(())
}

/// Runs the shared migrations and then the service's own, as the schema's owner.
pub async fn migrate(owner: &PgPool, own: &Migrator) -> Result<(), sqlx::migrate::MigrateError> {
    let all: Vec<Migration> = MIGRATIONS.iter().chain(own.iter()).cloned().collect();
    Migrator::with_migrations(all).run(owner).await
}
