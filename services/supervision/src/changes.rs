//! Saves what a transition gave: rows, clocks and events, in the transaction that is open.

use gongxin_eventing::{NewDeadline, Tx, trace};
use gongxin_kernel::{Fault, Revision};
use gongxin_supervision_domain::{Act, Finding, Recording, Watch};

use crate::store::cases::Head;
use crate::{events, store};

/// Time of a unit to rectify, as the officer set it.
pub(crate) const RECTIFICATION: &str = "supervision.rectification";
/// Time to register the recording of the first interrogation after a detention.
pub(crate) const RECORDING: &str = "supervision.interrogation_recording";
/// These periods are set by the house, not by a dated rule of law.
const HOUSE: &str = "house";

/// Saves a new finding.
pub(crate) async fn opened(tx: &mut Tx, finding: &Finding) -> Result<(), Fault> {
    trace::about("case.number", finding.opening().matter.case_number.clone());
    store::findings::insert(tx, finding).await?;
    tx.append(events::opened(finding)?).await
}

/// Saves the one act by which `finding` is further than the stored one.
pub(crate) async fn acted(tx: &mut Tx, finding: &Finding) -> Result<(), Fault> {
    trace::about("case.number", finding.opening().matter.case_number.clone());
    let done = finding.done().last().ok_or_else(|| store::broken("a finding without an act"))?;
    store::findings::advance(tx, finding, done).await?;
    let id = finding.id().0;
    match &done.act {
        Act::Supervised { rectify_by, .. } => {
            let at = done.at;
            let deadline = NewDeadline {
                aggregate: id,
                rule: RECTIFICATION,
                rule_version: HOUSE.to_owned(),
                subject: id,
                started_at: at,
                warn_at: Some(at + rectify_by.duration_since(at) / 2),
                due_at: *rectify_by,
                assumed: false,
                explained: vec!["整改期限由执法监督民警在督办时确定".to_owned()],
                facts: None,
            };
            tx.start_deadline(&deadline).await?;
        }
        Act::Rectified { .. } => tx.meet_deadline(id, RECTIFICATION, id, done.at).await?,
        Act::Closed { .. } => {
            // A recording that never came is waited for until the matter is closed.
            tx.cancel_deadline(id, RECORDING, finding.opening().subject).await?;
        }
        _ => {}
    }
    tx.append(events::acted(finding, done)?).await
}

/// Starts the watch for the recording of an interrogation.
pub(crate) async fn watched(tx: &mut Tx, watch: &Watch) -> Result<(), Fault> {
    store::watches::insert(tx, watch).await?;
    let deadline = NewDeadline {
        aggregate: watch.id.0,
        rule: RECORDING,
        rule_version: HOUSE.to_owned(),
        subject: watch.suspect.0,
        started_at: watch.started_at,
        warn_at: Some(watch.warn_at()),
        due_at: watch.due_at,
        assumed: false,
        explained: vec!["自拘留之时起计算，过半预警，届满报警（本局规定）".to_owned()],
        facts: None,
    };
    tx.start_deadline(&deadline).await
}

/// Saves a new recording.
pub(crate) async fn registered(
    tx: &mut Tx,
    recording: &Recording,
    head: &Head,
) -> Result<(), Fault> {
    trace::about("case.number", head.number.clone());
    store::recordings::insert(tx, recording).await?;
    tx.append(events::registered(recording, head, Revision::FIRST)?).await
}
