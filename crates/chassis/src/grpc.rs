//! The gRPC services that a service offers, by name, so that reflection tells of these alone.

use std::convert::Infallible;

use axum::response::IntoResponse;
use http::Request;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::Routes;
use tower::Service;

/// Any number of gRPC services on one port.
#[derive(Clone, Debug, Default)]
pub struct Grpc {
    routes: Routes,
    names: Vec<&'static str>,
}

impl Grpc {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// These and `service`.
    #[must_use]
    pub fn with<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Error = Infallible>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Response: IntoResponse,
        S::Future: Send + 'static,
    {
        self.names.push(S::NAME);
        self.routes = self.routes.add_service(service);
        self
    }

    /// These and reflection about them, also under the name it had as a draft: the clients of
    /// other languages still ask by that one.
    pub(crate) fn with_reflection(self) -> Result<Self, tonic_reflection::server::Error> {
        let tells = || {
            let tells = tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(gongxin_proto::FILE_DESCRIPTOR_SET)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET);
            self.names.iter().fold(tells, |tells, name| tells.with_service_name(*name))
        };
        let (now, draft) = (tells().build_v1()?, tells().build_v1alpha()?);
        Ok(self.with(now).with(draft))
    }

    pub(crate) fn into_routes(self) -> Routes {
        self.routes
    }
}
