//! What the tests of the suite from outside stand on: a county, its processes, the way of a case.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "chaos/mod.rs"]
pub mod chaos;
pub mod county;
pub mod outside;
pub mod process;
pub mod story;
