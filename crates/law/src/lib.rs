//! The law as data and the arithmetic of its periods, for every service of the suite.
//!
//! Rules ([`Rulebook`]) and days off ([`Calendar`]) are text files a legal officer can read;
//! [`due`] computes when a period ends and says why, step by step. Identifiers and document
//! numbers parse into types here. Nothing performs I/O or reads a clock.

mod basis;
mod calendar;
mod catalogue;
mod counting;
mod due;
mod error;
mod explain;
mod facts;
mod grounds;
pub mod identifiers;
mod length;
mod number;
pub mod question;
mod reading;
mod rule;
mod rulebook;
mod words;
mod zone;

pub use basis::Basis;
pub use calendar::{BadCalendar, Calendar, DayKind, Why};
pub use catalogue::{Catalogue, Edition, Instrument};
pub use due::{Due, Law};
pub use error::LawError;
pub use explain::{NeverMoved, Step};
pub use facts::{Facts, Grant, Named, Pause, Restart, Start};
pub use grounds::{Approver, PauseGround, RestartGround};
pub use number::{DocumentNumber, InvalidNumber};
pub use reading::{Reading, Readings};
pub use rule::{
    Amount, Bound, Confidence, Count, Extension, Lead, MonthDay, Parameter, Procedure, Rule,
    Source, Text, Unit,
};
pub use rulebook::{BadParameter, BadRulebook, Rulebook};
pub use words::{DocumentWord, Track, document_word, document_words};
pub use zone::{first_instant, last_instant, legal_day, legal_text};
