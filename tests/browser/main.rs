//! The pages in a real browser: Debian's chromium without a screen, driven by its chromedriver.
//!
//! Where these are missing `cargo xtask test` leaves out what has `_in_a_browser` in its name.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod driver;
mod queue_in_a_browser;
mod receipt_in_a_browser;
mod victim_in_a_browser;
