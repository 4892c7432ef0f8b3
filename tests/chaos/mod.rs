//! The suite under fire: faults from a seeded schedule, clients that remember what they were told,
//! and a checker that compares their history with what PostgreSQL holds.
//!
//! What follows from a seed is the schedule, the clients' ways and their patience; the moments at
//! which processes meet do not, so a seed makes a failure likely again and not certain.

mod checker;
mod clients;
mod disk;
mod faults;
mod field;
mod history;
mod intruder;
mod orders;
pub mod points;
mod run;
mod schedule;
mod tamper;
mod witness;

pub use run::{Outcome, lied_to, run};
pub use schedule::{Bus, Fault, Plan};

/// Every named point at which a service can be told to die.
pub fn points() -> Vec<points::Point> {
    points::POINTS.to_vec()
}
