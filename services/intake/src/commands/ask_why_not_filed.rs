//! Enters the procuratorate's demand for the reasons of non-filing.

use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{self as domain, Law, Officer, ReportId};
use gongxin_kernel::Fault;
use gongxin_proto::intake::v1::AskWhyNotFiledResponse;
use jiff::Timestamp;
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// A demand, by the officer of the legal department who enters it.
#[derive(Debug)]
pub(crate) struct AskWhyNotFiled {
    pub(crate) report: ReportId,
    pub(crate) notice_number: String,
    pub(crate) received_at: Timestamp,
    pub(crate) recorded_by: Officer,
    pub(crate) law: Law<'static>,
}

impl Command for AskWhyNotFiled {
    const NAME: &'static str = "ask_why_not_filed";
    type Answer = AskWhyNotFiledResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.report.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<AskWhyNotFiledResponse, Fault> {
        let report = store::load(tx, self.report).await?;
        let ask = domain::AskWhyNotFiled {
            notice_number: self.notice_number.clone(),
            received_at: self.received_at,
            recorded_by: self.recorded_by.clone(),
            at: tx.at(),
        };
        let changed = report.ask_why_not_filed(ask, self.law)?;
        super::record(tx, &changed).await?;
        let question = changed.report().question();
        let answer = question.map(|question| convert::period(&question.deadline.period));
        Ok(AskWhyNotFiledResponse { answer })
    }
}
