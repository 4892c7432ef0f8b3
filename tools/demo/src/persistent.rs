//! A channel for officers who never give up: a call that got no answer is made again, unchanged.
//!
//! The repeated call carries the same `request_id`, so a service that did the act before it was
//! killed gives the stored answer.

use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::{BoxFuture, poll_fn};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use tokio::time::Instant;
use tonic::body::Body;
use tonic::codegen::{Bytes, Service, StdError};
use tonic::transport::Channel;
use tonic::{Code, Status};

/// How long a service may be away.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(40);

/// The channel.
#[derive(Clone, Debug)]
pub struct Persistent(Channel);

impl Persistent {
    /// Calls the service at `url`; it need not run yet.
    ///
    /// # Errors
    /// When `url` is none.
    pub fn to(url: &str) -> anyhow::Result<Self> {
        Ok(Self(Channel::from_shared(url.to_owned())?.connect_lazy()))
    }
}

impl Service<Request<Body>> for Persistent {
    type Response = Response<Body>;
    type Error = StdError;
    type Future = BoxFuture<'static, Result<Self::Response, StdError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), StdError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let mut channel = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let message = body.collect().await?.to_bytes();
            let end = Instant::now() + PATIENCE;
            loop {
                let again = Request::from_parts(parts.clone(), full(message.clone()));
                let answer = attempt(&mut channel, again).await;
                let is_answer = answer.as_ref().is_ok_and(|(_, is_final)| *is_final);
                if is_answer || Instant::now() > end {
                    return answer.map(|(response, _)| response);
                }
                tokio::time::sleep(PAUSE).await;
            }
        })
    }
}

/// One attempt: the whole response, and whether it is the service's own word.
async fn attempt(
    channel: &mut Channel,
    request: Request<Body>,
) -> Result<(Response<Body>, bool), StdError> {
    poll_fn(|cx| channel.poll_ready(cx)).await?;
    let (parts, body) = channel.call(request).await?.into_parts();
    let body = body.collect().await?;
    let status = Status::from_header_map(&parts.headers)
        .or_else(|| body.trailers().and_then(Status::from_header_map));
    let is_final = status.is_none_or(|status| status.code() != Code::Unavailable);
    Ok((Response::from_parts(parts, Body::new(body.map_err(StdError::from))), is_final))
}

fn full(message: Bytes) -> Body {
    Body::new(Full::new(message))
}
