//! The service alone: real PostgreSQL and NATS, intake as events, a procuratorate of its own.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod auditor;
mod channels;
mod court;
mod custody;
mod deliberation;
mod exchange;
mod gate;
mod input;
mod intake;
mod notices;
mod office;
mod pages;
mod prosecution;
mod reads;
mod replicas;
mod review;
mod settings;
mod trace;
