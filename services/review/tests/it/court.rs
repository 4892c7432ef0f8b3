//! The procuratorate of the tests: takes envelopes, signs receipts, makes decisions.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use gongxin_exchange::{OrganKey, Organs, Received, digest};
use gongxin_kernel::{Clock, new_uuid};
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::exchange_service_server::{
    ExchangeService, ExchangeServiceServer,
};
use gongxin_proto::exchange::v1::{
    ArrestRequestDecision, DeliverRequest, DeliverResponse, Envelope, Judgment,
    ProsecutionDecision, ProsecutionVerdict, Receipt,
};
use gongxin_testkit::Deployment;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status};

pub(crate) const POLICE: &str = "police:619921";
pub(crate) const PROCURATORATE: &str = "procuratorate:619921";
pub(crate) const COURT: &str = "court:619921";

/// Both sides' keys and what has come so far.
#[derive(Debug)]
pub(crate) struct Court {
    pub(crate) address: SocketAddr,
    key: OrganKey,
    /// The court's own key.
    bench: OrganKey,
    known: Organs,
    clock: Arc<dyn Clock>,
    /// While set, an envelope is taken in but no receipt goes back.
    silent: AtomicBool,
    /// While set, the envelope that came first is always answered with this.
    choking: Mutex<Option<Code>>,
    taken: Mutex<Vec<(DeliverRequest, Received)>>,
    /// Trace contexts that came with the envelopes.
    traces: Mutex<Vec<String>>,
    receipts: Mutex<HashMap<String, DeliverResponse>>,
}

impl Court {
    /// Writes the keys of both organs beside the settings and opens the door.
    pub(crate) async fn open(deployment: &Deployment) -> Arc<Self> {
        let mut known = Organs::default();
        let organs = [("police", POLICE), ("procuratorate", PROCURATORATE), ("court", COURT)];
        for (name, organ) in organs {
            deployment.write_key(name, organ);
            known.insert(organ, &read(deployment, &format!("{name}.pub"))).unwrap();
        }
        let key = read(deployment, "procuratorate.key");
        let bench = read(deployment, "court.key");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let court = Arc::new(Self {
            address: listener.local_addr().unwrap(),
            key: OrganKey::from_pem(PROCURATORATE, &key).unwrap(),
            bench: OrganKey::from_pem(COURT, &bench).unwrap(),
            known,
            clock: deployment.world().clock(),
            silent: AtomicBool::new(false),
            choking: Mutex::default(),
            taken: Mutex::default(),
            traces: Mutex::default(),
            receipts: Mutex::default(),
        });
        let server = Server::builder()
            .add_service(ExchangeServiceServer::new(Door(Arc::clone(&court))))
            .serve_with_incoming(TcpListenerStream::new(listener));
        tokio::spawn(server);
        court
    }

