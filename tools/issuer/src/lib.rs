//! OpenID Connect issuer of the demo: staff pick who they are, without a password.
//!
//! It exists so that a newcomer can sign in on a machine of their own. It listens on loopback
//! only and says on every page and at start that it is for demonstration. A bureau uses its own
//! identity provider instead. [`Key`] also mints tokens in process, for tests.

mod authorize;
mod clients;
mod codes;
mod issuer;
mod key;
mod staff;
mod token;

pub use clients::{Client, ClientError};
pub use issuer::{Issuer, ListenError, bind};
pub use key::{ACCESS_AUDIENCE, Grant, Key, KeyError, LIFETIME};
pub use staff::{StaffError, parse_staff, read_staff};

/// What a process that starts an issuer tells whoever watches it.
pub const WARNING: &str =
    "DEMO ONLY 仅供演示: this issuer asks for no password and must never serve real staff";
