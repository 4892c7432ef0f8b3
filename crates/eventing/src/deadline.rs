//! Legal periods that run: started, moved and closed by transactions, fired by the runner.
//!
//! A period fires in the same transaction as its effect and its events. Overdue never goes
//! quiet: reminders come every day until somebody closes the matter.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::future::BoxFuture;
use gongxin_kernel::Fault;
use gongxin_law::Facts;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::store::deadlines::{self, Row};
use crate::{Db, Scope, Stale, Tx, reasons};

const POLL: Duration = Duration::from_millis(250);
/// How often a manual clock is looked at in between.
const GLANCE: Duration = Duration::from_millis(10);
const BATCH: i64 = 200;
/// How many fire at the same time: most of the loops' connections, not all of them.
const AT_ONCE: usize = 4;
const RETRY_SECONDS: f64 = 5.0;
/// The system clock may drift from the monotonic clock by this much between two sweeps.
const JUMP: SignedDuration = SignedDuration::from_secs(60);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A legal period to be watched.
#[derive(Clone, Debug)]
pub struct NewDeadline {
    /// Whose period it is.
    pub aggregate: Uuid,
    /// Rule id in the law engine.
    pub rule: &'static str,
    /// Version of the rule that the date of the act picked.
    pub rule_version: String,
    /// What of the aggregate it is about, e.g. a suspect; the aggregate itself otherwise.
    pub subject: Uuid,
    /// What started it.
    pub started_at: Timestamp,
    /// When to warn, if the rule warns.
    pub warn_at: Option<Timestamp>,
    /// Last instant in time.
    pub due_at: Timestamp,
    /// Whether a calendar that is not published yet had to be assumed.
    pub assumed: bool,
    /// The steps of the computation, for people.
    pub explained: Vec<String>,
    /// What the law computed it from beside its start, so that another law can compute it again;
    /// none for a period that the house sets.
    pub facts: Option<Facts>,
}

/// What has come for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It will end soon.
    Warning,
    /// It has ended and the matter is open.
    Overdue,
    /// It is overdue since so many days.
    Reminder(u32),
}

/// A period whose moment has come.
#[derive(Clone, Debug)]
pub struct Due {
    /// Whose period it is.
    pub aggregate: Uuid,
    /// Rule id in the law engine.
    pub rule: String,
    /// What of the aggregate it is about.
    pub subject: Uuid,
    /// Last instant in time.
    pub due_at: Timestamp,
    /// What has come.
    pub moment: Moment,
}

/// What a service does when a period's moment comes.
pub trait Deadlines: Send + Sync {
    /// Acts within the transaction that marks the period; `tx` speaks for the period's bureau
    /// and holds the aggregate's lock. It may close or move the period.
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>>;

    /// Computes a running period again, because the law has changed, within a transaction that
    /// holds the aggregate's lock; the service moves the period and tells of it by an event. A
    /// service whose periods are all of the house has nothing to compute.
    fn recompute<'t>(
        &'t self,
        tx: &'t mut Tx,
        stale: &'t Stale,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        let _ = tx;
        let what = format!("{} is no period of law here", stale.rule);
        Box::pin(async { Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what)) })
    }
}

impl Tx {
    /// Starts a period; at most one of a rule and subject runs at a time.
    pub async fn start_deadline(&mut self, deadline: &NewDeadline) -> Result<(), Fault> {
        let bureau = self.bureau()?.clone();
        let next = first_moment(deadline, self.at());
        let basis = self.basis();
        deadlines::insert(self.conn(), bureau.as_str(), deadline, &basis, next).await?;
        self.ring_after_commit();
        Ok(())
    }

    /// Moves the end of a running period, as a lawful extension does. One already past stays
    /// past.
    pub async fn move_deadline(&mut self, to: &NewDeadline) -> Result<(), Fault> {
        let next = first_moment(to, self.at());
        self.write_move((to.clone(), next)).await?;
        self.ring_after_commit();
        Ok(())
    }

