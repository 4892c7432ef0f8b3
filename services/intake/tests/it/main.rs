//! The register from outside: real PostgreSQL, real bus, calls over gRPC.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod auditor;
mod bad_calls;
mod bad_input;
mod calls;
mod deadlines;
mod documents;
mod filing;
mod house;
mod numbers;
mod pages;
mod questions;
mod receipts;
mod recompute;
mod reconsideration;
mod register;
mod reporters_word;
mod transfer;
