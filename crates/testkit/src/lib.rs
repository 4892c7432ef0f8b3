//! A world of its own for each test.
//!
//! Tests share one PostgreSQL and one nats-server per run, brought by `cargo xtask test`. Each
//! test has its own database, copied from a migrated template and opened with the real roles, so
//! that grants and row-level security are always on, and its own prefix of subjects.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![expect(clippy::missing_panics_doc, reason = "everything here panics instead of failing softly")]

mod auditor;
mod collector;
mod conformance;
mod deployment;
mod nats;
mod postgres;
mod web;
mod world;

pub use auditor::{audit, every_change_is_found};
pub use collector::Collector;
pub use conformance::conforms;
pub use deployment::{Deployment, ISSUER, NOTICE_OF_2027, fields, officer, reason};
pub use nats::NatsServer;
pub use postgres::PostgresServer;
pub use web::get;
pub use world::{Schema, World, log_key};

use std::fmt::Debug;
use std::time::Duration;

/// How long a state may take to come; a healthy suite needs a small part of it.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Looks until `observe` gives a value, and gives it; panics with `what` after [`PATIENCE`].
pub async fn eventually<T, F>(what: &str, mut observe: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(value) = observe().await {
            return value;
        }
        assert!(tokio::time::Instant::now() < end, "waited in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Looks until `observe` gives `expected`; panics with the last other value.
pub async fn until<T, F>(expected: T, mut observe: impl FnMut() -> F)
where
    T: PartialEq + Debug,
    F: Future<Output = T>,
{
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        let seen = observe().await;
        if seen == expected {
            return;
        }
        assert!(tokio::time::Instant::now() < end, "expected {expected:?}, still {seen:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A setting that `cargo xtask test` gives to the tests.
pub fn setting(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests with `cargo xtask test`"))
}
