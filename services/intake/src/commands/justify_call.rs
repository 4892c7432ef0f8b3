//! Says why a call needs no report.

use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{CallId, CallJustification, Justified, Officer, ReportId};
use gongxin_kernel::Fault;
use gongxin_proto::intake::v1::JustifyCallResponse;
use uuid::Uuid;

use crate::store;

/// A justification, by the officer who gives it.
#[derive(Debug)]
pub(crate) struct JustifyCall {
    pub(crate) call: CallId,
    pub(crate) justification: CallJustification,
    pub(crate) text: String,
    pub(crate) duplicate_of: Option<ReportId>,
    pub(crate) officer: Officer,
}

impl Command for JustifyCall {
    const NAME: &'static str = "justify_call";
    type Answer = JustifyCallResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.call.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<JustifyCallResponse, Fault> {
        let call = store::calls::load(tx, self.call).await?;
        if let Some(report) = self.duplicate_of {
            super::known_report(tx, report, "duplicate_of").await?;
        }
        let changed = call.justify(Justified {
            justification: self.justification,
            text: self.text.clone(),
            duplicate_of: self.duplicate_of,
            by: self.officer.clone(),
            at: tx.at(),
        })?;
        super::record_call_change(tx, &changed).await?;
        Ok(JustifyCallResponse { call_id: self.call.to_string() })
    }
}
