//! The procuratorate's side of the exchange, for demo and tests.
//!
//! [`Simulator::start`] serves the same contract that the police offer: it receives requests for
//! approval of arrest and transfers for prosecution, decides each by a plan, has what is prosecuted
//! judged by its court, and sends each signed ruling back until the police's signed receipt is
//! there. It issues notices to correct a violation when told to, and keeps what needs no decision:
//! their answers, and papers of open channels. It stands for somebody else's system and meets the
//! services over the contract alone; what it remembers lies in one append-only file.

mod answering;
mod court;
mod issuing;
mod journal;
mod letters;
mod office;
mod options;
mod pages;
mod papers;
mod plan;
mod procuratorate;
mod register;
mod server;

pub use court::Court;
pub use issuing::{NoticeOrder, OrderedItem};
pub use letters::{Letter, Notice};
pub use options::Options;
pub use papers::{Answer, Paper, Pending, State};
pub use server::{Running, Simulator};
