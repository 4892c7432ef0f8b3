//! What a reporter says a unit did instead of taking the report (MGT-4).

use jiff::Timestamp;

use crate::content::{FACTS, Findings, NAME};
use crate::{Changed, Event, Officer, Problem, Refusal, Report, Unit, Word};

/// A reporter's word about a unit.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportersWord {
    /// What the unit did.
    pub word: Word,
    /// The unit that the reporter names.
    pub unit: Unit,
    /// When, as the reporter says.
    pub happened_at: Timestamp,
    /// In the reporter's own words.
    pub told: String,
    /// Who wrote it down.
    pub recorded_by: Officer,
    /// When.
    pub at: Timestamp,
}

impl std::fmt::Debug for ReportersWord {
    /// Leaves out the reporter's own words, which may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportersWord")
            .field("word", &self.word)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}

impl Report {
    /// Notes what the reporter says. It is taken as it is told, in every stage of the report:
    /// whether it is true is for people to find.
    ///
    /// # Errors
    /// [`Refusal::Invalid`].
    pub fn reporters_word(self, said: &ReportersWord) -> Result<Changed, Refusal> {
        let mut found = Findings::default();
        found.when(said.happened_at > said.at, "happened_at", Problem::InFuture);
        found.required_line("unit.name", &said.unit.name, NAME);
        found.prose("told", &said.told, FACTS);
        found.end().map_err(Refusal::Invalid)?;
        let event = Event::TurnedAway {
            report_id: self.id(),
            number: self.state().number.clone(),
            unit: said.unit.clone(),
            word: said.word,
            happened_at: said.happened_at,
        };
        Ok(self.changed(vec![event]))
    }
}
