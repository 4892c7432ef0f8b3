//! `InterferenceService`: apart from the other API and from its path of commands.

use gongxin_chassis::{Answer, IntoStatus as _, caller, request_digest, request_id};
use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Power};
use gongxin_proto::accountability::v1::interference_service_server::InterferenceService;
use gongxin_proto::accountability::v1::{
    ListInterferenceRequest, ListInterferenceResponse, RecordInterferenceRequest,
    RecordInterferenceResponse,
};
use tonic::{Request, Response};

use super::{convert, parse};
use crate::interference::{self, Records};

/// The API of the records of interference.
#[derive(Debug)]
pub(crate) struct InterferenceApi {
    db: Db,
}

impl InterferenceApi {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    async fn record(
        &self,
        request: Request<RecordInterferenceRequest>,
    ) -> Result<RecordInterferenceResponse, Fault> {
        let staff = caller(&request)?.officer(Power::ActAsOfficer)?.clone();
        let message = request.into_inner();
        let id = request_id(&message.request_id)?;
        let digest = request_digest(&message);
        let account = parse::account(message)?;
        let (record, link) = interference::record(&self.db, &staff, id, digest, account).await?;
        Ok(RecordInterferenceResponse { record_id: record.to_string(), proof: link.proof() })
    }

    async fn list(
        &self,
        request: Request<ListInterferenceRequest>,
    ) -> Result<ListInterferenceResponse, Fault> {
        let staff = caller(&request)?.officer(Power::ReadInterference)?;
        let Records { newest, intact } = interference::read(&self.db, staff).await?;
        let records = newest.into_iter().map(convert::record).collect();
        Ok(ListInterferenceResponse { records, intact })
    }
}

#[tonic::async_trait]
impl InterferenceService for InterferenceApi {
    async fn record_interference(
        &self,
        request: Request<RecordInterferenceRequest>,
    ) -> Answer<RecordInterferenceResponse> {
        self.record(request).await.map(Response::new).map_err(Fault::into_status)
    }

    async fn list_interference(
        &self,
        request: Request<ListInterferenceRequest>,
    ) -> Answer<ListInterferenceResponse> {
        self.list(request).await.map(Response::new).map_err(Fault::into_status)
    }
}
