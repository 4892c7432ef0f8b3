//! Records that an approved arrest was carried out.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::RecordArrestResponse;
use gongxin_review_domain::{CarriedOut, CaseId, Event, Law};
use uuid::Uuid;

use super::{at_fault, own_unit};
use crate::{changes, store, wire};

pub(crate) struct RecordArrest {
    pub(crate) case: CaseId,
    pub(crate) act: CarriedOut,
    pub(crate) law: Law<'static>,
}

impl Command for RecordArrest {
    const NAME: &'static str = "record_arrest";
    type Answer = RecordArrestResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RecordArrestResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        own_unit(&case, &self.act.officer)?;
        let changed = case
            .record_arrest(self.act.clone(), tx.at(), &self.law)
            .map_err(at_fault("executed_at"))?;
        changes::record(tx, &changed).await?;
        let period = changed.events.iter().find_map(|recorded| match &recorded.event {
            Event::SuspectArrested { period, .. } => Some(wire::period(period)),
            _ => None,
        });
        Ok(RecordArrestResponse { period })
    }
}
