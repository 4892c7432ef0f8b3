//! Records that the complainant has the notice of non-filing.

use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{Law, ReportId};
use gongxin_kernel::Fault;
use gongxin_proto::intake::v1::RecordNoticeServedResponse;
use jiff::Timestamp;
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// The service of a notice.
#[derive(Debug)]
pub(crate) struct RecordNoticeServed {
    pub(crate) report: ReportId,
    pub(crate) served_at: Timestamp,
    pub(crate) law: Law<'static>,
}

impl Command for RecordNoticeServed {
    const NAME: &'static str = "record_notice_served";
    type Answer = RecordNoticeServedResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.report.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RecordNoticeServedResponse, Fault> {
        let report = store::load(tx, self.report).await?;
        let at = tx.at();
        let changed = report.notice_served(self.served_at, at, self.law)?;
        super::record(tx, &changed).await?;
        let served = changed.report().notice().and_then(|notice| notice.served.as_ref());
        let reconsideration = served.map(|served| convert::period(&served.reconsideration.period));
        Ok(RecordNoticeServedResponse { reconsideration })
    }
}
