//! The simulator from outside, over gRPC and HTTP, with a stand-in for the police.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod answers;
mod notices;
mod police;
mod program;
mod receipts;
mod world;
