//! A service with nothing in it, driven from outside: who gets in, and how.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../../examples/bare/service.rs"]
mod bare;
mod browser;
mod world;

mod access;
mod keys;
mod law;
mod limits;
mod sign_in;
mod telemetry;
