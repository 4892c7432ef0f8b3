//! Named transactions that outlive a caller who goes away.
//!
//! Each transaction runs on a task of its own: when a gRPC client disconnects, tonic drops the
//! handler's future, and a transaction cancelled half-way would leave an open one in the pool.
//! Everything a command changes is locked before its first write, so that commit order equals
//! version order for each aggregate.

mod snapshot;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use gongxin_kernel::{Actor, BureauCode, Clock, Fault, Kind, RequestId};
use gongxin_law::Law;
use jiff::Timestamp;
use prost::Message;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool, Postgres};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::fault::{self, Moment};
use crate::store::{self, OrFault as _};
use crate::{NewEvent, reasons};

/// How often a transaction is tried when others change the same data at the same time.
const TRIES: u32 = 3;

/// Connections of the loops of a replica.
const LOOPS: u32 = 6;
/// Connections of calls about no bureau: sessions, the public log, status and replay.
const CALLS: u32 = 4;

/// What every session of a service asks for. A process that hangs, or is stopped, in the middle of a
/// transaction would hold its locks for as long as it lives.
const SESSION: [(&str, &str); 3] = [
    ("timezone", "UTC"),
    ("statement_timeout", "30s"),
    ("idle_in_transaction_session_timeout", "10s"),
];

/// The connection pools of a service.
#[derive(Clone, Debug)]
pub struct Pools {
    /// Commands and queries: rows of one bureau at a time.
    pub api: PgPool,
    /// Loops: rows of all bureaus.
    pub worker: PgPool,
    /// Calls about no bureau, some of which anybody may make. They have connections of their
    /// own, so that no number of callers costs the loops their leases.
    pub calls: PgPool,
}

impl Pools {
    /// Opens the pools lazily; an unreachable database shows at the first use.
    pub fn open(api_url: &str, worker_url: &str, name: &str, size: u32) -> sqlx::Result<Self> {
        let pool = |url: &str, size: u32| -> sqlx::Result<PgPool> {
            let options: PgConnectOptions = url.parse()?;
            let options = options.application_name(name).options(SESSION);
            let pool = PgPoolOptions::new()
                .max_connections(size)
                .acquire_timeout(Duration::from_secs(3))
                .connect_lazy_with(options);
            Ok(pool)
        };
        Ok(Self {
            api: pool(api_url, size)?,
            worker: pool(worker_url, LOOPS)?,
            calls: pool(worker_url, CALLS)?,
        })
    }
}

/// Whose rows a transaction may see and write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One bureau, as the service's own role; the database refuses all other rows.
    Bureau(BureauCode),
    /// All bureaus, as the worker role; only for loops.
    All,
    /// No bureau's or all bureaus' rows, as the worker role, for a call from outside.
    Call,
}

/// A change that a caller asks for: one named transaction, one answer.
pub trait Command: Send + Sync + 'static {
    /// Name of the transaction, of its span and of its metrics.
    const NAME: &'static str;
    /// What the caller gets, stored for a repeated `request_id`.
    type Answer: Message + Default + Send + 'static;

    /// Everything it changes; locked before the first write.
    fn aggregates(&self) -> Vec<Uuid>;

    /// Loads, decides, saves. May run again from the start after a conflict.
    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Answer, Fault>> + Send;
}

/// The database of one service.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    clock: Arc<dyn Clock>,
    tasks: TaskTracker,
    committed: Arc<Notify>,
    organ: Arc<str>,
    law: Law<'static>,
    basis: Arc<str>,
    reads: crate::reads::Reads,
}

impl Db {
    /// A database over `pools`, with legal time from `clock`; running transactions are counted
    /// in `tasks`, so that a shutdown can wait for them.
    pub fn new(pools: Pools, clock: Arc<dyn Clock>, tasks: TaskTracker) -> Self {
        let (committed, reads) = (Arc::new(Notify::new()), crate::reads::Reads::default());
        let db = Self {
            pools,
            clock,
            tasks,
            committed,
            organ: Arc::from(""),
            law: Law::builtin(),
            basis: Arc::from(""),
            reads,
        };
        db.under(Law::builtin())
    }

