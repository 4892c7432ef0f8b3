//! 执法追责: fault clauses, and the clue about a matter that four hands determine.
//!
//! A [`Clue`] is its opening and the acts of its hands, in order; nothing of it is ever changed or
//! removed. Each transition gives a [`Changed`] with the acts it added, or a [`Refusal`]. The
//! clue names a matter; persons, clauses and liability are attached by people, each by another
//! hand. Nothing here performs I/O or reads a clock.

mod act;
mod appeal;
mod canonical;
mod clause;
mod clue;
mod content;
mod hands;
mod period;
pub mod reasons;
mod recompute;
mod refusal;
mod words;

pub use act::{Act, ClauseRef, Outcome, Role, What};
pub use appeal::{DecideAppeal, Serve};
pub use clause::{BadCatalogue, Catalogue, Clause};
pub use clue::{Changed, Clue, Concerned, Inconsistent, Opening, Stage};
pub use content::{FieldError, NewClue, Problem, check_prose, check_short};
pub use gongxin_kernel::{Officer, Unit};
pub use hands::{Decide, Hand, Named, Verdict, Verify};
pub use period::{Law, Period, PeriodRule};
pub use refusal::Refusal;
pub use words::{Conduct, Interference, Liability, NoFault, Source};

gongxin_kernel::id! {
    /// Names one clue for ever.
    ClueId
}

#[cfg(test)]
mod tests;
