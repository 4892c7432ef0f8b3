//! What the facts of intake and review mean here: entries of the timeline, findings, watches.

mod told;

use futures::future::BoxFuture;
use gongxin_eventing::{Reactions, Tx, reasons};
use gongxin_kernel::Fault;
use gongxin_proto::operations::v1::Envelope;
use gongxin_supervision_domain::{
    CaseId, Finding, FindingId, FindingKind, Matter, Opening, Unit, Watch,
};
use uuid::Uuid;

use crate::store::cases::Head;
use crate::store::timeline::Arrived;
use crate::{changes, store};
use told::{Told, tell};

/// Services whose events are facts of cases.
const CONTRACTS: [&str; 2] = ["gongxin.intake.v1.", "gongxin.review.v1."];

/// Follows the logs of intake and review.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) recording_hours: u16,
}

impl Reactions for Followed {
    /// The case, and what the event may open: a finding or a watch of the event's own name.
    fn aggregates(&self, event: &Envelope) -> Vec<Uuid> {
        [&event.aggregate, &event.event_id].iter().filter_map(|id| id.parse().ok()).collect()
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx,
        event: &'t Envelope,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            if !CONTRACTS.iter().any(|contract| event.r#type.starts_with(contract)) {
                return Ok(());
            }
            let told = tell(event)?;
            let id: Uuid = event.event_id.parse().map_err(unreadable)?;
            let aggregate = CaseId(event.aggregate.parse().map_err(unreadable)?);
            let case = told.case.unwrap_or(aggregate);
            if let Some(head) = head(&told) {
                store::cases::keep(tx, case, &head).await?;
            }
            if let Some((kind, subject)) = told.breach {
                open(tx, FindingId(id), (case, told.unit.clone()), kind, subject).await?;
            }
            if let Some((suspect, started_at)) = told.detained {
                let hours = self.recording_hours;
                watch(tx, Watch::start(FindingId(id), case, suspect, started_at, hours)).await?;
            }
            let fact = Arrived {
                event: id,
                case,
                source: event.source.clone(),
                sequence: i64::try_from(event.sequence).map_err(unreadable)?,
                at: event.time.parse().map_err(unreadable)?,
                subject: event.subject.clone(),
                unit: told.unit,
                actor_kind: told.actor_kind,
                police_number: told.police_number,
                trace_id: trace_id(&event.traceparent),
            };
            store::timeline::insert(tx, &fact).await
        })
    }
}

/// Number and unit of the case, where the event has both.
fn head(told: &Told) -> Option<Head> {
    let unit = told.unit.clone()?;
    let number = told.case_number.clone()?;
    Some(Head { number, unit })
}

/// Opens the one finding of a breach. It is about the unit that the event names, which need not be
/// the one that handles the case: a reporter may have been turned away elsewhere.
async fn open(
    tx: &mut Tx,
    id: FindingId,
    (case, unit): (CaseId, Option<Unit>),
    kind: FindingKind,
    subject: Option<Uuid>,
) -> Result<(), Fault> {
    let head = store::cases::load(tx, case).await?;
    let unit = unit.unwrap_or(head.unit);
    let opening = Opening {
        id,
        kind,
        matter: Matter { case, case_number: head.number, unit },
        subject: subject.unwrap_or(case.0),
        alarm: true,
        at: tx.at(),
    };
    changes::opened(tx, &Finding::open(opening)).await
}

/// Starts a watch, unless the recording was registered before the event came.
async fn watch(tx: &mut Tx, watch: Watch) -> Result<(), Fault> {
    let recordings = store::recordings::of(tx, watch.case).await?;
    if recordings.iter().any(|recording| watch.is_met_by(&recording.content)) {
        return Ok(());
    }
    changes::watched(tx, &watch).await
}

/// The trace of a W3C `traceparent`; a header that is none is no reason to lose the fact.
fn trace_id(traceparent: &str) -> Option<String> {
    let id = traceparent.split('-').nth(1)?;
    let is_id = id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (is_id && id.bytes().any(|b| b != b'0')).then(|| id.to_owned())
}

fn unreadable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::EVENT_UNREADABLE).caused_by(cause)
}
