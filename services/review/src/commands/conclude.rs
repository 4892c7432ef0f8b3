//! Concludes the unit's investigation: the pre-trial examination, then the approved report.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::{ConcludeExaminationResponse, ConcludeInvestigationResponse};
use gongxin_review_domain::{CaseId, Officer, Signed};
use jiff::Timestamp;
use uuid::Uuid;

use super::{at_fault, own_unit};
use crate::{changes, store};

/// By the handling unit.
pub(crate) struct ConcludeExamination {
    pub(crate) case: CaseId,
    pub(crate) document_number: String,
    pub(crate) concluded_at: Timestamp,
    pub(crate) officer: Officer,
}

/// By the leader.
pub(crate) struct ConcludeInvestigation {
    pub(crate) case: CaseId,
    pub(crate) document_number: String,
    pub(crate) approver: Officer,
}

impl Command for ConcludeExamination {
    const NAME: &'static str = "conclude_examination";
    type Answer = ConcludeExaminationResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ConcludeExaminationResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        own_unit(&case, &self.officer)?;
        let paper = Signed {
            document_number: self.document_number.clone(),
            at: self.concluded_at,
            officer: self.officer.clone(),
        };
        let changed =
            case.conclude_examination(paper, tx.at()).map_err(at_fault("concluded_at"))?;
        changes::record(tx, &changed).await?;
        Ok(ConcludeExaminationResponse {})
    }
}

impl Command for ConcludeInvestigation {
    const NAME: &'static str = "conclude_investigation";
    type Answer = ConcludeInvestigationResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ConcludeInvestigationResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        let report = Signed {
            document_number: self.document_number.clone(),
            at: tx.at(),
            officer: self.approver.clone(),
        };
        let changed = case.conclude_investigation(report)?;
        changes::record(tx, &changed).await?;
        Ok(ConcludeInvestigationResponse {})
    }
}
