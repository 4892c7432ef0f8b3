//! How a fact travels: named transactions, outbox, sequencer, relay, consumers, deadlines.
//!
//! PostgreSQL is the record. JetStream may lose everything and loses nobody anything: a consumer
//! that misses a message replays it from the log of its source.

mod audit;
pub mod bootstrap;
pub mod bus;
mod column;
mod consumer;
mod db;
mod deadline;
mod document;
mod event;
mod fault;
mod lease;
mod operations;
pub mod operator;
mod read;
mod reads;
mod receipt;
mod recompute;
mod relay;
mod resolution;
mod runtime;
mod sequencer;
pub mod sessions;
mod store;
mod time;
pub mod trace;
pub mod verify;

pub mod reasons;

pub use audit::verify_audit;
pub use column::OfficerColumn;
pub use consumer::{LogSource, Reactions};
pub use db::{Command, Db, Pools, Scope, Tx};
pub use deadline::{Deadlines, Due, Moment, NewDeadline};
pub use document::{Entry, Issued};
pub use event::NewEvent;
pub use lease::Duty;
pub use operations::Status;
pub use read::Past;
pub use receipt::{checkpoint, receipt, tile};
pub use recompute::Stale;
pub use runtime::{LogSetup, Runtime};
pub use store::OrFault;
pub use time::Ts;
pub use verify::{Newest, Records, verify};

/// Migrations that every service's schema starts with.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");
