//! Puts a matter to the legal department.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::SubmitRequestResponse;
use gongxin_review_domain::{CaseId, Submission};
use uuid::Uuid;

use super::own_unit;
use crate::{changes, store};

pub(crate) struct SubmitRequest {
    pub(crate) case: CaseId,
    pub(crate) submission: Submission,
}

impl Command for SubmitRequest {
    const NAME: &'static str = "submit_request";
    type Answer = SubmitRequestResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<SubmitRequestResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        own_unit(&case, &self.submission.officer)?;
        let changed = case.submit(self.submission.clone())?;
        changes::record(tx, &changed).await?;
        Ok(SubmitRequestResponse { review_request_id: self.submission.request.to_string() })
    }
}
