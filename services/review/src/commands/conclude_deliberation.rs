//! Closes a deliberation and puts its outcome on record.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::{ConcludeDeliberationResponse, DeliberationConcluded};
use gongxin_review_domain::{CaseId, DeliberationId, Officer};
use uuid::Uuid;

use crate::store::ballots::Looker;
use crate::{deliberation_wire, deliberations, store};

pub(crate) struct ConcludeDeliberation {
    pub(crate) case: CaseId,
    pub(crate) deliberation: DeliberationId,
    pub(crate) recorder: Officer,
}

impl Command for ConcludeDeliberation {
    const NAME: &'static str = "conclude_deliberation";
    type Answer = ConcludeDeliberationResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ConcludeDeliberationResponse, Fault> {
        let (case, mut session) = deliberations::load(tx, self.case, self.deliberation).await?;
        let ballots = store::ballots::of(tx.conn(), session.id, &Looker::Opened).await?;
        let (recorder, at) = (self.recorder.clone(), tx.at());
        let conclusion = session.conclude(&case, &ballots, recorder, at)?;

        store::deliberations::conclude(tx.conn(), session.id, &conclusion).await?;
        let outcome = deliberation_wire::vote(conclusion.outcome).into();
        let message = DeliberationConcluded {
            case_id: case.id().to_string(),
            review_request_id: session.request.to_string(),
            deliberation_id: session.id.to_string(),
            session: session.session,
            outcome,
            members: u32::try_from(session.members.len()).unwrap_or(u32::MAX),
            for_approval: conclusion.tally.approve,
            for_refusal: conclusion.tally.refuse,
            for_return: conclusion.tally.returned,
            concluded_by: Some((&conclusion.by).into()),
        };
        let canonical = |case: &_| session.canonical(case, &ballots);
        deliberations::note(tx, case, "deliberation.concluded", &message, canonical).await?;
        Ok(ConcludeDeliberationResponse { outcome })
    }
}
