//! SQL of this service, one file per table.

mod columns;

pub(crate) mod cases;
pub(crate) mod findings;
pub(crate) mod recordings;
pub(crate) mod schemes;
pub(crate) mod timeline;
pub(crate) mod watches;

use gongxin_eventing::reasons::INVARIANT_BROKEN;
use gongxin_kernel::Fault;

/// What the program cannot have written, or cannot be asked.
pub(crate) fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&INVARIANT_BROKEN).caused_by(cause)
}

/// The value that a stored code stands for.
fn known<T>(code: &str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| broken(format!("unknown code {code:?} in the database")))
}
