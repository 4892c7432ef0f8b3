//! Keys, envelopes and files of one test.

use std::net::SocketAddr;
use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use gongxin_exchange::{OrganKey, Organs};
use gongxin_kernel::{ManualClock, new_uuid};
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::exchange_service_client::ExchangeServiceClient;
use gongxin_proto::exchange::v1::{ArrestRequest, DeliverRequest, DeliverResponse, Envelope};
use gongxin_simulator::{Options, Running, Simulator};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

pub(crate) const POLICE: &str = "police:619921";
pub(crate) const PROCURATORATE: &str = "procuratorate:619921";
pub(crate) const CASE: &str = "A6199210100002026010007";
pub(crate) const NINE: &str = "2026-01-05T01:00:00Z";
/// Nobody listens on this port of this machine.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:1";
pub(crate) const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn secret(organ: &str) -> SigningKey {
    let seed = if organ == POLICE { 1 } else { 2 };
    SigningKey::from_bytes(&[seed; 32])
}

pub(crate) fn private_pem(organ: &str) -> String {
    secret(organ).to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
}

pub(crate) fn public_pem(organ: &str) -> String {
    secret(organ).verifying_key().to_public_key_pem(LineEnding::LF).unwrap()
}

pub(crate) fn police_key() -> OrganKey {
    OrganKey::from_pem(POLICE, &private_pem(POLICE)).unwrap()
}

pub(crate) fn procuratorate_key() -> OrganKey {
    OrganKey::from_pem(PROCURATORATE, &private_pem(PROCURATORATE)).unwrap()
}

/// Everybody's public keys, as both sides know them.
pub(crate) fn organs() -> Organs {
    let mut organs = Organs::default();
    for organ in [POLICE, PROCURATORATE] {
        organs.insert(organ, &public_pem(organ)).unwrap();
    }
    organs
}

/// A complete request for approval of arrest under a fresh key.
pub(crate) fn envelope() -> Envelope {
    Envelope {
        key: new_uuid().to_string(),
        sender: POLICE.into(),
        receiver: PROCURATORATE.into(),
        created_at: NINE.into(),
        document: Some(Document::ArrestRequest(ArrestRequest {
            document_number: "明公（刑）提捕字〔2026〕1号".into(),
            case_number: CASE.into(),
            charge: "盗窃罪".into(),
            suspect_name: "龚小军".into(),
            detained_at: "2026-01-04T01:00:00Z".into(),
            ground: "有证据证明有犯罪事实".into(),
        })),
    }
}

/// Hands an envelope in, within a trace.
pub(crate) async fn deliver(
    address: SocketAddr,
    sent: &DeliverRequest,
) -> Result<DeliverResponse, Status> {
    let mut client = ExchangeServiceClient::connect(format!("http://{address}")).await.unwrap();
    let mut request = Request::new(sent.clone());
    request.metadata_mut().insert("traceparent", TRACEPARENT.parse().unwrap());
    client.deliver(request).await.map(tonic::Response::into_inner)
}

/// Code, reason and fields at fault of a refusal.
pub(crate) fn refusal(status: &Status) -> (Code, String, Vec<String>) {
    let details = status.get_error_details();
    let fields = details.bad_request().map(|bad| &bad.field_violations[..]).unwrap_or_default();
    let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
    (status.code(), reason, fields.iter().map(|one| one.field.clone()).collect())
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Value {
    let client: Client<_, String> = Client::builder(TokioExecutor::new()).build_http();
    let response = client.get(format!("http://{address}{path}").parse().unwrap()).await.unwrap();
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

/// Posts JSON; gives status and answer.
pub(crate) async fn post(address: SocketAddr, path: &str, body: &Value) -> (u16, Value) {
    let client: Client<_, String> = Client::builder(TokioExecutor::new()).build_http();
    let request = axum::http::Request::post(format!("http://{address}{path}"))
        .header("content-type", "application/json")
        .body(body.to_string())
        .unwrap();
    let response = client.request(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// The files of one simulator.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// An empty folder with a clock that stands at nine o'clock in China.
    pub(crate) fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("simulator-{name}"));
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).unwrap();
        let folder = Self(folder);
        folder.set_clock(NINE);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn set_clock(&self, at: &str) {
        ManualClock::set(self.path("clock"), at.parse().unwrap()).unwrap();
    }

    pub(crate) fn set_plan(&self, text: &str) {
        std::fs::write(self.path("new-plan"), text).unwrap();
        std::fs::rename(self.path("new-plan"), self.path("plan")).unwrap();
    }

    /// By the manual clock, without a plan.
    pub(crate) fn options(&self, police_url: &str) -> Options {
        let options = Options::new(procuratorate_key(), organs(), police_url, self.path("journal"));
        Options { clock: Some(self.path("clock")), ..options }
    }

    pub(crate) async fn start(&self, police_url: &str) -> Running {
        Simulator::start(self.options(police_url)).await.unwrap()
    }
}