    /// The same database; periods are computed by `law`, and those that another law has computed
    /// are computed again.
    #[must_use]
    pub fn under(self, law: Law<'static>) -> Self {
        Self { law, basis: Arc::from(law.basis().id()), ..self }
    }

    /// The law that periods are computed by.
    pub fn law(&self) -> Law<'static> {
        self.law
    }

    /// Names that law.
    pub(crate) fn basis(&self) -> &Arc<str> {
        &self.basis
    }

    /// The same database; documents are issued in the name of `organ`, e.g. 明川县公安局.
    #[must_use]
    pub fn in_name_of(mut self, organ: &str) -> Self {
        self.organ = Arc::from(organ);
        self
    }

    /// The clock that gives transactions their legal time.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The pools, for health checks and for the loops of this crate.
    pub fn pools(&self) -> &Pools {
        &self.pools
    }

    /// Rings after each commit: a hint for the loops, which also look by themselves.
    pub fn committed(&self) -> &Notify {
        &self.committed
    }

    /// Reads that wait to be recorded.
    pub(crate) fn reads(&self) -> &crate::reads::Reads {
        &self.reads
    }

    /// Tasks that a shutdown waits for.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    pub(crate) fn ring(&self) {
        self.committed.notify_waiters();
    }

    /// Carries out `command` for `actor`, once for each `request_id`.
    ///
    /// `digest` is over the content of the request: a reused id with other content is refused.
    pub async fn command<C: Command>(
        &self,
        actor: Actor,
        bureau: BureauCode,
        request_id: RequestId,
        digest: [u8; 32],
        command: C,
    ) -> Result<C::Answer, Fault> {
        let request = Request { actor: actor.label(), bureau, id: request_id, digest };
        let work = Arc::new((command, request));
        let scope = Scope::Bureau(work.1.bureau.clone());
        self.transaction(C::NAME, scope, move |tx| {
            let work = Arc::clone(&work);
            Box::pin(async move {
                let (command, request) = &*work;
                tx.actor.clone_from(&request.actor);
                let mut locks = command.aggregates();
                locks.push(request.id.0);
                tx.lock(locks).await?;
                if let Some(answer) = request.stored(tx, C::NAME).await? {
                    return C::Answer::decode(&*answer)
                        .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e));
                }
                let answer = command.run(tx).await?;
                request.store(tx, C::NAME, &answer.encode_to_vec()).await?;
                Ok(answer)
            })
        })
        .await
    }

    /// Runs `work` in one transaction on a task of its own and commits it; an error rolls back.
    /// After a conflict with another transaction it runs again from the start.
    pub async fn transaction<T, F>(
        &self,
        name: &'static str,
        scope: Scope,
        work: F,
    ) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + Sync + 'static,
    {
        let db = self.clone();
        let span = tracing::info_span!(
            "transaction",
            otel.name = name,
            db.system.name = "postgresql",
            db.transaction = name,
        );
        let task = async move {
            let mut attempt = 1;
            loop {
                match db.attempt(name, &scope, &work).await {
                    Err(fault) if fault.reason.kind == Kind::Stale && attempt < TRIES => {
                        attempt += 1;
                        tracing::debug!(attempt, "transaction conflicts, tried again");
                    }
                    result => return result,
                }
            }
        };
        self.tasks
            .spawn(task.instrument(span))
            .await
            .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))?
    }

    async fn attempt<T, F>(&self, name: &'static str, scope: &Scope, work: &F) -> Result<T, Fault>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>>,
    {
        let mut tx = self.begin(name, scope).await?;
        match work(&mut tx).await {
            Ok(value) => {
                let rings = tx.rings;
                fault::point(Moment::BeforeCommit, name).await;
                tx.inner.commit().await.or_fault()?;
                fault::point(Moment::AfterCommit, name).await;
                if rings {
                    self.ring();
                }
                Ok(value)
            }
            Err(fault) => {
                // A failed rollback closes the connection, which rolls back as well.
                let _ = tx.inner.rollback().await;
                Err(fault)
            }
        }
    }

    async fn begin(&self, name: &'static str, scope: &Scope) -> Result<Tx, Fault> {
        let (pool, bureau) = match scope {
            Scope::Bureau(bureau) => (&self.pools.api, Some(bureau.clone())),
            Scope::All => (&self.pools.worker, None),
            Scope::Call => (&self.pools.calls, None),
        };
        let inner = store::begin(pool, bureau.as_ref()).await?;
        Ok(Tx {
            inner,
            name,
            bureau,
            at: to_microseconds(self.clock.now()),
            clock: Arc::clone(&self.clock),
            actor: String::from("system"),
            locked: BTreeSet::new(),
            organ: Arc::clone(&self.organ),
            law: self.law,
            basis: Arc::clone(&self.basis),
            gathered: None,
            rings: false,
        })
    }
}

