//! Columns that several tables have: officers, and what only the program can have written.

use gongxin_disclosure_domain::{Officer, Unit};
use gongxin_eventing::reasons;
use gongxin_kernel::Fault;

/// An officer as four texts.
pub(super) fn officer_column(officer: &Officer) -> Vec<String> {
    vec![
        officer.police_number.clone(),
        officer.name.clone(),
        officer.unit.code.to_string(),
        officer.unit.name.clone(),
    ]
}

/// The officer of four texts.
pub(super) fn officer(column: Vec<String>) -> Result<Officer, Fault> {
    let [police_number, name, code, unit_name] =
        <[String; 4]>::try_from(column).map_err(|_| broken("an officer is four texts"))?;
    let unit = Unit { code: code.parse().map_err(broken)?, name: unit_name };
    Ok(Officer { police_number, name, unit })
}

/// A row that the program cannot have written.
pub(super) fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(cause)
}

/// The value that a stored code stands for.
pub(super) fn known<T>(value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| broken("an unknown code in the database"))
}
