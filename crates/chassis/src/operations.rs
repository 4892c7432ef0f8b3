//! `OperationsService`: status, replay and quarantine over gRPC.

use std::pin::Pin;

use futures::Stream;
use gongxin_eventing::Runtime;
use gongxin_kernel::Power;
use gongxin_proto::operations::v1::operations_service_server::OperationsService;
use gongxin_proto::operations::v1::{
    GetStatusRequest, GetStatusResponse, ListQuarantinedRequest, ListQuarantinedResponse,
    ReplayRequest, ReplayResponse, ResolveQuarantinedRequest, ResolveQuarantinedResponse,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::calls::caller;
use crate::status::{Answer, IntoStatus};

/// Entries read in one transaction while a replay streams.
const PAGE: u64 = 500;

pub(crate) struct Operations(pub(crate) Runtime);

fn allow<T>(request: &Request<T>, power: Power) -> Result<(), Status> {
    caller(request).and_then(|caller| caller.require(power)).map_err(IntoStatus::into_status)
}

#[tonic::async_trait]
impl OperationsService for Operations {
    type ReplayStream = Pin<Box<dyn Stream<Item = Result<ReplayResponse, Status>> + Send>>;

    async fn get_status(&self, request: Request<GetStatusRequest>) -> Answer<GetStatusResponse> {
        allow(&request, Power::ReadOperations)?;
        let status = self.0.status().await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(status))
    }

    async fn replay(&self, request: Request<ReplayRequest>) -> Answer<Self::ReplayStream> {
        allow(&request, Power::ReplayLog)?;
        let ReplayRequest { mut from, limit } = request.into_inner();
        let mut left = if limit == 0 { u64::MAX } else { limit };
        let runtime = self.0.clone();
        let (sender, receiver) = tokio::sync::mpsc::channel(64);
        tokio::spawn(async move {
            while left > 0 {
                let page = match runtime.replay(from, left.min(PAGE)).await {
                    Ok(page) => page,
                    Err(fault) => {
                        let _ = sender.send(Err(fault.into_status())).await;
                        return;
                    }
                };
                let count = page.len() as u64;
                for envelope in page {
                    let entry = Ok(ReplayResponse { envelope: Some(envelope) });
                    if sender.send(entry).await.is_err() {
                        return; // the caller went away
                    }
                }
                if count == 0 {
                    return;
                }
                (from, left) = (from + count, left - count);
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn list_quarantined(
        &self,
        request: Request<ListQuarantinedRequest>,
    ) -> Answer<ListQuarantinedResponse> {
        allow(&request, Power::ResolveQuarantine)?;
        let messages = self.0.quarantined().await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(ListQuarantinedResponse { messages }))
    }

    async fn resolve_quarantined(
        &self,
        request: Request<ResolveQuarantinedRequest>,
    ) -> Answer<ResolveQuarantinedResponse> {
        allow(&request, Power::ResolveQuarantine)?;
        let who = caller(&request).map_err(IntoStatus::into_status)?.actor().label();
        let ask = request.into_inner();
        let resolved = self
            .0
            .resolve_quarantined(&ask.source, ask.sequence, ask.apply, &ask.reason, &who)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(ResolveQuarantinedResponse { resolved }))
    }
}