    /// Writes moves of periods; each must run and not be over.
    pub(crate) async fn write_moves(&mut self, moves: &[deadlines::Move]) -> Result<(), Fault> {
        let (basis, now) = (self.basis(), self.at());
        // A period that is over but that nobody has looked at yet is over all the same.
        let count = deadlines::reschedule(self.conn(), moves, &basis, now).await?;
        if count == moves.len() as u64 {
            return Ok(());
        }
        let what = format!("{count} of {} periods run and can be moved", moves.len());
        Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what))
    }

    /// Closes a period because what it asks for was done at `done_at`; nothing when none is open.
    pub async fn meet_deadline(
        &mut self,
        aggregate: Uuid,
        rule: &str,
        subject: Uuid,
        done_at: Timestamp,
    ) -> Result<(), Fault> {
        let Some(row) = deadlines::open(self.conn(), aggregate, rule, subject).await? else {
            return Ok(());
        };
        let state = if done_at <= row.due_at.0 { "met" } else { "met_late" };
        let at = self.at();
        deadlines::close(self.conn(), row.id, state, at).await
    }

    /// Closes a period that no longer applies; nothing when none is open.
    pub async fn cancel_deadline(
        &mut self,
        aggregate: Uuid,
        rule: &str,
        subject: Uuid,
    ) -> Result<(), Fault> {
        let Some(row) = deadlines::open(self.conn(), aggregate, rule, subject).await? else {
            return Ok(());
        };
        let at = self.at();
        deadlines::close(self.conn(), row.id, "cancelled", at).await
    }
}

/// The warning, also when its time has passed before anybody entered the period; the end once
/// that has come.
fn first_moment(deadline: &NewDeadline, now: Timestamp) -> Timestamp {
    let end = just_after(deadline.due_at);
    deadline.warn_at.filter(|_| now < end).map_or(end, |warn| warn.min(end))
}

/// The last instant of a period is still in time; it is over one microsecond later.
fn just_after(due_at: Timestamp) -> Timestamp {
    due_at + SignedDuration::from_micros(1)
}

/// Sweeps until `stop`. Any number of replicas may run it: a period's lock and state make each
/// moment happen once.
pub(crate) async fn run(db: &Db, handler: Arc<dyn Deadlines>, stop: CancellationToken) {
    let mut guard = Guard::new(db);
    while !stop.is_cancelled() {
        let rung = db.committed().notified();
        tokio::pin!(rung);
        rung.as_mut().enable();
        let fired = if guard.allows(db) { sweep(db, &handler).await } else { 0 };
        if fired > 0 {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = rung => {}
            () = until_time_to_look(db) => {}
        }
    }
}

/// A while; less when a manual clock moves, for whoever moves it waits for what is due.
async fn until_time_to_look(db: &Db) {
    if !db.clock().is_manual() {
        return tokio::time::sleep(POLL).await;
    }
    let before = db.clock().now();
    for _ in 0..POLL.as_millis() / GLANCE.as_millis() {
        tokio::time::sleep(GLANCE).await;
        if db.clock().now() != before {
            return;
        }
    }
}

/// Fires what has come; gives how many moments passed without a fault.
async fn sweep(db: &Db, handler: &Arc<dyn Deadlines>) -> usize {
    let now = db.clock().now();
    let due = db
        .transaction("deadlines_due", Scope::All, move |tx| {
            Box::pin(async move { deadlines::due(tx.conn(), now, BATCH).await })
        })
        .await;
    let due = match due {
        Ok(due) => due,
        Err(fault) => {
            tracing::debug!(error = %fault, "deadlines not read");
            return 0;
        }
    };
    // Each is a transaction of its own; those that run at once share the flush of their commits.
    let fired = futures::stream::iter(due).map(|(id, aggregate)| async move {
        match fire(db, handler, id, aggregate).await {
            Ok(()) => 1,
            Err(fault) => {
                tracing::error!(deadline.id = %id, error = %fault, cause = fault.cause(), "a deadline did not fire");
                postpone(db, id).await;
                0
            }
        }
    });
    fired.buffer_unordered(AT_ONCE).fold(0, async |sum, one| sum + one).await
}

