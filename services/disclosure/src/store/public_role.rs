//! The database role of the public side: reads `public_*` and nothing else.

use sqlx::{AssertSqlSafe, PgPool};

/// Name of the role.
pub const PUBLIC_ROLE: &str = "gx_disclosure_public";

/// Makes the role in the database that `admin` is connected to, gives it `password` and opens the
/// public tables to it, as far as they are there: the migrations open them too, so either order
/// is right. Repeating it is harmless.
///
/// # Errors
/// A password that is not letters and digits; what the database refuses.
pub async fn prepare_public(admin: &PgPool, password: &str) -> Result<(), sqlx::Error> {
    if password.is_empty() || !password.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(sqlx::Error::Configuration("a password is letters and digits".into()));
    }
    let sql = include_str!("public_role.sql").replace("%password", password);
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(admin).await?;
    Ok(())
}
