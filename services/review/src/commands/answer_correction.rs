//! Answers every defect of a returned request and submits it again.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::AnswerCorrectionResponse;
use gongxin_review_domain::{CaseId, Officer, ReviewRequestId};
use uuid::Uuid;

use super::own_unit;
use crate::{changes, store};

pub(crate) struct AnswerCorrection {
    pub(crate) case: CaseId,
    pub(crate) request: ReviewRequestId,
    pub(crate) answers: Vec<String>,
    pub(crate) officer: Officer,
}

impl Command for AnswerCorrection {
    const NAME: &'static str = "answer_correction";
    type Answer = AnswerCorrectionResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<AnswerCorrectionResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        own_unit(&case, &self.officer)?;
        let (answers, officer) = (self.answers.clone(), self.officer.clone());
        let changed = case.answer_correction(self.request, answers, officer, tx.at())?;
        changes::record(tx, &changed).await?;
        Ok(AnswerCorrectionResponse {})
    }
}
