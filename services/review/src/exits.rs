//! The one exit at work: delivers what is ready and records what the other organ signed for.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use gongxin_eventing::trace::TraceContext;
use gongxin_eventing::{Db, Duty, Scope, Tx};
use gongxin_exchange::reasons::RECEIPT_NOT_VALID;
use gongxin_kernel::{Actor, Fault};
use gongxin_proto::exchange::v1::DeliverResponse;
use gongxin_proto::exchange::v1::exchange_service_client::ExchangeServiceClient;
use gongxin_review_domain::{ExitId, Law, SignedFor};
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::organ::Organ;
use crate::store::envelopes::{self, Owner, Waiting};
use crate::store::outgoing_papers;
use crate::{changes, correspondence, store};

/// Most exits in one sweep.
const BATCH: i64 = 50;
/// How often the table is looked at, bell or not.
const LOOK: Duration = Duration::from_secs(2);
/// How long the other organ may take for one envelope.
const TIMEOUT: Duration = Duration::from_secs(10);
/// First wait after a failure; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Delivers exits. A repeated delivery carries the same bytes under the same key, and the same
/// receipt is recorded once, so that two replicas at it do no harm.
#[derive(Debug)]
pub(crate) struct Sender {
    db: Db,
    organ: Arc<Organ>,
    channel: Channel,
    law: Law<'static>,
}

/// Why an exit is still here.
enum Failure {
    /// No answer: most likely nothing else will reach the organ either.
    Unreachable(Status),
    /// The organ has answered for this exit alone, and not with a receipt.
    Refused(Status),
    /// Its receipt is not good, or could not be recorded.
    NotRecorded(Fault),
}

/// How long to leave something alone; machine time.
#[derive(Clone, Copy)]
struct BackOff {
    failures: u32,
    until: Instant,
}

impl BackOff {
    fn after(before: Option<Self>) -> Self {
        let failures = before.map_or(0, |before| before.failures);
        let wait = FIRST_WAIT.saturating_mul(1 << failures.min(16)).min(LONGEST_WAIT);
        Self { failures: failures + 1, until: Instant::now() + wait }
    }

    fn over(&self) -> bool {
        self.until <= Instant::now()
    }
}

/// What is left alone for now.
#[derive(Default)]
struct Patience {
    organ: Option<BackOff>,
    exits: HashMap<ExitId, BackOff>,
    /// How often the organ gave no answer to an exit.
    unanswered: HashMap<ExitId, u32>,
}

impl Patience {
    fn leave(&mut self, exit: ExitId) {
        self.organ = None;
        let before = self.exits.get(&exit).copied();
        self.exits.insert(exit, BackOff::after(before));
    }

    /// Exits that are not to be tried now.
    fn left_alone(&self) -> Vec<Uuid> {
        self.exits.iter().filter(|(_, wait)| !wait.over()).map(|(exit, _)| exit.0).collect()
    }

    /// Those first that were left without an answer less often: one envelope that the organ, or
    /// something on the way to it, chokes on must not hold back the others for ever.
    fn in_turn(&mut self, mut ready: Vec<Waiting>) -> Vec<Waiting> {
        self.unanswered.retain(|exit, _| ready.iter().any(|waiting| waiting.exit == *exit));
        ready.sort_by_key(|waiting| self.unanswered.get(&waiting.exit).copied());
        ready
    }

    /// When the next look is worth while.
    fn next(&self) -> Instant {
        let exits = || self.exits.values().map(|wait| wait.until).min();
        let next = self.organ.map(|wait| wait.until).or_else(exits);
        let look = Instant::now() + LOOK;
        next.map_or(look, |next| next.min(look))
    }
}

impl Sender {
    /// A sender to the procuratorate at `url`; connects at the first delivery.
    pub(crate) fn new(
        db: Db,
        organ: Arc<Organ>,
        url: &str,
        law: Law<'static>,
    ) -> anyhow::Result<Self> {
        let channel = Endpoint::from_shared(url.to_owned())?
            .connect_timeout(Duration::from_secs(2))
            .tcp_nodelay(true)
            .connect_lazy();
        Ok(Self { db, organ, channel, law })
    }

    async fn sweep(&self, patience: &mut Patience) -> Result<(), Fault> {
        if patience.organ.is_some_and(|wait| !wait.over()) {
            return Ok(());
        }
        let left_alone = patience.left_alone();
        let ready = self
            .db
            .transaction("exits_ready", Scope::All, move |tx| {
                let left_alone = left_alone.clone();
                Box::pin(async move {
                    let mut ready = envelopes::ready(tx.conn(), &left_alone, BATCH).await?;
                    ready.extend(outgoing_papers::ready(tx.conn(), &left_alone, BATCH).await?);
                    // Ids are ordered by time: the oldest first, whatever it is.
                    ready.sort_by_key(|waiting| waiting.exit);
                    Ok(ready)
                })
            })
            .await?;
        patience
            .exits
            .retain(|exit, wait| !wait.over() || ready.iter().any(|waiting| waiting.exit == *exit));
        for waiting in patience.in_turn(ready) {
            match self.send(&waiting).await {
                Ok(()) => {
                    patience.organ = None;
                    patience.exits.remove(&waiting.exit);
                }
                Err(Failure::Unreachable(status)) => {
                    *patience.unanswered.entry(waiting.exit).or_default() += 1;
                    tracing::warn!(organ = self.organ.procuratorate, code = ?status.code(), "exits wait: the organ cannot be reached");
                    patience.organ = Some(BackOff::after(patience.organ));
                    return Ok(());
                }
                Err(Failure::Refused(status)) => {
                    tracing::error!(exit.id = %waiting.exit, code = ?status.code(), "an exit was refused");
                    patience.leave(waiting.exit);
                }
                Err(Failure::NotRecorded(fault)) => {
                    tracing::error!(exit.id = %waiting.exit, error = %fault, cause = fault.cause(), "a receipt was not recorded");
                    patience.leave(waiting.exit);
                }
            }
        }
        Ok(())
    }

