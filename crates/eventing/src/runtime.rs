//! Starts and ends the loops of one service.

use std::sync::Arc;

use gongxin_kernel::Fault;
use gongxin_transparency::{Origin, SigningKey};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bus::Bus;
use crate::consumer::{self, Following};
use crate::lease::hold;
use crate::store::log;
use crate::{
    Db, Deadlines, Duty, LogSource, Reactions, Scope, audit, deadline, reasons, recompute, relay,
    sequencer,
};

/// Whose log it is, who signs it, and for which bureaus it speaks.
#[derive(Debug)]
pub struct LogSetup {
    origin: Origin,
    service: String,
    bureaus: Vec<String>,
    incarnation: String,
    key: SigningKey,
}

impl LogSetup {
    /// Identifies the log `deployment/service` in the database, or fails when the schema holds
    /// another log; from now on the law of `db` is the service's. `key` must carry the log's id as its name.
    pub async fn open(
        db: &Db,
        service: &str,
        bureaus: Vec<String>,
        key: SigningKey,
    ) -> Result<Self, Fault> {
        let origin = key.name().clone();
        if origin.as_str().rsplit('/').next() != Some(service) {
            let what = format!("the key of {origin} does not sign the log of {service}");
            return Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what));
        }
        let log_id = origin.as_str().to_owned();
        let incarnation = db
            .transaction("identify_log", Scope::All, move |tx| {
                let log_id = log_id.clone();
                Box::pin(async move { log::identify(tx.conn(), &log_id).await })
            })
            .await?;
        recompute::enter(db).await?;
        Ok(Self { origin, service: service.to_owned(), bureaus, incarnation, key })
    }

    /// The log's id, e.g. `619921/intake`.
    pub fn log_id(&self) -> &str {
        self.origin.as_str()
    }

    /// The public key that checks this log's receipts.
    pub fn verifier(&self) -> gongxin_transparency::VerifierKey {
        self.key.verifier()
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }

    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    pub(crate) fn bureaus(&self) -> &[String] {
        &self.bureaus
    }

    pub(crate) fn incarnation(&self) -> &str {
        &self.incarnation
    }
}

/// The loops of one service: sequencer, relay, one consumer per followed log, deadlines, audit
/// heads, duties.
#[derive(Clone)]
pub struct Runtime {
    db: Db,
    setup: Arc<LogSetup>,
    bus: Bus,
    following: Vec<Following>,
    deadlines: Arc<dyn Deadlines>,
    duties: Vec<Arc<dyn Duty>>,
}

impl Runtime {
    /// The loops, not yet running. `sources` are the logs to follow, by log id.
    pub fn new(
        db: Db,
        setup: Arc<LogSetup>,
        bus: Bus,
        sources: Vec<(String, Arc<dyn LogSource>)>,
        reactions: &Arc<dyn Reactions>,
        deadlines: Arc<dyn Deadlines>,
    ) -> Self {
        let following = sources
            .into_iter()
            .map(|(log_id, source)| Following { log_id, source, reactions: Arc::clone(reactions) })
            .collect();
        Self { db, setup, bus, following, deadlines, duties: Vec::new() }
    }

    /// The same loops and one duty of the service more.
    #[must_use]
    pub fn with_duty(mut self, duty: Arc<dyn Duty>) -> Self {
        self.duties.push(duty);
        self
    }

    /// Whose log it is.
    pub fn setup(&self) -> &Arc<LogSetup> {
        &self.setup
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The bus.
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    pub(crate) fn duties(&self) -> &[Arc<dyn Duty>] {
        &self.duties
    }

    pub(crate) fn followed(&self) -> impl Iterator<Item = String> + '_ {
        self.following.iter().map(|following| following.log_id.clone())
    }

    pub(crate) fn following(&self, log_id: &str) -> Option<&Following> {
        self.following.iter().find(|following| following.log_id == log_id)
    }

    /// Runs all loops until `stop`, then gives back the leases and returns.
    pub async fn run(&self, stop: CancellationToken) {
        let loops = TaskTracker::new();
        let this = Arc::new(self.clone());

        let (me, token) = (Arc::clone(&this), stop.clone());
        loops.spawn(async move {
            hold(&me.db, "sequencer", &token, |fence| sequencer::run(&me.db, &me.setup, fence))
                .await;
        });
        let (me, token) = (Arc::clone(&this), stop.clone());
        loops.spawn(async move {
            hold(&me.db, "relay", &token, |f| relay::run(&me.db, &me.setup, &me.bus, f)).await;
        });
        for following in self.following.clone() {
            let (me, token) = (Arc::clone(&this), stop.clone());
            loops.spawn(async move {
                let lease = format!("consumer:{}", following.log_id);
                let durable = me.bus.stream_name(me.setup.log_id());
                hold(&me.db, &lease, &token, |fence| {
                    consumer::run(&me.db, &me.bus, &durable, &following, fence)
                })
                .await;
            });
        }
        let (me, token) = (Arc::clone(&this), stop.clone());
        loops.spawn(async move {
            deadline::run(&me.db, Arc::clone(&me.deadlines), token).await;
        });
        let (me, token) = (Arc::clone(&this), stop.clone());
        loops.spawn(async move {
            let lease = format!("law:{}", me.db.basis());
            hold(&me.db, &lease, &token, |fence| {
                recompute::run(&me.db, Arc::clone(&me.deadlines), fence.over)
            })
            .await;
        });

        let (me, token) = (Arc::clone(&this), stop.clone());
        loops.spawn(async move {
            hold(&me.db, "audit_head", &token, |f| audit::enter_heads(&me.db, &me.setup, f)).await;
        });
        for duty in self.duties.clone() {
            let (me, token) = (Arc::clone(&this), stop.clone());
            loops.spawn(async move {
                let lease = format!("duty:{}", duty.name());
                hold(&me.db, &lease, &token, |fence| duty.run(fence.over)).await;
            });
        }

        loops.close();
        loops.wait().await;
    }
}
