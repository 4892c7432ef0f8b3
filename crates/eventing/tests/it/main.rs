//! The loops on real PostgreSQL and NATS, with a toy service and one that listens to it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod toys;

mod audit;
mod bus;
mod commands;
mod deadlines;
mod documents;
mod forks;
mod leases;
mod order;
mod pools;
mod quarantine;
mod recompute;
mod roles;
mod sessions;
mod traces;
mod verify;
