//! What only the program can have written into a column.

use gongxin_eventing::reasons;
use gongxin_kernel::Fault;

/// A row that the program cannot have written.
pub(super) fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(cause)
}

/// The value that a stored code stands for.
pub(super) fn known<T>(value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| broken("an unknown code in the database"))
}
