//! What strangers' programs can do with a running county, and what they know of its calendar:
//! programs in Python, made of public packages and of what docs/formats says, that share no code
//! with us.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod calls;
mod log;
mod periods;
mod python;
mod telemetry;
mod working_days;
