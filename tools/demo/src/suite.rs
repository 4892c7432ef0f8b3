//! The running suite: channels, tokens, statuses.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use gongxin_kernel::{Clock as _, ManualClock};
use gongxin_proto::accountability::v1::accountability_service_client::AccountabilityServiceClient;
use gongxin_proto::accountability::v1::interference_service_client::InterferenceServiceClient;
use gongxin_proto::disclosure::v1::disclosure_service_client::DisclosureServiceClient;
use gongxin_proto::intake::v1::intake_service_client::IntakeServiceClient;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{GetStatusRequest, GetStatusResponse};
use gongxin_proto::review::v1::correspondence_service_client::CorrespondenceServiceClient;
use gongxin_proto::review::v1::deliberation_service_client::DeliberationServiceClient;
use gongxin_proto::review::v1::review_service_client::ReviewServiceClient;
use gongxin_proto::supervision::v1::supervision_service_client::SupervisionServiceClient;
use gongxin_transparency::VerifierKey;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde::Deserialize;
use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};

use crate::clock::Pending;
use crate::office::ADMINISTRATOR;
use crate::persistent::Persistent;
use crate::{Places, SignIn};

type Body = Full<axum::body::Bytes>;

/// A suite that runs, with everything to call it.
pub struct Suite {
    pub(crate) places: Places,
    pub(crate) intake: IntakeServiceClient<Persistent>,
    pub(crate) review: ReviewServiceClient<Persistent>,
    pub(crate) deliberation: DeliberationServiceClient<Persistent>,
    pub(crate) correspondence: CorrespondenceServiceClient<Persistent>,
    pub(crate) supervision: SupervisionServiceClient<Persistent>,
    pub(crate) accountability: AccountabilityServiceClient<Persistent>,
    pub(crate) disclosure: DisclosureServiceClient<Persistent>,
    pub(crate) interference: InterferenceServiceClient<Persistent>,
    operations: Vec<OperationsServiceClient<Persistent>>,
    http: Client<HttpConnector, Body>,
    tokens: BTreeMap<String, MetadataValue<Ascii>>,
    pub(crate) now: Timestamp,
}

impl Suite {
    /// Calls the services at `places`, each as soon as it answers.
    ///
    /// # Errors
    /// When an address is none or the folder has no manual clock.
    pub fn connect(places: Places) -> anyhow::Result<Self> {
        let to = |service: &str| Persistent::to(places.service(service)?);
        let clock = ManualClock::open(&places.clock)?;
        let operations: anyhow::Result<Vec<_>> = places
            .services
            .values()
            .map(|url| Ok(OperationsServiceClient::new(Persistent::to(url)?)))
            .collect();
        Ok(Self {
            intake: IntakeServiceClient::new(to("intake")?),
            review: ReviewServiceClient::new(to("review")?),
            deliberation: DeliberationServiceClient::new(to("review")?),
            correspondence: CorrespondenceServiceClient::new(to("review")?),
            supervision: SupervisionServiceClient::new(to("supervision")?),
            accountability: AccountabilityServiceClient::new(to("accountability")?),
            disclosure: DisclosureServiceClient::new(to("disclosure")?),
            interference: InterferenceServiceClient::new(to("accountability")?),
            operations: operations?,
            http: Client::builder(TokioExecutor::new()).build_http(),
            tokens: BTreeMap::new(),
            now: clock.now(),
            places,
        })
    }

    /// `message` as a call of the officer with this police number.
    pub(crate) async fn call<T>(
        &mut self,
        officer: &str,
        message: T,
    ) -> anyhow::Result<Request<T>> {
        if !self.tokens.contains_key(officer) {
            let token = self.sign_in(officer).await?;
            self.tokens.insert(officer.to_owned(), format!("Bearer {token}").parse()?);
        }
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.tokens[officer].clone());
        Ok(request)
    }

    /// Tells one line of what happens.
    pub(crate) fn tell(&self, line: &str) {
        (self.places.narrator)(line);
    }

    async fn sign_in(&self, officer: &str) -> anyhow::Result<String> {
        match &self.places.sign_in {
            SignIn::Issuer(url) => self.token_of(url, officer).await,
            SignIn::Signed(token) => token(officer),
        }
    }

    async fn token_of(&self, issuer: &str, officer: &str) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct Answer {
            access_token: String,
        }
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("police_number", officer)
            .finish();
        let request = http::Request::post(format!("{issuer}/demo/token"))
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))?;
        let body = self.fetch(request).await.context("signing in at the demo issuer")?;
        Ok(serde_json::from_slice::<Answer>(&body)?.access_token)
    }

    /// Where the loops of every service stand.
    pub(crate) async fn statuses(&mut self) -> anyhow::Result<Vec<GetStatusResponse>> {
        let mut statuses = Vec::new();
        for index in 0..self.operations.len() {
            let call = self.call(ADMINISTRATOR, GetStatusRequest {}).await?;
            statuses.push(self.operations[index].get_status(call).await?.into_inner());
        }
        Ok(statuses)
    }

    /// The published keys of every log.
    pub(crate) fn log_keys(&self) -> anyhow::Result<Vec<VerifierKey>> {
        let text = std::fs::read_to_string(self.places.folder.join("log-keys"))?;
        Ok(text.lines().map(str::parse).collect::<Result<_, _>>()?)
    }

    /// What waits at the procuratorate.
    pub(crate) async fn pending(&self) -> anyhow::Result<Pending> {
        Ok(serde_json::from_slice(&self.get(&self.places.procuratorate, "/pending").await?)?)
    }

    /// The body of a public page.
    pub(crate) async fn get(&self, base: &str, path: &str) -> anyhow::Result<Vec<u8>> {
        let request = http::Request::get(format!("{base}{path}")).body(Body::default())?;
        self.fetch(request).await.with_context(|| format!("{base}{path}"))
    }

    /// A staff page of a service, as this officer sees it.
    pub(crate) async fn page(
        &mut self,
        officer: &str,
        service: &str,
        path: &str,
    ) -> anyhow::Result<String> {
        let token = self.call(officer, ()).await?.into_parts().0;
        let token = token.get("authorization").context("a token")?.to_str()?.to_owned();
        let request = http::Request::get(format!("{}{path}", self.places.service(service)?))
            .header(http::header::AUTHORIZATION, token)
            .body(Body::default())?;
        let body = self.fetch(request).await.with_context(|| format!("{service}{path}"))?;
        Ok(String::from_utf8(body)?)
    }

    /// What a page of the public side answers to a form.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = http::Request::post(format!("{}{path}", self.places.public))
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))?;
        let response = self.http.request(request).await?;
        let body = response.into_body().collect().await?.to_bytes();
        Ok(String::from_utf8(body.to_vec())?)
    }

    /// Has the procuratorate issue a notice to correct a violation.
    pub(crate) async fn order_notice(&self, order: &serde_json::Value) -> anyhow::Result<()> {
        let request = http::Request::post(format!("{}/notices", self.places.procuratorate))
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(Body::from(serde_json::to_vec(order)?))?;
        self.fetch(request).await.context("the procuratorate's notice")?;
        Ok(())
    }

    async fn fetch(&self, request: http::Request<Body>) -> anyhow::Result<Vec<u8>> {
        let response = self.http.request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "answered {status}");
        Ok(body.to_vec())
    }
}
