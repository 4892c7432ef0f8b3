//! Records a return visit; a low rating opens a look at the matter.

use gongxin_disclosure_domain::{Answer, Officer, VISIT_RULE, VisitId, reasons};
use gongxin_eventing::{Command, Tx, trace};
use gongxin_kernel::Fault;
use gongxin_proto::disclosure::v1::RecordReturnVisitResponse;
use uuid::Uuid;

use crate::{events, store};

/// What a person answered.
#[derive(Debug)]
pub(crate) struct RecordReturnVisit {
    pub(crate) visit: VisitId,
    pub(crate) rating: u8,
    pub(crate) words: String,
    pub(crate) visitor: Officer,
}

impl Command for RecordReturnVisit {
    const NAME: &'static str = "record_return_visit";
    type Answer = RecordReturnVisitResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.visit.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RecordReturnVisitResponse, Fault> {
        let visit = store::visits::find(tx.conn(), self.visit).await?;
        let visit = visit.ok_or_else(|| Fault::new(&reasons::VISIT_NOT_FOUND))?;
        let (before, at) = (visit.revision, tx.at());
        let (words, visitor) = (self.words.clone(), self.visitor.clone());
        let visit = visit.record(Answer { rating: self.rating, words, visitor, at })?;
        trace::about("report.number", visit.matter.number.clone());
        store::visits::answer(tx.conn(), &visit, before).await?;
        tx.meet_deadline(self.visit.0, VISIT_RULE, self.visit.0, at).await?;
        tx.append(events::visited(&visit, before.next())?).await?;
        if visit.opens_look() {
            tx.append(events::look_opened(&visit)?).await?;
        }
        Ok(RecordReturnVisitResponse { look_opened: visit.opens_look() })
    }
}
