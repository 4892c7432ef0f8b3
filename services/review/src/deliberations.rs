//! What deliberations have in common: their events, and what they demand of the decision.

use gongxin_eventing::{NewEvent, Tx, reasons::INVARIANT_BROKEN, trace};
use gongxin_kernel::Fault;
use gongxin_law::legal_text;
use gongxin_review_domain::reasons::DELIBERATION_NOT_FOUND;
use gongxin_review_domain::{
    CaseFile, CaseId, Deliberation, DeliberationId, Officer, RequestStage, ReviewRequestId, departs,
};
use gongxin_transparency::View;
use prost::{Message, Name};

use crate::store;

/// The case and one of its sessions.
///
/// # Errors
/// `CASE_NOT_FOUND`, `DELIBERATION_NOT_FOUND`.
pub(crate) async fn load(
    tx: &mut Tx,
    case: CaseId,
    id: DeliberationId,
) -> Result<(CaseFile, Deliberation), Fault> {
    let case = store::load(tx, case).await?;
    let sessions = store::deliberations::of(tx.conn(), case.id()).await?;
    let found = sessions.into_iter().find(|session| session.id == id);
    Ok((case, found.ok_or_else(|| Fault::new(&DELIBERATION_NOT_FOUND))?))
}

/// Saves the case one revision later with the event of a fact that is kept beside it; `canonical`
/// says what the row digest is taken over.
pub(crate) async fn note<M: Message + Name>(
    tx: &mut Tx,
    case: CaseFile,
    subject: &'static str,
    message: &M,
    canonical: impl FnOnce(&CaseFile) -> Vec<u8>,
) -> Result<(), Fault> {
    let loaded = case.revision();
    let case = case.noted();
    trace::about("case.number", case.number());
    store::save(tx, &case, loaded).await?;
    let view = View::new([
        ("event", gongxin_chassis::event_text(subject).zh.into_owned()),
        ("case", case.number().to_owned()),
        ("time", legal_text(tx.at())),
    ])
    .map_err(|error| Fault::new(&INVARIANT_BROKEN).caused_by(error))?;
    let (id, revision) = (case.id().0, case.revision());
    tx.append(NewEvent::new(id, revision, subject, message, view, &canonical(&case))).await
}

/// A decision that is about to be made.
#[derive(Debug)]
pub(crate) struct Decision<'a> {
    pub(crate) request: ReviewRequestId,
    pub(crate) approve: bool,
    pub(crate) deviation_reasons: &'a str,
    pub(crate) approver: &'a Officer,
}

/// Refuses a decision that must wait for a deliberation, or departs from it and does not say why;
/// keeps the reasons of one that does. What cannot be decided at all is left to the decision itself.
pub(crate) async fn before(
    tx: &mut Tx,
    case: &CaseFile,
    decision: Decision<'_>,
) -> Result<(), Fault> {
    let Decision { request: id, approve, deviation_reasons, approver } = decision;
    let Ok(request) = case.request(id) else { return Ok(()) };
    if !matches!(request.stage, RequestStage::Reviewed(_)) {
        return Ok(());
    }
    let obliged = store::major::is_marked(tx.conn(), id).await?;
    let sessions = store::deliberations::of(tx.conn(), case.id()).await?;
    let latest = sessions.iter().rfind(|session| session.request == id);
    if let Some(departed) = departs(request, obliged, latest, approve, deviation_reasons)? {
        let (bureau, at) = (tx.bureau()?.clone(), tx.at());
        let by = (approver, at);
        store::major::depart(tx.conn(), &bureau, departed.id, deviation_reasons, by).await?;
    }
    Ok(())
}
