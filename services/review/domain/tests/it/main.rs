//! The case in the legal department, transition by transition and in random sequences.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a panic is the failure")]

mod correspondence;
mod custody;
mod deliberation;
mod gate;
mod properties;
mod prosecution;
mod review;
mod stored;
mod world;
