//! What a reader may see of a deliberation. Whoever is shown one is on record before.

use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Staff};
use gongxin_review_domain::{Ballot, CaseId, Deliberation, DeliberationId};

use crate::deliberations;
use crate::store::ballots::Looker;
use crate::store::{ballots, major};

/// A session as one reader sees it.
#[derive(Clone, Debug)]
pub(crate) struct DeliberationView {
    pub(crate) case: CaseId,
    pub(crate) session: Deliberation,
    /// All, a member's own, or none.
    pub(crate) ballots: Vec<Ballot>,
    pub(crate) deviation_reasons: Option<String>,
}

/// Reads one session. With `sees_ballots` (approvers, discipline inspection), or as one of its
/// members, the reader sees all ballots once the chair has spoken.
pub(crate) async fn deliberation(
    db: &Db,
    staff: &Staff,
    sees_ballots: bool,
    case: CaseId,
    id: DeliberationId,
) -> Result<DeliberationView, Fault> {
    let police_number = staff.police_number.clone();
    db.read("get_deliberation", staff, case.0, move |tx| {
        let police_number = police_number.clone();
        Box::pin(async move {
            let (_, session) = deliberations::load(tx, case, id).await?;
            let is_member = session.member(&police_number).is_some();
            let looker = if session.chair_has_spoken() && (is_member || sees_ballots) {
                Looker::Opened
            } else {
                Looker::Member(police_number)
            };
            let ballots = ballots::of(tx.conn(), id, &looker).await?;
            let deviation_reasons = major::departure(tx.conn(), id).await?;
            Ok(DeliberationView { case, session, ballots, deviation_reasons })
        })
    })
    .await
}
