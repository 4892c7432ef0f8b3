//! The running suite: channels, tokens, statuses.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use gongxin_kernel::{Clock as _, ManualClock};
use gongxin_proto::intake::v1::intake_service_client::IntakeServiceClient;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{GetStatusRequest, GetStatusResponse};
use gongxin_proto::review::v1::review_service_client::ReviewServiceClient;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde::Deserialize;
use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;

use crate::Places;
use crate::clock::Pending;

/// Who asks for statuses: the administrator of the sample.
const ADMINISTRATOR: &str = "619017";

type Body = Full<axum::body::Bytes>;

/// A suite that runs, with everything to call it.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) places: Places,
    pub(crate) intake: IntakeServiceClient<Channel>,
    pub(crate) review: ReviewServiceClient<Channel>,
    operations: [OperationsServiceClient<Channel>; 2],
    http: Client<HttpConnector, Body>,
    tokens: BTreeMap<String, MetadataValue<Ascii>>,
    pub(crate) now: Timestamp,
}

impl Suite {
    pub(crate) async fn connect(places: Places) -> anyhow::Result<Self> {
        let channel = async |url: &str| -> anyhow::Result<Channel> {
            let endpoint = Channel::from_shared(url.to_owned())?;
            endpoint.connect().await.with_context(|| format!("{url} does not answer"))
        };
        let intake = channel(&places.intake).await?;
        let review = channel(&places.review).await?;
        let clock = ManualClock::open(places.folder.join("clock"))?;
        Ok(Self {
            intake: IntakeServiceClient::new(intake.clone()),
            review: ReviewServiceClient::new(review.clone()),
            operations: [
                OperationsServiceClient::new(intake),
                OperationsServiceClient::new(review),
            ],
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

    async fn sign_in(&self, officer: &str) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct Answer {
            access_token: String,
        }
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("police_number", officer)
            .finish();
        let request = http::Request::post(format!("{}/demo/token", self.places.issuer))
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))?;
        let body = self.fetch(request).await.context("signing in at the demo issuer")?;
        Ok(serde_json::from_slice::<Answer>(&body)?.access_token)
    }

    /// Where the loops of both services stand.
    pub(crate) async fn statuses(&mut self) -> anyhow::Result<Vec<GetStatusResponse>> {
        let mut statuses = Vec::new();
        for index in 0..self.operations.len() {
            let call = self.call(ADMINISTRATOR, GetStatusRequest {}).await?;
            statuses.push(self.operations[index].get_status(call).await?.into_inner());
        }
        Ok(statuses)
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

    async fn fetch(&self, request: http::Request<Body>) -> anyhow::Result<Vec<u8>> {
        let response = self.http.request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "answered {status}");
        Ok(body.to_vec())
    }
}
