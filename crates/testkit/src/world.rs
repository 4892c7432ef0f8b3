//! Databases copied from a migrated template, with the real roles.

use std::path::PathBuf;
use std::sync::Arc;

use gongxin_eventing::bus::Bus;
use gongxin_eventing::{Db, LogSetup, Pools, bootstrap};
use gongxin_kernel::{Clock, ManualClock, new_uuid};
use gongxin_transparency::SigningKey;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use tokio_util::task::TaskTracker;

use crate::setting;

/// Password of the roles on the private test server.
const PASSWORD: &str = "test";

/// A service's name and its own migrations.
pub type Schema = (&'static str, &'static Migrator);

/// One test's database, bus prefix and clock.
#[derive(Clone, Debug)]
pub struct World {
    server: String,
    database: String,
    nats: String,
    replicas: usize,
    prefix: String,
    clock: PathBuf,
}

impl World {
    /// A fresh world with these schemas; its clock stands at 2026-01-05 09:00 in China.
    pub async fn new(schemas: &[Schema]) -> Self {
        Self::on_postgres(&setting("GONGXIN_TEST_POSTGRES"), schemas).await
    }

    /// The same on the PostgreSQL that `server` names, as its superuser.
    pub async fn on_postgres(server: &str, schemas: &[Schema]) -> Self {
        let template = template(server, schemas).await;
        let name = format!("t{}", new_uuid().simple());
        let mut admin = connect(server, "postgres").await;
        let sql = format!("create database {name} template {template} strategy file_copy");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
        let clock = PathBuf::from(setting("GONGXIN_TEST_STATE")).join(format!("{name}.clock"));
        ManualClock::set(&clock, "2026-01-05T01:00:00Z".parse().unwrap()).unwrap();
        let nats = setting("GONGXIN_TEST_NATS");
        Self {
            server: server.to_owned(),
            database: name.clone(),
            nats,
            replicas: 1,
            prefix: name,
            clock,
        }
    }

    /// The same world on another nats-server.
    #[must_use]
    pub fn on_nats(mut self, url: &str) -> Self {
        url.clone_into(&mut self.nats);
        self
    }

    /// The same world with so many servers keeping each stream.
    #[must_use]
    pub fn keeping_streams(self, replicas: usize) -> Self {
        Self { replicas, ..self }
    }

    /// The same world with its clock at `at` from the start, earlier or later than usual.
    #[must_use]
    pub fn beginning(self, at: Timestamp) -> Self {
        std::fs::remove_file(&self.clock).unwrap();
        self.set_clock(at);
        self
    }

    /// URL of the database as `role`, e.g. `gx_intake_worker`.
    pub fn url(&self, role: &str) -> String {
        let host = self.server.rsplit_once('@').unwrap().1.split('/').next().unwrap();
        format!("postgres://{role}:{PASSWORD}@{host}/{}", self.database)
    }

    /// A connection as superuser, to look at what no role may see.
    pub async fn admin(&self) -> PgConnection {
        connect(&self.server, &self.database).await
    }

    /// The same as a pool.
    pub async fn admin_pool(&self) -> PgPool {
        PgPool::connect(&database_on(&self.server, &self.database)).await.unwrap()
    }

    /// URL of the bus.
    pub fn nats(&self) -> &str {
        &self.nats
    }

    /// How many servers keep each stream.
    pub fn replicas(&self) -> usize {
        self.replicas
    }

    /// Prefix of this world's subjects and streams.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// File of the manual clock, for child processes.
    pub fn clock_file(&self) -> &PathBuf {
        &self.clock
    }

    /// The manual clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(ManualClock::open(&self.clock).unwrap())
    }

    /// Moves the clock.
    pub fn set_clock(&self, at: Timestamp) {
        ManualClock::set(&self.clock, at).unwrap();
    }

    /// The database of `service`, as its own roles.
    pub fn db(&self, service: &str) -> Db {
        let (api, worker) =
            (self.url(&format!("gx_{service}")), self.url(&format!("gx_{service}_worker")));
        let pools = Pools::open(&api, &worker, service, 8).unwrap();
        Db::new(pools, self.clock(), TaskTracker::new()).in_name_of("明川县公安局")
    }

    /// The bus of `service`.
    pub async fn bus(&self, service: &str) -> Bus {
        Bus::connect(&self.nats, service, &self.prefix).await.unwrap()
    }

    /// The log of `service` with a fresh key, speaking for the bureau 619921.
    pub async fn log(&self, db: &Db, service: &str) -> Arc<LogSetup> {
        let bureaus = vec!["619921".to_owned()];
        Arc::new(LogSetup::open(db, service, bureaus, log_key(service)).await.unwrap())
    }
}

/// The signing key of a service's log; the same in every test, since tests prove nothing to
/// outsiders.
pub fn log_key(service: &str) -> SigningKey {
    let seed: [u8; 32] = Sha256::digest(format!("test key of {service}")).into();
    SigningKey::from_seed(format!("619921/{service}").parse().unwrap(), &seed)
}

async fn connect(server: &str, database: &str) -> PgConnection {
    PgConnection::connect(&database_on(server, database)).await.unwrap()
}

/// URL of `database` on the same server.
fn database_on(server: &str, database: &str) -> String {
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{database}")
}

/// Makes the template once per server for each set of migrations, whichever test comes first.
async fn template(postgres: &str, schemas: &[Schema]) -> String {
    let mut digest = Sha256::new();
    for (service, migrator) in schemas {
        digest.update(service);
        let all = gongxin_eventing::MIGRATIONS.iter().chain(migrator.iter());
        all.for_each(|migration| digest.update(&migration.checksum));
    }
    let digest = digest.finalize();
    let head = digest.first_chunk().expect("a digest has 32 bytes");
    let name = format!("template_{:016x}", u64::from_be_bytes(*head));

    let mut server = connect(postgres, "postgres").await;
    sqlx::raw_sql("select pg_advisory_lock(619921)").execute(&mut server).await.unwrap();
    let there: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut server)
            .await
            .unwrap();
    if !there {
        let fresh = format!("{name}_fresh");
        let sql = format!("drop database if exists {fresh} with (force)");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
        let sql = format!("create database {fresh}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
        migrate(postgres, &fresh, schemas).await;
        let sql = format!("alter database {fresh} rename to {name}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
    }
    sqlx::raw_sql("select pg_advisory_unlock(619921)").execute(&mut server).await.unwrap();
    name
}

async fn migrate(server: &str, database: &str, schemas: &[Schema]) {
    let admin = PgPool::connect(&database_on(server, database)).await.unwrap();
    for (service, own) in schemas {
        bootstrap::prepare(&admin, service, PASSWORD).await.unwrap();
        let host = server.rsplit_once('@').unwrap().1.split('/').next().unwrap();
        let url = format!("postgres://gx_{service}_owner:{PASSWORD}@{host}/{database}");
        let owner = PgPool::connect(&url).await.unwrap();
        bootstrap::migrate(&owner, own).await.unwrap();
        owner.close().await;
    }
    admin.close().await;
}
