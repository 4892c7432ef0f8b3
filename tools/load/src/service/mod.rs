//! Intake as a process of its own, in the variants that are compared, and calls to it.

mod clocks;
mod process;

pub(crate) use clocks::Clocks;
pub(crate) use process::{Intake, Variant};

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use anyhow::Context as _;
use gongxin_issuer::{ACCESS_AUDIENCE, Grant, Key, read_staff};
use gongxin_kernel::{Clock as _, Post, Staff, SystemClock, new_uuid};
use gongxin_proto::common::v1::Unit;
use gongxin_proto::intake::v1::intake_service_client::IntakeServiceClient;
use gongxin_proto::intake::v1::{
    GetReceiptRequest, GetReportRequest, GetReportResponse, Nature, RegisterReportRequest,
    ReportSource,
};
use jiff::SignedDuration;
use tokio::time::Instant;
use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};

use crate::arguments::Arguments;

/// A started program has this long to answer.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// An officer at a desk: tokens are made with the demo issuer's own key, so that nothing but the
/// service is measured.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    token: MetadataValue<Ascii>,
    officer: Staff,
}

impl Desk {
    pub(crate) fn open(arguments: &Arguments) -> anyhow::Result<Self> {
        let key = Key::open(&arguments.folder.join("keys/issuer.key"))?;
        let mut staff = read_staff(&arguments.staff)?.into_iter();
        let officer = staff.find(|one| one.posts.contains(&Post::ReportOfficer));
        let officer = officer.context("the staff has no report officer")?;
        let token = key.token(&officer, &Grant::now(&arguments.issuer, ACCESS_AUDIENCE));
        Ok(Self { token: format!("Bearer {token}").parse()?, officer })
    }

    /// Who sits there.
    pub(crate) fn officer(&self) -> &Staff {
        &self.officer
    }

    fn signed<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.token.clone());
        request
    }

    /// Registers a report at the `unit`th unit of the bureau; gives its id.
    pub(crate) async fn register(&self, channel: Channel, unit: usize) -> anyhow::Result<String> {
        let told_at = SystemClock.now() - SignedDuration::from_mins(5);
        let request = self.signed(RegisterReportRequest {
            request_id: new_uuid().to_string(),
            source: ReportSource::Report.into(),
            told_at: Some(prost_types::Timestamp { seconds: told_at.as_second(), nanos: 0 }),
            place: "明川县城关镇".to_owned(),
            facts: "停在楼下的电动车被盗。".to_owned(),
            unit: Some(Unit {
                code: format!("{}{unit:06}", self.officer.bureau),
                name: self.officer.unit_name.clone(),
            }),
            nature: Nature::Criminal.into(),
            charge: "盗窃罪".to_owned(),
            evidence: vec!["购车发票1张".to_owned()],
            ..Default::default()
        });
        let answer = IntakeServiceClient::new(channel).register_report(request).await?;
        Ok(answer.into_inner().report_id)
    }

    /// Reads a report.
    pub(crate) async fn report(
        &self,
        channel: Channel,
        report_id: String,
    ) -> anyhow::Result<GetReportResponse> {
        let request = self.signed(GetReportRequest { report_id });
        Ok(IntakeServiceClient::new(channel).get_report(request).await?.into_inner())
    }

    /// Waits for the receipt of a report, with its proof.
    pub(crate) async fn receipt(&self, channel: Channel, report_id: String) -> anyhow::Result<()> {
        let request = self.signed(GetReceiptRequest { report_id });
        let answer = IntakeServiceClient::new(channel).get_receipt(request).await?;
        anyhow::ensure!(!answer.into_inner().receipt.is_empty(), "an empty receipt");
        Ok(())
    }
}

/// `count` connections, once the server answers.
pub(crate) async fn channels(url: &str, count: usize) -> anyhow::Result<Vec<Channel>> {
    let endpoint = Endpoint::from_shared(url.to_owned())?.tcp_nodelay(true);
    let give_up = Instant::now() + READY_WITHIN;
    let first = loop {
        match endpoint.connect().await {
            Ok(channel) => break channel,
            Err(error) if Instant::now() > give_up => return Err(error).context(url.to_owned()),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let mut all = vec![first];
    while all.len() < count {
        all.push(endpoint.connect().await?);
    }
    Ok(all)
}

/// A port of the loopback that was free a moment ago.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