/// The precision that the database keeps, so that what is written reads back the same.
pub(crate) fn to_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

struct Request {
    actor: String,
    bureau: BureauCode,
    id: RequestId,
    digest: [u8; 32],
}

impl Request {
    /// The answer given before, or a refusal when the content was another.
    async fn stored(&self, tx: &mut Tx, command: &str) -> Result<Option<Vec<u8>>, Fault> {
        let stored = store::requests::find(tx.conn(), &self.bureau, &self.actor, self.id).await?;
        let Some((name, digest, answer)) = stored else { return Ok(None) };
        if name == command && digest == self.digest {
            return Ok(Some(answer));
        }
        Err(Fault::field(&reasons::REQUEST_ID_REUSED, "request_id", "was used with other content"))
    }

    async fn store(&self, tx: &mut Tx, command: &str, answer: &[u8]) -> Result<(), Fault> {
        let at = tx.at();
        let row = store::requests::Row {
            bureau: &self.bureau,
            actor: &self.actor,
            id: self.id,
            command,
            digest: &self.digest,
            answer,
            at,
        };
        store::requests::insert(tx.conn(), &row).await
    }
}

/// An open transaction. It commits when the work given to [`Db`] returns `Ok`.
#[derive(Debug)]
pub struct Tx {
    inner: sqlx::Transaction<'static, Postgres>,
    name: &'static str,
    bureau: Option<BureauCode>,
    at: Timestamp,
    clock: Arc<dyn Clock>,
    actor: String,
    locked: BTreeSet<Uuid>,
    organ: Arc<str>,
    law: Law<'static>,
    basis: Arc<str>,
    gathered: Option<Gathered>,
    rings: bool,
}

/// What a loop writes at the end of its transaction.
#[derive(Debug, Default)]
struct Gathered {
    events: Vec<store::events::Appended>,
    moves: Vec<store::deadlines::Move>,
}

impl Tx {
    /// The connection, for the service's own SQL.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// Legal time of this transaction, read once its locks were held: the times of one
    /// aggregate's events never run back.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Name of the transaction.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The bureau whose rows are written now.
    pub fn bureau(&self) -> Result<&BureauCode, Fault> {
        self.bureau.as_ref().ok_or_else(|| {
            Fault::new(&reasons::INVARIANT_BROKEN).caused_by("a loop writes before naming a bureau")
        })
    }

    /// Who acts.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Loops name the bureau and the actor of what they carry out next.
    pub fn act_for(&mut self, bureau: BureauCode, actor: String) {
        self.bureau = Some(bureau);
        self.actor = actor;
    }

