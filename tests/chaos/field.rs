//! Where it happens: a county with a PostgreSQL and a bus of its own, all of which may be killed.

use std::path::PathBuf;

use gongxin_kernel::new_uuid;
use gongxin_testkit::{NatsServer, PostgresServer, setting};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::sync::Mutex;

use super::disk::Disk;
use super::history::History;
use super::schedule::{Bus, Plan};
use super::witness::Witness;
use crate::county::{County, Setup};
use crate::process::Process;

/// Services that follow another one.
pub(super) const FOLLOWERS: [(&str, &[&str]); 4] = [
    ("review", &["intake"]),
    ("supervision", &["intake", "review"]),
    ("accountability", &["supervision"]),
    ("disclosure", &["intake", "review"]),
];
/// Every service.
pub(super) const SERVICES: [&str; 5] =
    ["intake", "review", "supervision", "accountability", "disclosure"];

/// The county under fire.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) county: County,
    pub(super) postgres: Mutex<PostgresServer>,
    pub(super) bus: Mutex<Vec<NatsServer>>,
    pub(super) witness: Witness,
    pub(super) history: History,
    /// Disks of PostgreSQL and of the bus that can be filled, where this machine lets us have them.
    pub(super) disks: Option<[Disk; 2]>,
    /// Aggregates of events that nobody can read, put there on purpose.
    pub(super) poisoned: Mutex<Vec<String>>,
}

impl Field {
    pub(super) async fn new(plan: &Plan) -> Self {
        let home = PathBuf::from(setting("GONGXIN_TEST_STATE"));
        let own = |what: &str| home.join(format!("{what}-{}", new_uuid().simple()));
        let wants_disks = plan
            .faults
            .iter()
            .any(|fault| matches!(fault, super::Fault::DiskFull | super::Fault::BusDiskFull));
        let disks = if wants_disks { Disk::pair(&own("disk"), &own("bus-disk")) } else { None };
        let postgres = match &disks {
            Some([disk, _]) => PostgresServer::start_in(disk.folder().join("postgres")).await,
            None => PostgresServer::start().await,
        };
        let bus = match (plan.bus, &disks) {
            (Bus::Cluster, _) => Vec::from(NatsServer::start_cluster().await),
            (Bus::Single, None) => vec![NatsServer::start().await],
            (Bus::Single, Some([_, disk])) => {
                let mut server = NatsServer::storing_in(disk.folder().join("jetstream"));
                server.restart().await;
                vec![server]
            }
        };
        let urls: Vec<String> = bus.iter().map(NatsServer::url).collect();
        let setup = Setup {
            nats: Some(urls.join(",")),
            replicas: bus.len(),
            postgres: Some(postgres.url()),
            ..Setup::default()
        };
        let county = County::new(setup).await;
        let world = county.deployment.world();
        let witness = Witness::start(world.nats(), world.prefix()).await;
        let history = History::begin(&county.deployment.path("history.jsonl"));
        Self {
            county,
            postgres: Mutex::new(postgres),
            bus: Mutex::new(bus),
            witness,
            history,
            disks,
            poisoned: Mutex::default(),
        }
    }

    /// The process of a service.
    pub(super) fn process(&self, service: &str) -> &Process {
        let all = self.county.processes();
        all.into_iter().find(|process| process.name == service).unwrap()
    }

    /// A connection that may see and change everything.
    pub(super) async fn admin(&self) -> PgConnection {
        self.county.deployment.world().admin().await
    }

    /// One number out of the database, e.g. a count.
    pub(super) async fn number(&self, sql: String) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut self.admin().await).await.unwrap()
    }

    /// How many entries each log has now.
    pub(super) async fn sizes(&self) -> Vec<(&'static str, i64)> {
        let mut sizes = Vec::new();
        for service in SERVICES {
            let sql = format!("select coalesce(max(seq) + 1, 0) from {service}.log");
            sizes.push((service, self.number(sql).await));
        }
        sizes
    }

    /// What has not come everywhere of the entries that the logs had at `sizes`.
    pub(super) async fn behind(&self, sizes: &[(&'static str, i64)]) -> Vec<String> {
        let size = |service: &str| sizes.iter().find(|(name, _)| *name == service).unwrap().1;
        let mut behind = Vec::new();
        for (service, size) in sizes {
            let relayed = self.cursor(service, "relay").await;
            if relayed < *size {
                behind.push(format!("{service} has sent {relayed} of {size}"));
            }
        }
        for (follower, sources) in FOLLOWERS {
            for source in sources {
                let applied = self.cursor(follower, &format!("619921/{source}")).await;
                if applied < size(source) {
                    behind
                        .push(format!("{follower} has {applied} of {} of {source}", size(source)));
                }
            }
        }
        behind
    }

    /// Where a loop of a service stands.
    pub(super) async fn cursor(&self, service: &str, name: &str) -> i64 {
        let sql = format!(
            "select coalesce((select position from {service}.cursors where name = '{name}'), 0)"
        );
        self.number(sql).await
    }
}
