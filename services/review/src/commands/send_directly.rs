//! A unit's attempt to send past the gate: recorded and raised here, refused by its caller.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::SendDirectlyResponse;
use gongxin_review_domain::{CaseId, Unit};
use uuid::Uuid;

use super::handled_by;
use crate::{changes, store};

pub(crate) struct SendDirectly {
    pub(crate) case: CaseId,
    pub(crate) document: String,
    pub(crate) unit: Unit,
}

/// The answer means that the attempt is on record; the method then refuses (`ONLY_EXIT`).
impl Command for SendDirectly {
    const NAME: &'static str = "send_directly";
    type Answer = SendDirectlyResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<SendDirectlyResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        handled_by(&case, &self.unit)?;
        let changed = case.refuse_direct_sending(&self.document, self.unit.clone())?;
        changes::record(tx, &changed).await?;
        Ok(SendDirectlyResponse {})
    }
}