    /// Locks aggregates in one order for everybody, before the first write.
    pub async fn lock(&mut self, mut aggregates: Vec<Uuid>) -> Result<(), Fault> {
        aggregates.sort_unstable();
        aggregates.dedup();
        store::lock(self.conn(), &aggregates).await?;
        self.locked.extend(aggregates);
        self.at = to_microseconds(self.clock.now());
        Ok(())
    }

    /// Whether this transaction may change `aggregate`.
    pub(crate) fn holds(&self, aggregate: Uuid) -> bool {
        self.locked.contains(&aggregate)
    }

    /// Counts an id that was just made as locked: nobody else can know it.
    pub(crate) fn hold_fresh(&mut self, id: Uuid) {
        self.locked.insert(id);
    }

    /// Name of the organ in whose name documents are issued.
    pub(crate) fn organ(&self) -> &str {
        &self.organ
    }

    /// The law that periods are computed by and papers cite.
    pub fn law(&self) -> Law<'static> {
        self.law
    }

    /// Names that law.
    pub(crate) fn basis(&self) -> Arc<str> {
        Arc::clone(&self.basis)
    }

    /// Locks an aggregate to be read as a whole: its rows stand in several tables, and a command that
    /// commits between two statements would show half of what it did. Readers do not hinder each
    /// other.
    pub async fn lock_to_read(&mut self, aggregate: Uuid) -> Result<(), Fault> {
        store::lock_shared(self.conn(), aggregate).await?;
        self.at = to_microseconds(self.clock.now());
        Ok(())
    }

    /// Appends an event of a locked aggregate; it leaves by the log once this commits.
    pub async fn append(&mut self, event: NewEvent) -> Result<(), Fault> {
        if !self.holds(event.aggregate()) {
            let what = format!("{} appends to an aggregate that is not locked", self.name);
            return Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what));
        }
        let appended = (self.bureau()?.clone(), self.actor.clone(), event);
        self.rings = true;
        if let Some(gathered) = &mut self.gathered {
            gathered.events.push(appended);
            return Ok(());
        }
        let (at, name) = (self.at, self.name);
        store::events::insert(self.conn(), at, name, &[appended]).await
    }

    /// From here on events and moves of periods are kept back until [`Tx::write_gathered`]; for a
    /// loop that changes many aggregates and reads neither meanwhile.
    pub(crate) fn gather(&mut self) {
        self.gathered = Some(Gathered::default());
    }

    /// Writes what was kept back, all of a kind in one statement.
    pub(crate) async fn write_gathered(&mut self) -> Result<(), Fault> {
        let Gathered { events, moves } = self.gathered.take().unwrap_or_default();
        let (at, name) = (self.at, self.name);
        if !events.is_empty() {
            store::events::insert(self.conn(), at, name, &events).await?;
        }
        if moves.is_empty() { Ok(()) } else { self.write_moves(&moves).await }
    }

    pub(crate) async fn write_move(&mut self, to: store::deadlines::Move) -> Result<(), Fault> {
        match &mut self.gathered {
            Some(gathered) => {
                gathered.moves.push(to);
                Ok(())
            }
            None => self.write_moves(&[to]).await,
        }
    }

    /// The next number of a gapless series, e.g. of documents of one kind and year.
    pub async fn next_number(&mut self, series: &str) -> Result<u64, Fault> {
        let bureau = self.bureau()?.clone();
        store::counters::bump(self.conn(), &bureau, series).await
    }

    /// Records that `actor` read personal data of `subject`, before it is shown.
    pub async fn audit(
        &mut self,
        actor: &str,
        action: &'static str,
        subject: Uuid,
    ) -> Result<(), Fault> {
        let bureau = self.bureau()?.clone();
        let read = store::audit::Read { at: self.at, actor: actor.to_owned(), action, subject };
        store::audit::append(self.conn(), &bureau, &[read]).await
    }

    /// Makes the loops look as soon as this commits.
    pub(crate) fn ring_after_commit(&mut self) {
        self.rings = true;
    }
}
