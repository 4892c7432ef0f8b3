//! Decides a filing review, also after its end.

use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{self as domain, Law, Officer, Outcome, Receiver, ReportId, Stage};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::intake::v1::DecideFilingResponse;
use uuid::Uuid;

use crate::store;

/// A decision, by the leader who takes it.
#[derive(Debug)]
pub(crate) struct DecideFiling {
    report: ReportId,
    outcome: Outcome,
    receiver: Option<Receiver>,
    ground: String,
    decided_by: Officer,
    /// Word of the organ in the document's number.
    organ: String,
    law: Law<'static>,
}

impl DecideFiling {
    pub(crate) fn new(
        staff: &Staff,
        report: ReportId,
        (outcome, receiver): (Outcome, Option<Receiver>),
        ground: String,
        organ: &str,
        law: Law<'static>,
    ) -> Self {
        let organ = organ.to_owned();
        Self { report, outcome, receiver, ground, decided_by: staff.into(), organ, law }
    }
}

impl Command for DecideFiling {
    const NAME: &'static str = "decide_filing";
    type Answer = DecideFilingResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.report.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<DecideFilingResponse, Fault> {
        let report = store::load(tx, self.report).await?;
        if !matches!(report.state().stage, Stage::FilingReview { .. }) {
            return Err(domain::Refusal::NotUnderReview.into());
        }
        let kind = match self.outcome {
            Outcome::Filed => "filing",
            Outcome::NotFiled => "non_filing",
            Outcome::Transferred => "transfer",
        };
        let decide = domain::DecideFiling {
            outcome: self.outcome,
            receiver: self.receiver,
            ground: self.ground.clone(),
            decided_by: self.decided_by.clone(),
            document_number: super::next_document(tx, &self.organ, kind).await?,
            at: tx.at(),
        };
        let changed = report.decide(decide, self.law)?;
        super::record(tx, &changed).await?;
        let report = changed.report();
        let decision = report.decision();
        Ok(DecideFilingResponse {
            document_number: decision.map(|d| d.document_number.to_string()).unwrap_or_default(),
            case_number: report.case_number().map(ToString::to_string).unwrap_or_default(),
        })
    }
}
