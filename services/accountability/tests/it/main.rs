//! The service alone: real PostgreSQL and NATS.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod auditor;
mod bad_input;
mod documents;
mod file;
mod findings;
mod hands;
mod house;
mod interference;
mod pages;
mod supervision;
mod unseen;
