//! `ExchangeService`: what procuratorate and court deliver. Signatures say who calls.

use std::sync::Arc;

use gongxin_chassis::{Answer, IntoStatus};
use gongxin_eventing::{Db, Scope, reasons::REQUEST_ID_REUSED};
use gongxin_exchange::reasons::{ENVELOPE_INVALID, ENVELOPE_KEY_REUSED};
use gongxin_kernel::{Actor, Fault, RequestId};
use gongxin_proto::exchange::v1::exchange_service_server::ExchangeService;
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse, envelope};
use gongxin_review_domain::{CaseId, ExitId, Law};
use jiff::SignedDuration;
use tonic::{Request, Response};

use crate::commands::{Document, ReceiveAnswer, ReceiveViolationNotice};
use crate::organ::Organ;
use crate::store;

/// The service over its database.
pub(crate) struct ExchangeApi {
    pub(crate) db: Db,
    pub(crate) organ: Arc<Organ>,
    pub(crate) law: Law<'static>,
    /// How long before the end of its time the answer to a notice is urged.
    pub(crate) warning: SignedDuration,
}

#[tonic::async_trait]
impl ExchangeService for ExchangeApi {
    async fn deliver(&self, request: Request<DeliverRequest>) -> Answer<DeliverResponse> {
        let received = self.receive(request.into_inner()).await;
        received.map(Response::new).map_err(IntoStatus::into_status)
    }
}

impl ExchangeApi {
    async fn receive(&self, sent: DeliverRequest) -> Result<DeliverResponse, Fault> {
        let received = self.organ.known.open(&sent, self.organ.key.organ())?;
        let envelope = &received.envelope;
        let key: RequestId = envelope
            .key
            .parse()
            .map_err(|_| Fault::field(&ENVELOPE_INVALID, "key", "应为 UUID"))?;
        let (actor, digest) = (Actor::Organ(envelope.sender.clone()), received.digest);
        let bureau = self.organ.bureau.clone();
        if let Some(envelope::Document::ViolationNotice(document)) = envelope.document.clone() {
            let (organ, warning) = (Arc::clone(&self.organ), self.warning);
            let command = ReceiveViolationNotice::new(document, sent, received, organ, warning)?;
            return self.db.command(actor, bureau, key, digest, command).await.map_err(key_reused);
        }
        let Some(document) = Document::of(envelope.document.clone()) else {
            return Err(Fault::field(&ENVELOPE_INVALID, "document", "is of no kind taken here"));
        };
        let answered = self.find(document.in_reply_to()).await?;
        let command = ReceiveAnswer {
            answered,
            sent,
            document,
            received,
            organ: Arc::clone(&self.organ),
            law: self.law,
        };
        self.db.command(actor, bureau, key, digest, command).await.map_err(key_reused)
    }

    /// The exit that a text names, with its case.
    async fn find(&self, exit: &str) -> Result<Option<(CaseId, ExitId)>, Fault> {
        let Ok(exit) = exit.parse::<ExitId>() else { return Ok(None) };
        let scope = Scope::Bureau(self.organ.bureau.clone());
        let case = self
            .db
            .transaction("find_exit", scope, move |tx| {
                Box::pin(async move { store::exits::case_of(tx.conn(), exit).await })
            })
            .await?;
        Ok(case.map(|case| (case, exit)))
    }
}

/// Between organs the envelope's key is what a request id is between programs.
fn key_reused(fault: Fault) -> Fault {
    if fault.reason == &REQUEST_ID_REUSED {
        return Fault::field(&ENVELOPE_KEY_REUSED, "key", "was used with other content");
    }
    fault
}
