//! What every service stands on: settings, telemetry, identity, one port, orderly shutdown.

mod calls;
mod documents;
mod grpc;
mod identity;
mod keys;
mod law;
mod measure;
mod operations;
mod pages;
mod paging;
mod peers;
mod powers;
mod provider;
mod public;
mod run;
mod server;
mod settings;
mod status;
pub mod telemetry;

pub mod reasons;

pub use calls::{caller, carry, command};
pub use documents::{DocumentRules, Documents};
pub use grpc::Grpc;
pub use identity::{Caller, Identity};
pub use pages::{Frame, PageFault, event_text, http_status, show, user_of};
pub use paging::{PageSize, Place};
pub use powers::{powers_of_post, powers_of_service};
pub use run::{Context, Parts, Running, Service, main, start};
pub use settings::{Settings, TelemetrySettings};
pub use status::{Answer, IntoStatus, request_digest, request_id};
