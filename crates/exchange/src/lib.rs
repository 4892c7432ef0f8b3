//! Signed envelopes and receipts between police, procuratorate and court.
//!
//! The sender signs the exact bytes of an envelope, the receiver the exact bytes of its receipt.
//! A signature covers the suite and what kind of thing is signed, so that a receipt can never be
//! passed off as an envelope, nor one suite as another.

mod organs;
mod seal;

pub mod reasons;

pub use organs::{Organs, Received};
pub use seal::{OrganKey, digest};
