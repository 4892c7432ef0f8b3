//! Decides a reconsideration of non-filing; overturned, the case is filed in the same transaction.

use gongxin_chassis::reasons as chassis;
use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{self as domain, Finding, Officer, ReportId};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::intake::v1::DecideReconsiderationResponse;
use uuid::Uuid;

use crate::store;

/// A decision, by the leader who takes it with a second officer.
#[derive(Debug)]
pub(crate) struct DecideReconsideration {
    report: ReportId,
    finding: Finding,
    ground: String,
    decided_by: Officer,
    second_officer: Officer,
    /// Word of the organ in the numbers of the documents.
    organ: String,
}

impl DecideReconsideration {
    /// # Errors
    /// `WRONG_BUREAU` when the second officer is of another bureau.
    pub(crate) fn new(
        staff: &Staff,
        report: ReportId,
        finding: Finding,
        ground: String,
        second_officer: Officer,
        organ: &str,
    ) -> Result<Self, Fault> {
        if second_officer.unit.code.bureau() != staff.bureau {
            let what = "must be a unit of the caller's bureau";
            let field = "second_officer.unit.code";
            return Err(Fault::field(&chassis::WRONG_BUREAU, field, what));
        }
        let organ = organ.to_owned();
        Ok(Self { report, finding, ground, decided_by: staff.into(), second_officer, organ })
    }
}

impl Command for DecideReconsideration {
    const NAME: &'static str = "decide_reconsideration";
    type Answer = DecideReconsiderationResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.report.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<DecideReconsiderationResponse, Fault> {
        let report = store::load(tx, self.report).await?;
        report.awaits_reconsideration()?;
        let document_number = super::next_document(tx, &self.organ, "reconsideration").await?;
        let filing_number = match self.finding {
            Finding::Upheld => None,
            Finding::Overturned => Some(super::next_document(tx, &self.organ, "filing").await?),
        };
        let decide = domain::DecideReconsideration {
            ground: self.ground.clone(),
            decided_by: self.decided_by.clone(),
            second_officer: self.second_officer.clone(),
            document_number: document_number.clone(),
            filing_number: filing_number.clone(),
            at: tx.at(),
        };
        let changed = report.decide_reconsideration(decide)?;
        super::record(tx, &changed).await?;
        let case_number = changed.report().case_number();
        Ok(DecideReconsiderationResponse {
            document_number: document_number.to_string(),
            filing_number: filing_number.map(|number| number.to_string()).unwrap_or_default(),
            case_number: case_number.map(ToString::to_string).unwrap_or_default(),
        })
    }
}
