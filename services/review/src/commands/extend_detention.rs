//! Records more days of detention, granted before its end by the leader the law names.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::ExtendDetentionResponse;
use gongxin_review_domain::{CaseId, DetentionExtension, Event, Law};
use uuid::Uuid;

use crate::{changes, store, wire};

pub(crate) struct ExtendDetention {
    pub(crate) case: CaseId,
    pub(crate) grant: DetentionExtension,
    pub(crate) law: Law<'static>,
}

impl Command for ExtendDetention {
    const NAME: &'static str = "extend_detention";
    type Answer = ExtendDetentionResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ExtendDetentionResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        let changed = case.extend_detention(self.grant.clone(), tx.at(), &self.law)?;
        changes::record(tx, &changed).await?;
        let period = changed.events.iter().find_map(|recorded| match &recorded.event {
            Event::DetentionExtended { after, .. } => Some(wire::period(after)),
            _ => None,
        });
        Ok(ExtendDetentionResponse { period })
    }
}
