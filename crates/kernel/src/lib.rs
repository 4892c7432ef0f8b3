//! The words every other crate shares: identifiers, the clock, the actor, faults.
//!
//! Nothing here performs network or database I/O. The only file ever read is the one a
//! [`ManualClock`] shares between the processes of a demo or a test.

pub mod canonical;
mod clock;
mod fault;
mod id;
mod officer;
mod who;
mod words;

pub use canonical::Canonical;
pub use clock::{Clock, ManualClock, SystemClock};
pub use fault::{Fault, Kind, Reason, Violation};
pub use id::{EventId, RequestId, Revision, new_uuid};
pub use officer::{Officer, Unit};
pub use who::{Actor, BureauCode, InvalidCode, Post, Power, Staff, UnitCode};
