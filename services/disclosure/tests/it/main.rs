//! Disclosure from outside: real PostgreSQL, real bus, calls over gRPC, pages over HTTP.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod access;
mod auditor;
mod bad_input;
mod house;
mod portal;
mod public_side;
mod publications;
mod sources;
mod visits;
