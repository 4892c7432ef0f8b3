//! Calls to the other services: lazy channels, own tokens, the trace carried on.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use gongxin_eventing::trace::TraceContext;
use gongxin_eventing::{LogSource, reasons};
use gongxin_kernel::Fault;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{Envelope, GetStatusRequest, ReplayRequest};
use tokio_stream::StreamExt as _;
use tonic::metadata::MetadataValue;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use crate::calls::carry;
use crate::identity::Identity;

const TIMEOUT: Duration = Duration::from_secs(10);

/// A peer as this service calls it.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    name: String,
    channel: Channel,
    identity: Arc<Identity>,
}

impl Peer {
    /// A channel that connects at the first call and after each loss.
    pub(crate) fn new(name: &str, url: &str, identity: Arc<Identity>) -> anyhow::Result<Self> {
        let channel = Endpoint::from_shared(url.to_owned())?
            .connect_timeout(Duration::from_secs(2))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(15))
            .keep_alive_timeout(Duration::from_secs(5))
            .keep_alive_while_idle(true)
            .connect_lazy();
        Ok(Self { name: name.to_owned(), channel, identity })
    }

    fn request<T>(&self, message: T) -> Result<Request<T>, Fault> {
        let mut request = Request::new(message);
        request.set_timeout(TIMEOUT);
        let broken = |e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e);
        let token = format!("Bearer {}", self.identity.token_for(&self.name)?);
        let mut token: MetadataValue<_> = token.parse().map_err(broken)?;
        token.set_sensitive(true);
        request.metadata_mut().insert("authorization", token);
        carry(&TraceContext::current(), &mut request);
        Ok(request)
    }

    fn client(&self) -> OperationsServiceClient<Channel> {
        OperationsServiceClient::new(self.channel.clone())
    }
}

fn unavailable(status: Status) -> Fault {
    Fault::new(&reasons::SOURCE_UNAVAILABLE).caused_by(status)
}

impl LogSource for Peer {
    fn replay(&self, from: u64, limit: u64) -> BoxFuture<'_, Result<Vec<Envelope>, Fault>> {
        Box::pin(async move {
            let request = self.request(ReplayRequest { from, limit })?;
            let mut stream = self.client().replay(request).await.map_err(unavailable)?.into_inner();
            let mut events = Vec::new();
            while let Some(entry) = stream.next().await {
                events.extend(entry.map_err(unavailable)?.envelope);
            }
            Ok(events)
        })
    }

    fn size(&self) -> BoxFuture<'_, Result<u64, Fault>> {
        Box::pin(async move {
            let request = self.request(GetStatusRequest {})?;
            let status = self.client().get_status(request).await.map_err(unavailable)?;
            Ok(status.into_inner().log_size)
        })
    }
}
