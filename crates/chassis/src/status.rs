//! From faults to gRPC status: one table, details a program can read, a text for people.

use gongxin_kernel::{Fault, Kind, RequestId};
use prost::Message;
use sha2::{Digest as _, Sha256};
use tonic::{Code, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use gongxin_eventing::reasons;

/// What a handler returns.
pub type Answer<T> = Result<Response<T>, Status>;

/// The gRPC side of the table of fault kinds.
fn code(kind: Kind) -> Code {
    match kind {
        Kind::Invalid => Code::InvalidArgument,
        Kind::Unauthenticated => Code::Unauthenticated,
        Kind::Denied => Code::PermissionDenied,
        Kind::NotFound => Code::NotFound,
        Kind::WrongState => Code::FailedPrecondition,
        Kind::Conflict => Code::AlreadyExists,
        Kind::Stale => Code::Aborted,
        Kind::Unavailable => Code::Unavailable,
        Kind::Internal => Code::Internal,
    }
}

/// Turns what went wrong into what the caller sees.
pub trait IntoStatus {
    /// The status, with reason, fields and both languages; causes go to the log alone.
    fn into_status(self) -> Status;
}

impl IntoStatus for Fault {
    fn into_status(self) -> Status {
        record(&self);
        let reason = self.reason;
        let facts = self.facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let mut details = ErrorDetails::new();
        details.set_error_info(
            reason.code,
            "gongxin",
            facts.collect::<std::collections::HashMap<_, _>>(),
        );
        for violation in &self.violations {
            details.add_bad_request_violation(&violation.field, &violation.description);
        }
        details.set_localized_message("zh-CN", reason.zh);
        Status::with_error_details(code(reason.kind), reason.en, details)
    }
}

/// Writes a fault to the log, as loud as an operator must hear it.
pub(crate) fn record(fault: &Fault) {
    match fault.reason.kind {
        Kind::Internal => tracing::error!(error = %fault, cause = fault.cause(), "call failed"),
        Kind::Unavailable => tracing::warn!(error = %fault, cause = fault.cause(), "call failed"),
        _ => tracing::debug!(error = %fault, cause = fault.cause(), "call refused"),
    }
}

/// Parses the `request_id` of a command.
pub fn request_id(text: &str) -> Result<RequestId, Fault> {
    text.parse()
        .map_err(|_| Fault::field(&reasons::REQUEST_ID_INVALID, "request_id", "must be a UUID"))
}

/// Digest of a command's content. Our messages have no maps, so one content has one encoding.
pub fn request_digest(request: &impl Message) -> [u8; 32] {
    Sha256::digest(request.encode_to_vec()).into()
}
