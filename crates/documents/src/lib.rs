//! Legal documents as typed records: what a paper says, under which number, and its digest.
//!
//! A service makes a [`Draft`]; issued, it is a [`Document`] with organ, time and salt. The record
//! has one text form, [`Document::to_text`], which is what is stored, hashed and printed from: its
//! [`Digest`] stands on the paper, and `sha256sum` over the text gives it again.

mod digest;
mod document;
mod draft;
mod kind;
mod text;

pub use digest::Digest;
pub use document::{Document, Issue, Unfit};
pub use draft::{Addressee, Clock, Draft, Line, Remedy};
pub use kind::{DocumentId, Kind, Role};
pub use text::Unreadable;
