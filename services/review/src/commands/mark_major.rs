//! Marks a request as one that must be deliberated before it is decided.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::{MarkMajorResponse, RequestMarkedMajor};
use gongxin_review_domain::{
    CaseFile, CaseId, DeliberationGround, Officer, ReviewRequestId, may_be_marked,
};
use uuid::Uuid;

use super::own_unit;
use crate::{deliberation_wire, deliberations, store};

pub(crate) struct MarkMajor {
    pub(crate) case: CaseId,
    pub(crate) request: ReviewRequestId,
    pub(crate) ground: DeliberationGround,
    pub(crate) officer: Officer,
    /// Of the legal department; anybody else must be of the handling unit.
    pub(crate) by_legal: bool,
}

impl Command for MarkMajor {
    const NAME: &'static str = "mark_major";
    type Answer = MarkMajorResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<MarkMajorResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        if !self.by_legal {
            own_unit(&case, &self.officer)?;
        }
        may_be_marked(&case, self.request)?;
        let (bureau, by) = (tx.bureau()?.clone(), (&self.officer, tx.at()));
        if store::major::mark(tx.conn(), &bureau, self.request, self.ground, by).await? {
            let message = RequestMarkedMajor {
                case_id: case.id().to_string(),
                review_request_id: self.request.to_string(),
                ground: deliberation_wire::ground(self.ground).into(),
                marked_by: Some((&self.officer).into()),
            };
            deliberations::note(tx, case, "request.marked_major", &message, CaseFile::canonical)
                .await?;
        }
        Ok(MarkMajorResponse {})
    }
}
