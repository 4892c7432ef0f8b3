//! What others may see of the papers: numbers and states, never a name.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An envelope that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Key of the envelope.
    pub key: String,
    /// Who sent it.
    pub sender: String,
    /// Number of the request's document.
    pub document_number: String,
    /// Number of its case.
    pub case_number: String,
    /// When it was durably received.
    pub received_at: Timestamp,
    /// How far it has come.
    pub state: State,
    /// What was decided, from [`State::Decided`] on.
    pub answer: Option<Answer>,
}

/// How far a paper has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Received and not yet decided.
    Received,
    /// Decided; the police have not yet receipted the answer.
    Decided,
    /// The police have receipted the answer.
    Answered,
}

/// The decision on a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Key of the envelope that carries it.
    pub key: String,
    /// Number of the decision's document.
    pub document_number: String,
    /// Whether the arrest is approved.
    pub approved: bool,
    /// When it was decided.
    pub decided_at: Timestamp,
}

/// What is still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Papers not yet decided.
    pub undecided: usize,
    /// Answers and notices that the police have not yet receipted.
    pub unsent: usize,
    /// Legal instant of the next decision.
    pub next_at: Option<Timestamp>,
}
