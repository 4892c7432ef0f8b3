//! Decides what is due and sends answers, again and again until they are receipted.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use gongxin_eventing::trace::TraceContext;
use gongxin_proto::exchange::v1::exchange_service_client::ExchangeServiceClient;
use tokio::task::spawn_blocking;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tonic::Request;
use tonic::transport::Channel;
use tracing::Instrument as _;

use crate::issuing;
use crate::office::{Office, Outgoing};

/// How often the manual clock's file is looked at while something is open.
const LOOK: Duration = Duration::from_millis(100);
/// The wait after a first failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Answers that are under way at one time.
const AT_ONCE: usize = 8;

/// The police's side of the exchange.
pub(crate) type Police = ExchangeServiceClient<Channel>;

/// When something that failed may be tried again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pause {
    wait: Duration,
    until: Instant,
}

impl Pause {
    pub(crate) fn after(former: Option<Self>) -> Self {
        let wait = former.map_or(FIRST_WAIT, |former| (former.wait * 2).min(LONGEST_WAIT));
        Self { wait, until: Instant::now() + wait }
    }

    pub(crate) fn is_over(self) -> bool {
        self.until <= Instant::now()
    }
}

/// Works until `stop`. What is under way then is sent again after the next start.
pub(crate) async fn run(office: Arc<Office>, police: Police, stop: CancellationToken) {
    let work = async {
        let mut undecided = None;
        let (mut pauses, mut notice_pauses) = (HashMap::new(), HashMap::new());
        loop {
            decide(&office, &mut undecided).await;
            send(&office, &police, &mut pauses).await;
            issuing::send(&office, &police, &mut notice_pauses).await;
            let pending = office.pending();
            if pending.undecided + pending.unsent == 0 {
                office.news.notified().await;
            } else {
                let _ = tokio::time::timeout(LOOK, office.news.notified()).await;
            }
        }
    };
    stop.run_until_cancelled(work).await;
}

async fn decide(office: &Arc<Office>, pause: &mut Option<Pause>) {
    if pause.is_some_and(|pause| !pause.is_over()) {
        return;
    }
    let deciding = Arc::clone(office);
    let decided = spawn_blocking(move || deciding.decide_due()).await;
    match decided.expect("deciding panics only when legal time is gone") {
        Ok(()) => *pause = None,
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "undecided for now");
            *pause = Some(Pause::after(*pause));
        }
    }
}

async fn send(office: &Arc<Office>, police: &Police, pauses: &mut HashMap<String, Pause>) {
    let mut ready = office.unsent();
    ready.retain(|sent| pauses.get(&sent.entry.key).is_none_or(|pause| pause.is_over()));
    let sent = futures::stream::iter(ready).map(async |sent| {
        let delivered = deliver(office, police.clone(), &sent).await;
        (sent.entry.key, delivered)
    });
    let sent: Vec<_> = sent.buffer_unordered(AT_ONCE).collect().await;
    for (key, delivered) in sent {
        let former = pauses.remove(&key);
        if let Err(error) = delivered {
            tracing::warn!(in_reply_to = key, error = format!("{error:#}"), "not answered yet");
            pauses.insert(key, Pause::after(former));
        }
    }
}

/// Sends one ruling and keeps its receipt.
async fn deliver(office: &Arc<Office>, mut police: Police, sent: &Outgoing) -> anyhow::Result<()> {
    let Outgoing { entry, made, .. } = sent;
    let span = tracing::info_span!(
        "answer",
        otel.name = "ExchangeService/Deliver",
        otel.kind = "client",
        case.number = entry.asked.case_number,
    );
    entry.trace.adopt(&span);
    let organ = entry.sender.clone();
    async {
        let mut request = Request::new(made.sealed.clone());
        // Without telemetry there is no span of our own: then what came is named itself.
        let current = TraceContext::current();
        let parent = if current.traceparent.is_empty() { &entry.trace } else { &current };
        gongxin_chassis::carry(parent, &mut request);
        let response = police.deliver(request).await?.into_inner();
        office.known.receipt(&response, &made.sealed, &organ)?;
        let (office, sent) = (Arc::clone(office), sent.clone());
        spawn_blocking(move || office.delivered(&sent, &response)).await??;
        tracing::info!(number = made.ruling.number(), "answered");
        Ok(())
    }
    .instrument(span)
    .await
}
