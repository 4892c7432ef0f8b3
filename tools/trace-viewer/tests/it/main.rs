//! The viewer from outside: OTLP goes in over gRPC, facts come out as pages.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod lists;
mod process;
mod rig;
mod trace;
