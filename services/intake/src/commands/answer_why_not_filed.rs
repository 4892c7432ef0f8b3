//! Answers the procuratorate with the reasons of non-filing.

use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{Explanation, Officer, ReportId};
use gongxin_kernel::Fault;
use gongxin_proto::intake::v1::AnswerWhyNotFiledResponse;
use uuid::Uuid;

use crate::store;

/// An answer, by the officer of the legal department who gives it.
#[derive(Debug)]
pub(crate) struct AnswerWhyNotFiled {
    pub(crate) report: ReportId,
    pub(crate) reasons: String,
    pub(crate) answered_by: Officer,
    /// Word of the organ in the document's number.
    pub(crate) organ: String,
}

impl Command for AnswerWhyNotFiled {
    const NAME: &'static str = "answer_why_not_filed";
    type Answer = AnswerWhyNotFiledResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.report.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<AnswerWhyNotFiledResponse, Fault> {
        let report = store::load(tx, self.report).await?;
        report.awaits_explanation()?;
        let number = super::next_document(tx, &self.organ, "non_filing_reasons").await?;
        let changed = report.explain_non_filing(Explanation {
            reasons: self.reasons.clone(),
            answered_by: self.answered_by.clone(),
            answered_at: tx.at(),
            document_number: number.clone(),
        })?;
        super::record(tx, &changed).await?;
        Ok(AnswerWhyNotFiledResponse { document_number: number.to_string() })
    }
}
