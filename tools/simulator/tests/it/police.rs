//! The police's side of the exchange as a counterpart of these tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use gongxin_exchange::{digest, reasons};
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::exchange_service_server::{
    ExchangeService, ExchangeServiceServer,
};
use gongxin_proto::exchange::v1::{
    ArrestRequestDecision, DeliverRequest, DeliverResponse, Envelope, Receipt,
};
use tokio::net::TcpSocket;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::world::{POLICE, organs, police_key, procuratorate_key};

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mishap {
    /// The envelope is received, and the receipt never arrives.
    ReceiptLost,
    /// The receipt is signed by somebody else.
    ReceiptForged,
}

/// One call that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) envelope: Envelope,
    pub(crate) bytes: Vec<u8>,
    pub(crate) traceparent: Option<String>,
}

impl Call {
    pub(crate) fn decision(&self) -> &ArrestRequestDecision {
        match &self.envelope.document {
            Some(Document::ArrestRequestDecision(decision)) => decision,
            other => panic!("the procuratorate sent {other:?}"),
        }
    }
}

#[derive(Debug, Default)]
struct Desk {
    calls: Mutex<Vec<Call>>,
    mishaps: Mutex<VecDeque<Mishap>>,
}

/// The police before they listen: calls are refused, and nobody else can take the address.
#[derive(Debug)]
pub(crate) struct Down {
    pub(crate) url: String,
    socket: TcpSocket,
}

impl Down {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self { url: format!("http://{}", socket.local_addr().unwrap()), socket }
    }

    /// Listens from now on; the first calls meet the mishaps, one each.
    pub(crate) fn up(self, mishaps: &[Mishap]) -> Police {
        let listener = self.socket.listen(64).unwrap();
        let mishaps = Mutex::new(mishaps.to_vec().into());
        let desk = Arc::new(Desk { mishaps, ..Desk::default() });
        let served = tonic::transport::Server::builder()
            .add_service(ExchangeServiceServer::from_arc(Arc::clone(&desk)))
            .serve_with_incoming(TcpListenerStream::new(listener));
        tokio::spawn(served);
        Police { url: self.url, desk }
    }
}

/// The police, listening.
#[derive(Debug)]
pub(crate) struct Police {
    pub(crate) url: String,
    desk: Arc<Desk>,
}

impl Police {
    pub(crate) fn up() -> Self {
        Down::new().up(&[])
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.desk.calls.lock().unwrap().clone()
    }
}

#[tonic::async_trait]
impl ExchangeService for Desk {
    async fn deliver(
        &self,
        request: Request<DeliverRequest>,
    ) -> Result<Response<DeliverResponse>, Status> {
        let traceparent = request.metadata().get("traceparent");
        let traceparent = traceparent.map(|value| value.to_str().unwrap().to_owned());
        let sent = request.into_inner();
        let received = organs()
            .open(&sent, POLICE)
            .map_err(|_| Status::unauthenticated(reasons::ENVELOPE_NOT_SIGNED.en))?;
        let receipt = Receipt {
            key: received.envelope.key.clone(),
            envelope_digest: digest(&sent.envelope).to_vec(),
            receiver: POLICE.into(),
            received_at: "2026-01-05T01:00:00Z".into(),
        };
        let call = Call { envelope: received.envelope, bytes: sent.envelope, traceparent };
        self.calls.lock().unwrap().push(call);
        match self.mishaps.lock().unwrap().pop_front() {
            None => Ok(Response::new(police_key().sign_receipt(&receipt))),
            Some(Mishap::ReceiptForged) => {
                Ok(Response::new(procuratorate_key().sign_receipt(&receipt)))
            }
            Some(Mishap::ReceiptLost) => Err(Status::unavailable("the line broke")),
        }
    }
}
