//! What a deliberation demands of the decision on its request.

use crate::deliberation_refusal::DeliberationRefusal;
use crate::refusal::{LONG, text};
use crate::{CaseFile, Deliberation, Refusal, Request, RequestStage, ReviewRequestId, Vote};

/// Whether a request can still be marked as one that must be deliberated: until it is decided.
///
/// # Errors
/// [`Refusal::RequestNotFound`], [`Refusal::RequestStage`].
pub fn may_be_marked(case: &CaseFile, id: ReviewRequestId) -> Result<(), Refusal> {
    match case.request(id)?.stage {
        RequestStage::Decided(..) => Err(Refusal::RequestStage),
        _ => Ok(()),
    }
}

/// Whether a request may be decided so after what was deliberated; gives the session from whose
/// outcome the decision departs. `obliged` says that the request was marked as one that must be
/// deliberated; one that was deliberated once must be again in each further round.
///
/// # Errors
/// [`DeliberationRefusal::Required`], [`DeliberationRefusal::NotConcluded`],
/// [`DeliberationRefusal::DeviationReasons`], [`Refusal::Text`].
pub fn departs<'d>(
    request: &Request,
    obliged: bool,
    latest: Option<&'d Deliberation>,
    approve: bool,
    reasons: &str,
) -> Result<Option<&'d Deliberation>, DeliberationRefusal> {
    let Some(latest) = latest else {
        return if obliged { Err(DeliberationRefusal::Required) } else { Ok(None) };
    };
    if latest.round != request.round() {
        return Err(DeliberationRefusal::Required);
    }
    let concluded = latest.concluded.as_ref().ok_or(DeliberationRefusal::NotConcluded)?;
    let follows = match concluded.outcome {
        Vote::Approve => approve,
        Vote::Refuse => !approve,
        // A return is the reviewer's act: whoever decides instead does not follow it.
        Vote::Return => false,
    };
    if follows {
        return Ok(None);
    }
    if reasons.trim().is_empty() {
        return Err(DeliberationRefusal::DeviationReasons);
    }
    text("deviation_reasons", reasons, LONG)?;
    Ok(Some(latest))
}
