//! Records that the complainant asks for reconsideration of non-filing.

use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{Law, Officer, ReportId};
use gongxin_kernel::Fault;
use gongxin_proto::intake::v1::RequestReconsiderationResponse;
use jiff::Timestamp;
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// A request, by the officer who received it.
#[derive(Debug)]
pub(crate) struct RequestReconsideration {
    pub(crate) report: ReportId,
    pub(crate) ground: String,
    pub(crate) received_at: Timestamp,
    pub(crate) recorded_by: Officer,
    pub(crate) law: Law<'static>,
}

impl Command for RequestReconsideration {
    const NAME: &'static str = "request_reconsideration";
    type Answer = RequestReconsiderationResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.report.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RequestReconsiderationResponse, Fault> {
        let report = store::load(tx, self.report).await?;
        let (ground, by, at) = (self.ground.clone(), self.recorded_by.clone(), tx.at());
        let changed = report.request_reconsideration(ground, self.received_at, by, at, self.law)?;
        super::record(tx, &changed).await?;
        let asked = changed.report().reconsideration();
        let decision = asked.map(|asked| convert::period(&asked.deadline.period));
        Ok(RequestReconsiderationResponse { decision })
    }
}
