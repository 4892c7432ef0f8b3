//! Returns a request for correction (退回补正), item by item.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::ReturnForCorrectionResponse;
use gongxin_review_domain::{CaseId, Event, Law, Officer, ReviewRequestId};
use uuid::Uuid;

use crate::{changes, store};

pub(crate) struct ReturnForCorrection {
    pub(crate) case: CaseId,
    pub(crate) request: ReviewRequestId,
    pub(crate) defects: Vec<String>,
    pub(crate) reviewer: Officer,
    pub(crate) law: Law<'static>,
}

impl Command for ReturnForCorrection {
    const NAME: &'static str = "return_for_correction";
    type Answer = ReturnForCorrectionResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ReturnForCorrectionResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        let (defects, reviewer) = (self.defects.clone(), self.reviewer.clone());
        let changed =
            case.return_for_correction(self.request, defects, reviewer, tx.at(), &self.law)?;
        changes::record(tx, &changed).await?;
        let due = changed.events.iter().find_map(|recorded| match &recorded.event {
            Event::RequestReturned { answer_due_at, .. } => Some(answer_due_at.to_string()),
            _ => None,
        });
        Ok(ReturnForCorrectionResponse { answer_due_at: due.unwrap_or_default() })
    }
}
