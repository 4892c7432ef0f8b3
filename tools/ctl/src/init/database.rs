//! The database, its roles and its schemas.

use anyhow::Context as _;
use gongxin_eventing::bootstrap;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgPool};

use super::arguments::Arguments;

/// Name of the one database of a deployment.
pub(crate) const NAME: &str = "gongxin";

/// Makes the database unless it is there, and in it the roles and schema of each service.
pub(crate) async fn prepare(arguments: &Arguments, password: &str) -> anyhow::Result<()> {
    let server: PgConnectOptions = arguments.postgres.parse().context("--postgres")?;
    let pool = PgPool::connect_with(server.clone()).await.context("--postgres")?;
    bootstrap::create_database(&pool, NAME).await.context("the database")?;
    pool.close().await;

    let pool = PgPool::connect_with(server.database(NAME)).await?;
    for (service, _) in &arguments.services {
        bootstrap::prepare(&pool, service, password)
            .await
            .with_context(|| format!("roles and schema of {service}"))?;
    }
    gongxin_disclosure::prepare_public(&pool, password).await.context("role of the public side")?;
    pool.close().await;
    Ok(())
}

/// URL of the database as `role`, without a password.
pub(crate) fn url(arguments: &Arguments, role: &str) -> anyhow::Result<String> {
    let server: PgConnectOptions = arguments.postgres.parse().context("--postgres")?;
    let url = server.username(role).password("").database(NAME).to_url_lossy();
    Ok(url.to_string().replacen(":@", "@", 1))
}