    /// Delivers one exit and records the receipt, in the trace of the decision that made it.
    async fn send(&self, waiting: &Waiting) -> Result<(), Failure> {
        let span = tracing::info_span!(
            parent: None,
            "deliver_exit",
            otel.name = "deliver exit",
            otel.kind = "client",
            exit.id = %waiting.exit,
            aggregate.id = %waiting.owner.aggregate(),
        );
        waiting.trace.adopt(&span);
        async {
            let response = self.deliver(waiting).await?;
            let receipt = self
                .organ
                .known
                .receipt(&response, &waiting.sealed, &self.organ.procuratorate)
                .map_err(Failure::NotRecorded)?;
            let received_at = instant(&receipt.received_at).map_err(Failure::NotRecorded)?;
            self.record(waiting, response, received_at).await.map_err(Failure::NotRecorded)
        }
        .instrument(span)
        .await
    }

    async fn deliver(&self, waiting: &Waiting) -> Result<DeliverResponse, Failure> {
        let mut request = Request::new(waiting.sealed.clone());
        request.set_timeout(TIMEOUT);
        gongxin_chassis::carry(&TraceContext::current(), &mut request);
        let mut client = ExchangeServiceClient::new(self.channel.clone());
        let answer = tokio::time::timeout(TIMEOUT, client.deliver(request)).await;
        match answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time"))) {
            Ok(response) => Ok(response.into_inner()),
            Err(status) if is_refusal(&status) => Err(Failure::Refused(status)),
            Err(status) => Err(Failure::Unreachable(status)),
        }
    }

    async fn record(
        &self,
        waiting: &Waiting,
        response: DeliverResponse,
        received_at: Timestamp,
    ) -> Result<(), Fault> {
        let receiver = self.organ.procuratorate.clone();
        let work = Arc::new((waiting.clone(), response, receiver, self.law));
        self.db
            .transaction("record_exit_delivered", Scope::All, move |tx| {
                let work = Arc::clone(&work);
                Box::pin(async move {
                    let (waiting, response, receiver, law) = &*work;
                    tx.act_for(waiting.bureau.clone(), Actor::Organ(receiver.clone()).label());
                    tx.lock(vec![waiting.owner.aggregate()]).await?;
                    // The organ's clock may go ahead of ours; at a later try it does not.
                    if received_at > tx.at() {
                        return Err(Fault::new(&RECEIPT_NOT_VALID).caused_by("is of the future"));
                    }
                    let case = match waiting.owner {
                        Owner::Case(case) => store::load(tx, case).await?,
                        Owner::Paper(of) => {
                            let signed_for = SignedFor { receiver: receiver.clone(), received_at };
                            let paper = (waiting.exit.0, of);
                            return correspondence::delivered(tx, paper, signed_for, response)
                                .await;
                        }
                    };
                    let changed = case.exit_delivered(waiting.exit, receiver, received_at, law)?;
                    if !changed.is_nothing() {
                        envelopes::keep_receipt(tx.conn(), waiting.exit, response).await?;
                    }
                    changes::record(tx, &changed).await?;
                    Ok(())
                })
            })
            .await
    }
}

impl Duty for Sender {
    fn name(&self) -> &'static str {
        "exits"
    }

    fn run(&self, over: CancellationToken) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut patience = Patience::default();
            while !over.is_cancelled() {
                let rung = self.db.committed().notified();
                tokio::pin!(rung);
                rung.as_mut().enable();
                if let Err(fault) = self.sweep(&mut patience).await {
                    tracing::debug!(error = %fault, "exits not read");
                }
                tokio::select! {
                    () = over.cancelled() => {}
                    () = rung => {}
                    () = tokio::time::sleep_until(patience.next()) => {}
                }
            }
        })
    }

    fn pending<'t>(&'t self, tx: &'t mut Tx) -> BoxFuture<'t, Result<u64, Fault>> {
        Box::pin(async move {
            let papers = outgoing_papers::count_ready(tx.conn()).await?;
            Ok(papers + store::exits::count_ready(tx.conn()).await?)
        })
    }
}

/// Whether the answer is about this envelope alone. Only silence says that the organ is away.
fn is_refusal(status: &Status) -> bool {
    !matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled)
}

/// An instant of a receipt, cut to the microsecond that the database keeps.
fn instant(text: &str) -> Result<Timestamp, Fault> {
    let at: Timestamp = text.parse().map_err(|e| Fault::new(&RECEIPT_NOT_VALID).caused_by(e))?;
    Timestamp::from_microsecond(at.as_microsecond())
        .map_err(|e| Fault::new(&RECEIPT_NOT_VALID).caused_by(e))
}
