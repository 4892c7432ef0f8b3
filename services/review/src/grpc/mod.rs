//! The contracts over gRPC: requests become commands, cases become messages.

mod correspondence;
mod deliberation;
mod exchange;
mod incoming;
mod outgoing;
mod review;

pub(crate) use correspondence::CorrespondenceApi;
pub(crate) use deliberation::DeliberationApi;
pub(crate) use exchange::ExchangeApi;
pub(crate) use review::ReviewApi;
