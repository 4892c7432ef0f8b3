//! What an operator looks at, read from the database and the bus beside the running services.

use gongxin_kernel::Fault;
use gongxin_proto::operations::v1::Envelope;
use jiff::Timestamp;
use uuid::Uuid;

use crate::bus::Bus;
use crate::store::{deadlines, log, operator, quarantine, verify as store};
use crate::verify::{Case, Held, Records};
use crate::{Db, relay};

/// Where the log of a service stands, and how far the service has followed others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Log id, e.g. `619921/intake`; empty before the service ran for the first time.
    pub log_id: String,
    /// Entries of the log.
    pub size: u64,
    /// Events committed and not yet numbered.
    pub unsequenced: u64,
    /// Entries handed to the bus.
    pub relayed: u64,
    /// Log ids of those followed, with the number of the entry that comes next.
    pub cursors: Vec<(String, u64)>,
    /// Messages set aside.
    pub quarantined: u64,
}

impl Standing {
    /// How many entries of a followed log were applied: none before the first was read.
    pub fn applied(&self, log_id: &str) -> u64 {
        self.cursors.iter().find(|(name, _)| name == log_id).map_or(0, |(_, position)| *position)
    }
}

/// An event of an aggregate, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its id.
    pub event: Uuid,
    /// What it is about.
    pub aggregate: Uuid,
    /// The version that it made.
    pub version: u32,
    /// `entity.event`
    pub subject: String,
    /// Legal time.
    pub at: Timestamp,
    /// Its number in the log; none while it waits.
    pub sequence: Option<u64>,
}

/// A message that is or was set aside, without what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct SetAside {
    /// Log id of its source.
    pub source: String,
    /// Its number there.
    pub sequence: u64,
    /// Everything about it but its data.
    pub headers: Envelope,
    /// Why it was set aside.
    pub reason: String,
    /// Whether it only waits behind an earlier message of its aggregate.
    pub parked: bool,
    /// `open`, `applied` or `closed`.
    pub state: String,
    /// Who resolved it, and why.
    pub resolution: Option<String>,
}

/// An open legal period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// What it is about.
    pub aggregate: Uuid,
    /// Its rule.
    pub rule: String,
    /// `running` or `overdue`.
    pub state: String,
    /// The last instant in time.
    pub due_at: Timestamp,
    /// When the runner acts next.
    pub next_at: Timestamp,
}

/// Where the service of `db` stands.
pub async fn standing(db: &Db) -> Result<Standing, Fault> {
    let mut moment = db.moment("standing").await?;
    let conn = moment.machine.conn();
    let mut standing = Standing {
        log_id: store::identity(conn).await?.map(|(log_id, _)| log_id).unwrap_or_default(),
        size: log::size(conn).await?,
        unsequenced: store::count_unsequenced(conn).await?,
        quarantined: quarantine::count_open(conn).await?,
        ..Standing::default()
    };
    for (name, position, ..) in store::cursors(conn).await? {
        let position = position.unsigned_abs();
        if name == relay::CURSOR {
            standing.relayed = position;
        } else {
            standing.cursors.push((name, position));
        }
    }
    Ok(standing)
}

/// The events of these aggregates, oldest first.
pub async fn steps(db: &Db, aggregates: &[Uuid]) -> Result<Vec<Step>, Fault> {
    let mut moment = db.moment("steps").await?;
    operator::steps(moment.machine.conn(), aggregates).await
}

/// Messages set aside; with `all`, also those resolved.
pub async fn set_aside(db: &Db, all: bool) -> Result<Vec<SetAside>, Fault> {
    let mut moment = db.moment("set_aside").await?;
    operator::set_aside(moment.machine.conn(), all).await
}

/// The first `limit` open periods by their end, and how many there are by rule and state.
pub async fn periods(
    db: &Db,
    limit: u32,
) -> Result<(Vec<Period>, Vec<(String, String, u64)>), Fault> {
    let mut moment = db.moment("periods").await?;
    let conn = moment.machine.conn();
    Ok((operator::periods(conn, limit.into()).await?, deadlines::counts(conn).await?))
}

/// The case that a number or id names in the rows of this service, looked for in each bureau.
pub async fn find_case(
    db: &Db,
    records: &dyn Records,
    bureaus: &[gongxin_kernel::BureauCode],
    name: &str,
) -> Result<Option<Case>, Fault> {
    let mut moment = db.moment("find_case").await?;
    for bureau in bureaus {
        moment.rows.look_at(bureau.clone()).await?;
        if let Some(case) = records.find_case(&mut moment.rows, name).await? {
            return Ok(Some(case));
        }
    }
    Ok(None)
}

/// What stands in the rows of this service about a case.
pub async fn held(
    db: &Db,
    records: &dyn Records,
    bureaus: &[gongxin_kernel::BureauCode],
    case: &Case,
) -> Result<Vec<Held>, Fault> {
    let mut moment = db.moment("held").await?;
    let mut held = Vec::new();
    for bureau in bureaus {
        moment.rows.look_at(bureau.clone()).await?;
        held.extend(records.held(&mut moment.rows, case).await?);
    }
    Ok(held)
}

impl Bus {
    /// Where in its stream the bus has entry `sequence` of a log; none when it does not have it.
    /// Messages come in the order of the log, but for those that were published twice.
    ///
    /// # Errors
    /// When the bus does not answer, or has no such stream.
    pub async fn place_of(
        &self,
        log_id: &str,
        sequence: u64,
    ) -> Result<Option<u64>, async_nats::Error> {
        let stream = self.context().get_stream(self.stream_name(log_id)).await?;
        let state = &stream.cached_info().state;
        let (mut low, mut high) = (state.first_sequence.max(1), state.last_sequence + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            let message = stream.get_raw_message(middle).await?;
            let number =
                message.headers.get("ce-sequence").map(|value| value.as_str().parse::<u64>());
            match number {
                Some(Ok(number)) if number == sequence => return Ok(Some(middle)),
                Some(Ok(number)) if number > sequence => high = middle,
                _ => low = middle + 1,
            }
        }
        Ok(None)
    }
}
