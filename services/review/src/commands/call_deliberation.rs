//! Calls a collective deliberation (集体议案) on a review request.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::{CallDeliberationResponse, DeliberationCalled};
use gongxin_review_domain::{Call, CaseId, Deliberation};
use uuid::Uuid;

use crate::store::ballots::Looker;
use crate::{deliberation_wire, deliberations, store};

pub(crate) struct CallDeliberation {
    pub(crate) case: CaseId,
    pub(crate) call: Call,
}

impl Command for CallDeliberation {
    const NAME: &'static str = "call_deliberation";
    type Answer = CallDeliberationResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<CallDeliberationResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        let sessions = store::deliberations::of(tx.conn(), self.case).await?;
        let earlier = sessions.iter().rfind(|session| session.request == self.call.request);
        let ballots = match earlier {
            Some(earlier) => store::ballots::of(tx.conn(), earlier.id, &Looker::Opened).await?,
            None => Vec::new(),
        };
        let earlier = earlier.map(|earlier| (earlier, ballots.as_slice()));
        let called = Deliberation::call(&case, earlier, self.call.clone(), tx.at())?;

        let bureau = tx.bureau()?.clone();
        store::deliberations::insert(tx.conn(), &bureau, self.case, &called).await?;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let message = DeliberationCalled {
            case_id: case.id().to_string(),
            review_request_id: called.request.to_string(),
            deliberation_id: called.id.to_string(),
            session: called.session,
            ground: deliberation_wire::ground(called.ground).into(),
            members: count(called.members.len()),
            called_by: Some((&called.called_by).into()),
        };
        let canonical = |case: &_| called.canonical(case, &[]);
        deliberations::note(tx, case, "deliberation.called", &message, canonical).await?;
        Ok(CallDeliberationResponse {
            deliberation_id: called.id.to_string(),
            session: called.session,
            quorum: count(called.quorum()),
        })
    }
}