async fn fire(
    db: &Db,
    handler: &Arc<dyn Deadlines>,
    id: Uuid,
    aggregate: Uuid,
) -> Result<(), Fault> {
    let handler = Arc::clone(handler);
    let span = tracing::info_span!(
        parent: None, "deadline", otel.name = "deadline", deadline.id = %id, aggregate.id = %aggregate
    );
    let work = db.transaction("deadline_fire", Scope::All, move |tx| {
        let handler = Arc::clone(&handler);
        Box::pin(async move {
            tx.lock(vec![aggregate]).await?;
            let Some(row) = deadlines::find(tx.conn(), id).await? else { return Ok(()) };
            let has_come = row.next_at.is_some_and(|next| next.0 <= tx.at());
            if !has_come {
                return Ok(()); // another replica, or the command that closed it, was first
            }
            let moment = moment_of(&row, tx.at());
            let bureau = row
                .bureau
                .parse()
                .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?;
            tx.act_for(bureau, format!("deadline:{}", row.rule));
            let due = Due {
                aggregate: row.aggregate,
                rule: row.rule.clone(),
                subject: row.subject,
                due_at: row.due_at.0,
                moment,
            };
            handler.fire(tx, &due).await?;
            mark(tx, &row, moment).await
        })
    });
    work.instrument(span).await
}

fn moment_of(row: &Row, now: Timestamp) -> Moment {
    match row.state.as_str() {
        "running" if now <= row.due_at.0 => Moment::Warning,
        "running" => Moment::Overdue,
        _ => Moment::Reminder(row.reminders.unsigned_abs() + 1),
    }
}

async fn mark(tx: &mut Tx, row: &Row, moment: Moment) -> Result<(), Fault> {
    let due_at = row.due_at.0;
    let (state, reminders, next) = match moment {
        Moment::Warning => ("running", row.reminders, just_after(due_at)),
        Moment::Overdue => ("overdue", row.reminders, due_at + DAY),
        Moment::Reminder(n) => {
            let n = i32::try_from(n).unwrap_or(i32::MAX - 1);
            ("overdue", n, due_at + DAY * (n + 1))
        }
    };
    deadlines::fired(tx.conn(), row, state, reminders, next).await
}

async fn postpone(db: &Db, id: Uuid) {
    let postponed = db
        .transaction("deadline_postpone", Scope::All, move |tx| {
            Box::pin(async move { deadlines::postpone(tx.conn(), id, RETRY_SECONDS).await })
        })
        .await;
    if let Err(fault) = postponed {
        tracing::debug!(error = %fault, "deadline not postponed");
    }
}

/// Stops the runner when the system clock jumps: statutory periods that fired by mistake cannot
/// be taken back. An operator sets the time right and restarts the service.
struct Guard {
    watch: bool,
    legal: Timestamp,
    machine: Instant,
    tripped: bool,
}

impl Guard {
    fn new(db: &Db) -> Self {
        let clock = db.clock();
        Self {
            watch: !clock.is_manual(),
            legal: clock.now(),
            machine: Instant::now(),
            tripped: false,
        }
    }

    fn allows(&mut self, db: &Db) -> bool {
        if !self.watch {
            return true;
        }
        let (legal, machine) = (db.clock().now(), Instant::now());
        let drift = legal.duration_since(self.legal)
            - SignedDuration::try_from(machine - self.machine).unwrap_or(SignedDuration::MAX);
        if drift.abs() > JUMP && !self.tripped {
            self.tripped = true;
            tracing::error!(drift = %drift, "the system clock jumped; no deadline fires until restart");
        }
        (self.legal, self.machine) = (legal, machine);
        !self.tripped
    }
}
