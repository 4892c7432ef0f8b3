//! Records a served release paper: the only way to release.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::RecordReleaseResponse;
use gongxin_review_domain::{CarriedOut, CaseId, Law};
use uuid::Uuid;

use super::at_fault;
use crate::{changes, store};

/// Ending a restraint never waits, so an officer of any unit of the bureau may record it.
pub(crate) struct RecordRelease {
    pub(crate) case: CaseId,
    pub(crate) act: CarriedOut,
    pub(crate) law: Law<'static>,
}

impl Command for RecordRelease {
    const NAME: &'static str = "record_release";
    type Answer = RecordReleaseResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RecordReleaseResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        let changed = case
            .record_release(self.act.clone(), tx.at(), &self.law)
            .map_err(at_fault("served_at"))?;
        changes::record(tx, &changed).await?;
        Ok(RecordReleaseResponse {})
    }
}
