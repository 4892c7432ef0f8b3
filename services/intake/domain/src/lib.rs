//! The report and its filing review (立案审查): a register from which nothing can vanish.
//!
//! A [`Report`] changes only by its transitions. Each takes the report and gives a [`Changed`]
//! with the events that happened, or a [`Refusal`]. Nothing here performs I/O or reads a clock.

mod call;
mod call_refusal;
mod canonical;
mod content;
mod duty_crime;
mod event;
mod party;
mod period;
mod question;
pub mod reasons;
mod recompute;
mod reconsideration;
mod refusal;
mod register;
mod report;
mod review;
mod service;
mod turned_away;
mod words;

pub use call::{Call, CallChanged, CallId, Justified, NewCall, Settlement};
pub use call_refusal::{CallEvent, CallRefusal};
pub use content::{FieldError, NewReport, Problem};
pub use event::{Changed, Event};
pub use gongxin_kernel::{Officer, Unit};
pub use party::{Person, Reporter};
pub use period::{Deadline, Law, Period};
pub use question::{AskWhyNotFiled, Explanation, Question};
pub use reconsideration::{DecideReconsideration, Reconsideration, Reconsidered};
pub use refusal::{ExtensionProblem, Refusal};
pub use register::{Channels, Registration, Repeated};
pub use report::{Decision, Inconsistent, Notice, Report, Service, Snapshot, Stage};
pub use review::{DecideFiling, ExtendReview};
pub use turned_away::ReportersWord;
pub use words::{CallJustification, Finding, Nature, Outcome, Receiver, Source, Word};

gongxin_kernel::id! {
    /// Names one report for ever.
    ReportId
}

#[cfg(test)]
mod tests;
