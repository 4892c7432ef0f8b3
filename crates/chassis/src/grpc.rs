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

    pub(crate) fn names(&self) -> &[&'static str] {
        &self.names
    }

    pub(crate) fn into_routes(self) -> Routes {
        self.routes
    }
}
