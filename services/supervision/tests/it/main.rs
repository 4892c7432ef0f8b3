//! Supervision from outside: real PostgreSQL, real bus, calls over gRPC, bare intake and review.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod auditor;
mod bad_input;
mod breaches;
mod calls;
mod house;
mod lifecycle;
mod notices;
mod pages;
mod record;
mod recordings;
mod schemes;
mod sources;
mod timeline;
mod trace;
mod walk;
