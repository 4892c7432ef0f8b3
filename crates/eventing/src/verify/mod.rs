//! The log held against its tree, its checkpoints, its followers, and the rows that it tells of.
//!
//! The auditor reads the database alone and believes no running service. All of a service is read
//! in one moment, without a lock, so that it can be done beside a suite at work.

mod finding;
mod log;
mod rows;
mod tree;

use std::sync::Arc;

use futures::future::BoxFuture;
use gongxin_kernel::{Fault, SystemClock};
use gongxin_transparency::VerifierKey;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::store::verify as store;
use crate::{Db, OrFault as _, Pools, Tx, audit, reasons, relay};

pub use finding::{Defect, Finding, Report};

/// The newest event of an aggregate.
#[derive(Clone, Debug)]
pub struct Newest {
    /// The aggregate.
    pub aggregate: Uuid,
    /// `entity.event`
    pub subject: String,
    /// The protobuf message of the event.
    pub data: Vec<u8>,
}

impl Newest {
    /// First half of the subject, e.g. `finding`.
    pub fn entity(&self) -> &str {
        self.subject.split('.').next().unwrap_or_default()
    }
}

/// How the rows of a service are recomputed: what each service lends to an auditor.
pub trait Records: Send + Sync {
    /// The canonical form of an aggregate, loaded from its rows, in the form of which its newest
    /// event has the digest. The transaction sees the aggregate's bureau, and only reads.
    ///
    /// # Errors
    /// A fault of the kind `NotFound` when there are no rows; any other reason of the service when
    /// rows contradict each other.
    fn canonical<'t>(
        &'t self,
        tx: &'t mut Tx,
        newest: &'t Newest,
    ) -> BoxFuture<'t, Result<Vec<u8>, Fault>>;

    /// Ids of everything in the rows of the transaction's bureau that some event must tell of.
    fn ids<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<Vec<Uuid>, Fault>>;

    /// Names of the services whose logs this service follows.
    fn follows(&self) -> &'static [&'static str];

    /// The case that `name` stands for in the rows of the transaction's bureau: its id, or one of
    /// its numbers.
    fn find_case<'t>(
        &'t self,
        tx: &'t mut Tx,
        name: &'t str,
    ) -> BoxFuture<'t, Result<Option<Case>, Fault>>;

    /// What stands in the rows of the transaction's bureau about a case.
    fn held<'t>(
        &'t self,
        tx: &'t mut Tx,
        case: &'t Case,
    ) -> BoxFuture<'t, Result<Vec<Held>, Fault>>;

    /// What must stand in the rows about a case once this service has applied a followed event of
    /// the case with this subject; nothing where it need not leave anything.
    fn projected(&self, subject: &str) -> Option<Projection>;
}

/// What a followed event leaves behind in the rows of the follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projection {
    /// A row of this table, with the id of the event.
    OfEvent(&'static str),
    /// At least one row of this table about the case.
    OfCase(&'static str),
}

/// A case as the services name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Id of the report and of the case that came of it.
    pub id: Uuid,
    /// Number of the report; empty where the service does not know it.
    pub report_number: String,
    /// Number of the case; empty where there is none.
    pub case_number: String,
}

/// One row about a case, by name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its table.
    pub table: String,
    /// Its id; in a table that has one row an event, the id of the event.
    pub id: Uuid,
    /// Whether it is an aggregate of which this service's own events tell.
    pub own: bool,
}

/// As a service's SQL gives it: table, id, whether it is its own aggregate.
impl From<(String, Uuid, bool)> for Held {
    fn from((table, id, own): (String, Uuid, bool)) -> Self {
        Self { table, id, own }
    }
}

/// How far one service has followed the log of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    /// Who follows.
    pub service: String,
    /// The followed log, e.g. `619921/intake`.
    pub log_id: String,
    /// Number of the entry that comes next.
    pub position: u64,
    /// Incarnation of the log at the last entry; empty before the first.
    pub incarnation: String,
    /// Id of the last entry's event; empty before the first.
    pub last_event: String,
}

/// A database for auditors and operators, over a service's own two roles; nothing runs in it.
///
/// # Errors
/// When an address cannot be read. An unreachable database shows at the first use.
pub fn open(api_url: &str, worker_url: &str) -> Result<Db, Fault> {
    let pools = Pools::open(api_url, worker_url, "gongxinctl", 2).or_fault()?;
    Ok(Db::new(pools, Arc::new(SystemClock), TaskTracker::new()))
}

/// Whom `service` follows, and how far. Read this of every service before [`verify`] reads the
/// followed one: a log only grows.
pub async fn followed(db: &Db, service: &str) -> Result<Vec<Follower>, Fault> {
    let mut moment = db.moment("followed").await?;
    let cursors = store::cursors(moment.machine.conn()).await?;
    let follows = |(log_id, position, incarnation, last_event): (String, i64, _, _)| Follower {
        service: service.to_owned(),
        log_id,
        position: position.unsigned_abs(),
        incarnation,
        last_event,
    };
    Ok(cursors.into_iter().filter(|cursor| cursor.0 != relay::CURSOR).map(follows).collect())
}

/// Verifies everything of one service, whose log `key` has signed; `followers` are those of any
/// log. What is wrong is in the report; the error is for what could not be read at all.
///
/// # Errors
/// Faults of the database.
pub async fn verify(
    db: &Db,
    key: &VerifierKey,
    records: &dyn Records,
    followers: &[Follower],
) -> Result<Report, Fault> {
    let name = key.name().as_str();
    let service = name.rsplit('/').next().unwrap_or(name).to_owned();
    let mut report = Report { service, ..Report::default() };
    let mut moment = db.moment("verify").await?;
    let conn = moment.machine.conn();

    log::queue(conn, &mut report).await?;
    log::entries(conn, key, &mut report).await?;
    log::followers(conn, key, followers, &mut report).await?;
    let bureaus = store::bureaus(conn).await?;
    for bureau in bureaus {
        let bureau: gongxin_kernel::BureauCode =
            bureau.parse().map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
        let chain = audit::check_chain(moment.machine.conn(), &bureau).await?;
        report.audited += chain.entries;
        if let Some(broken) = chain.broken_at {
            report.found(Defect::AuditDiffers, broken, None, format!("bureau {bureau}"));
        }
        moment.rows.look_at(bureau).await?;
        rows::check(&mut moment.rows, records, &mut report).await?;
    }
    Ok(report)
}
