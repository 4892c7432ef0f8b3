//! Answers a notice to correct a violation: the answer leaves by the one exit.

use std::sync::Arc;

use gongxin_chassis::reasons::WRONG_BUREAU;
use gongxin_eventing::{Command, Tx};
use gongxin_exchange::digest;
use gongxin_kernel::{Fault, Officer};
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{Envelope, ViolationItemAnswer, ViolationNoticeAnswer as Paper};
use gongxin_proto::review::v1::AnswerViolationNoticeResponse;
use gongxin_review_domain::{
    ExitId, ItemAnswer, ItemResult, Refusal, Response, ViolationNotice, ViolationNoticeId,
};
use prost::Message as _;
use uuid::Uuid;

use crate::organ::Organ;
use crate::store::outgoing_papers::{self, PaperOf};
use crate::{correspondence, store};

pub(crate) struct AnswerViolationNotice {
    pub(crate) notice: ViolationNoticeId,
    pub(crate) items: Vec<ItemAnswer>,
    pub(crate) officer: Officer,
    pub(crate) organ: Arc<Organ>,
}

impl Command for AnswerViolationNotice {
    const NAME: &'static str = "answer_violation_notice";
    type Answer = AnswerViolationNoticeResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.notice.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<AnswerViolationNoticeResponse, Fault> {
        let notice = store::violation_notices::load(tx.conn(), self.notice).await?;
        // The organ's key and word are those of one bureau.
        if *tx.bureau()? != self.organ.bureau {
            return Err(Fault::new(&WRONG_BUREAU));
        }
        self.check_duties(tx, &notice).await?;
        let loaded = notice.revision;
        let (exit, at) = (ExitId::fresh(), tx.at());
        let document_number = correspondence::answer_number(tx, &self.organ).await?;
        let response = Response {
            exit,
            document_number: document_number.clone(),
            items: self.items.clone(),
            officer: self.officer.clone(),
        };
        let changed = notice.answer(response, at)?;
        store::violation_notices::update(tx.conn(), &changed.notice, loaded).await?;
        correspondence::meet_clock(tx, self.notice).await?;
        let event = correspondence::append(tx, &changed).await?;
        let paper = self.paper(tx, &changed.notice, document_number.clone()).await?;
        let document = Document::ViolationNoticeAnswer(paper);
        let sealed = correspondence::seal(&self.organ, exit.0, at, document);
        let bureau = tx.bureau()?.clone();
        let of = PaperOf::Notice(self.notice);
        outgoing_papers::insert(tx.conn(), &bureau, (exit.0, of), event, &sealed).await?;
        let late = changed.notice.given().is_some_and(|given| given.late);
        Ok(AnswerViolationNoticeResponse { exit_id: exit.to_string(), document_number, late })
    }
}

impl AnswerViolationNotice {
    /// Nobody answers for a case that he or she handled.
    async fn check_duties(&self, tx: &mut Tx, notice: &ViolationNotice) -> Result<(), Fault> {
        let case = store::cases::of_number(tx.conn(), &notice.incoming.case_number).await?;
        let handled =
            case.is_some_and(|(_, handlers)| handlers.contains(&self.officer.police_number));
        if handled { Err(Refusal::SeparationOfDuties.into()) } else { Ok(()) }
    }

    /// What the answer says, in reply to the very envelope that brought the notice.
    async fn paper(
        &self,
        tx: &mut Tx,
        notice: &ViolationNotice,
        document_number: String,
    ) -> Result<Paper, Fault> {
        let came = store::violation_notices::sealed(tx.conn(), self.notice).await?;
        let envelope = Envelope::decode(&*came.envelope).map_err(store::broken)?;
        let item = |item: &ItemAnswer| ViolationItemAnswer {
            corrected: item.result == ItemResult::Corrected,
            text: item.text.clone(),
        };
        Ok(Paper {
            in_reply_to: envelope.key,
            in_reply_to_digest: digest(&came.envelope).to_vec(),
            document_number,
            notice_number: notice.incoming.number.clone(),
            items: self.items.iter().map(item).collect(),
            answered_at: tx.at().to_string(),
        })
    }
}
