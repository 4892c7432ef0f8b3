//! Enters a detention or bail that was carried out; never waits for review.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::EnterMeasureResponse;
use gongxin_review_domain::{CarriedOut, CaseId, Event, Law, MeasureKind};
use uuid::Uuid;

use super::{at_fault, own_unit};
use crate::{changes, store, wire};

pub(crate) struct EnterMeasure {
    pub(crate) case: CaseId,
    pub(crate) kind: MeasureKind,
    pub(crate) act: CarriedOut,
    pub(crate) law: Law<'static>,
}

impl Command for EnterMeasure {
    const NAME: &'static str = "enter_measure";
    type Answer = EnterMeasureResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<EnterMeasureResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        own_unit(&case, &self.act.officer)?;
        let changed = case
            .enter_measure(self.kind, self.act.clone(), tx.at(), &self.law)
            .map_err(at_fault("started_at"))?;
        changes::record(tx, &changed).await?;
        let period = changed.events.iter().find_map(|recorded| match &recorded.event {
            Event::MeasureEntered { period, .. } => Some(wire::period(period)),
            _ => None,
        });
        Ok(EnterMeasureResponse { period })
    }
}
