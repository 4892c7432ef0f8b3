//! Gives the review opinion (审核意见).

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::GiveOpinionResponse;
use gongxin_review_domain::{CaseId, Officer, Opinion, ReviewRequestId};
use uuid::Uuid;

use crate::{changes, store};

pub(crate) struct GiveOpinion {
    pub(crate) case: CaseId,
    pub(crate) request: ReviewRequestId,
    pub(crate) opinion: Opinion,
    pub(crate) text: String,
    pub(crate) reviewer: Officer,
}

impl Command for GiveOpinion {
    const NAME: &'static str = "give_opinion";
    type Answer = GiveOpinionResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<GiveOpinionResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        let (text, reviewer) = (self.text.clone(), self.reviewer.clone());
        let changed = case.give_opinion(self.request, self.opinion, text, reviewer)?;
        changes::record(tx, &changed).await?;
        Ok(GiveOpinionResponse {})
    }
}