    pub(crate) fn be_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::SeqCst);
    }

    pub(crate) fn choke_on_the_first(&self, code: Code) {
        *self.choking.lock().unwrap() = Some(code);
    }

    /// Every envelope as it came, repeated ones too.
    pub(crate) fn taken(&self) -> Vec<(DeliverRequest, Received)> {
        self.taken.lock().unwrap().clone()
    }

    pub(crate) fn traces(&self) -> Vec<String> {
        self.traces.lock().unwrap().clone()
    }

    /// A decision on the first envelope that came.
    pub(crate) fn decision(&self, approved: bool) -> ArrestRequestDecision {
        let (sent, received) = self.taken()[0].clone();
        ArrestRequestDecision {
            in_reply_to: received.envelope.key,
            in_reply_to_digest: digest(&sent.envelope).to_vec(),
            document_number: "明检捕〔2026〕1号".into(),
            approved,
            reasons: "理由".into(),
            decided_at: self.clock.now().to_string(),
        }
    }

    /// A decision on the transfer or report that came last.
    pub(crate) fn prosecution(&self, verdict: ProsecutionVerdict) -> ProsecutionDecision {
        let (sent, received) = self.taken().pop().unwrap();
        let tasks = match verdict {
            ProsecutionVerdict::Returned => vec!["补充价格认定".into(), "核实赃物去向".into()],
            _ => Vec::new(),
        };
        ProsecutionDecision {
            in_reply_to: received.envelope.key,
            in_reply_to_digest: digest(&sent.envelope).to_vec(),
            document_number: format!("明检〔2026〕{}号", self.taken().len()),
            verdict: verdict.into(),
            reasons: "理由".into(),
            decided_at: self.clock.now().to_string(),
            tasks,
        }
    }

    /// A judgment on what came last.
    pub(crate) fn judgment(&self) -> Judgment {
        let (sent, received) = self.taken().pop().unwrap();
        Judgment {
            in_reply_to: received.envelope.key,
            in_reply_to_digest: digest(&sent.envelope).to_vec(),
            document_number: "（2026）明9921刑初1号".into(),
            convicted: true,
            text: "判决如下".into(),
            judged_at: self.clock.now().to_string(),
        }
    }

    /// A document of the court in a fresh envelope.
    pub(crate) fn sealed_by_court(&self, document: Document) -> DeliverRequest {
        let envelope = self.envelope(&new_uuid().to_string(), document);
        self.bench.seal(&Envelope { sender: COURT.into(), ..envelope })
    }

    /// An envelope for the police with this document under this key.
    pub(crate) fn envelope(&self, key: &str, document: Document) -> Envelope {
        Envelope {
            key: key.into(),
            sender: PROCURATORATE.into(),
            receiver: POLICE.into(),
            created_at: self.clock.now().to_string(),
            document: Some(document),
        }
    }

    pub(crate) fn seal(&self, envelope: &Envelope) -> DeliverRequest {
        self.key.seal(envelope)
    }

    /// A decision in a fresh envelope.
    pub(crate) fn sealed(&self, decision: ArrestRequestDecision) -> DeliverRequest {
        let document = Document::ArrestRequestDecision(decision);
        self.seal(&self.envelope(&new_uuid().to_string(), document))
    }

    /// The key of an envelope of ours.
    pub(crate) fn known_key(&self, sent: &DeliverRequest) -> String {
        self.known.open(sent, POLICE).unwrap().envelope.key
    }

    /// The police's receipt for `sent`, checked.
    pub(crate) fn check(&self, answer: &DeliverResponse, sent: &DeliverRequest) -> Receipt {
        self.known.receipt(answer, sent, POLICE).unwrap()
    }

    fn take(&self, sent: &DeliverRequest) -> Result<DeliverResponse, Status> {
        let received = self.known.open(sent, PROCURATORATE).unwrap();
        let key = received.envelope.key.clone();
        self.taken.lock().unwrap().push((sent.clone(), received.clone()));
        if let Some(code) = *self.choking.lock().unwrap()
            && self.taken()[0].1.envelope.key == key
        {
            return Err(Status::new(code, "too much for us"));
        }
        let mut receipts = self.receipts.lock().unwrap();
        let receipt = receipts.entry(key.clone()).or_insert_with(|| {
            self.key.sign_receipt(&Receipt {
                key,
                envelope_digest: received.digest.to_vec(),
                receiver: PROCURATORATE.into(),
                received_at: self.clock.now().to_string(),
            })
        });
        if self.silent.load(Ordering::SeqCst) {
            return Err(Status::unavailable("the line is broken"));
        }
        Ok(receipt.clone())
    }
}

struct Door(Arc<Court>);

#[tonic::async_trait]
impl ExchangeService for Door {
    async fn deliver(
        &self,
        request: Request<DeliverRequest>,
    ) -> Result<Response<DeliverResponse>, Status> {
        let trace = request.metadata().get("traceparent").and_then(|trace| trace.to_str().ok());
        self.0.traces.lock().unwrap().extend(trace.map(str::to_owned));
        self.0.take(request.get_ref()).map(Response::new)
    }
}

fn read(deployment: &Deployment, name: &str) -> String {
    std::fs::read_to_string(deployment.path(name)).unwrap()
}
