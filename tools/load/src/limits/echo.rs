//! A bare tonic server that answers every call with the same message, in a process of its own.

use std::convert::Infallible;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::task::{Context, Poll};

use anyhow::Context as _;
use futures::future::BoxFuture;
use gongxin_proto::intake::v1::{GetReportRequest, GetReportResponse};
use prost::Message as _;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

const METHOD: &str = "/bench.Echo/Get";

/// `load echo --listen ADDR:PORT --answer FILE`
pub(crate) async fn serve(mut words: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let (mut listen, mut answer) = (None, None);
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        match name.as_str() {
            "--listen" => listen = Some(value),
            "--answer" => answer = Some(std::fs::read(value)?),
            _ => anyhow::bail!("echo takes no {name}"),
        }
    }
    let listener = TcpListener::bind(listen.context("--listen is missing")?).await?;
    let answer = GetReportResponse::decode(&*answer.context("--answer is missing")?)?;
    Server::builder()
        .tcp_nodelay(true)
        .add_service(Echo { answer: Arc::new(answer) })
        .serve_with_incoming(tokio_stream::wrappers::TcpListenerStream::new(listener))
        .await?;
    Ok(())
}

#[derive(Clone)]
struct Echo {
    answer: Arc<GetReportResponse>,
}

impl NamedService for Echo {
    const NAME: &'static str = "bench.Echo";
}

impl tower::Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let echo = self.clone();
        Box::pin(async move {
            let codec = ProstCodec::<GetReportResponse, GetReportRequest>::default();
            Ok(tonic::server::Grpc::new(codec).unary(echo, request).await)
        })
    }
}

impl tonic::server::UnaryService<GetReportRequest> for Echo {
    type Response = GetReportResponse;
    type Future = BoxFuture<'static, Result<Response<GetReportResponse>, Status>>;

    fn call(&mut self, _: Request<GetReportRequest>) -> Self::Future {
        let answer = Arc::clone(&self.answer);
        Box::pin(async move { Ok(Response::new(GetReportResponse::clone(&answer))) })
    }
}

/// A running echo; dropping it stops it.
pub(crate) struct Running {
    _process: Child,
    url: String,
}

/// Starts the echo of `answer` as a process of its own.
pub(crate) fn start(folder: &Path, answer: &GetReportResponse) -> anyhow::Result<Running> {
    let file = folder.join("echo.answer");
    std::fs::write(&file, answer.encode_to_vec())?;
    let port = crate::service::free_port()?;
    let process = Command::new(std::env::current_exe()?)
        .args(["echo", "--listen", &format!("127.0.0.1:{port}"), "--answer"])
        .arg(&file)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    Ok(Running { _process: process, url: format!("http://127.0.0.1:{port}") })
}

impl Running {
    /// `count` connections to it.
    pub(crate) async fn channels(&self, count: usize) -> anyhow::Result<Vec<Channel>> {
        crate::service::channels(&self.url, count).await
    }
}

/// Calls the echo once.
pub(crate) async fn call(channel: Channel, report_id: String) -> anyhow::Result<()> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await?;
    let codec = ProstCodec::<GetReportRequest, GetReportResponse>::default();
    let request = Request::new(GetReportRequest { report_id });
    client.unary(request, METHOD.parse()?, codec).await?;
    Ok(())
}
