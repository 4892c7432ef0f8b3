//! The suite from outside: services as processes, on real PostgreSQL and NATS.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod books;
mod faults;
mod fire;
mod main_job;
mod operator;
mod season;
mod trace;
mod verify;
