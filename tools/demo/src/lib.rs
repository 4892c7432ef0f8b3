//! The season of a county: four months of cases and troubles, driven through the public interfaces.
//!
//! Everything is done as the officers and citizens of the sample would do it. The clock is moved
//! from one due instant to the next and the suite settles in between, so that no period and no
//! daily beat is jumped over.

mod books;
mod clock;
mod facts;
mod office;
mod persistent;
mod places;
mod sample;
mod script;
mod season;
mod story;
mod suite;

pub use books::print;
pub use facts::{Facts, facts};
pub use persistent::Persistent;
pub use places::{Asked, Outage, Places, SignIn, Signer};
pub use sample::{Sample, Size};
pub use season::{BEGINS, Ledger, run};
pub use suite::Suite;
