//! What this machine can do at most: PostgreSQL, JetStream and gRPC without the suite.

pub(crate) mod echo;
pub(crate) mod nats;
pub(crate) mod postgres;
