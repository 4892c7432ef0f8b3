//! Where a service is killed: the moments at which it knows more than others do.

use std::fmt;

/// A named point in a named transaction of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Who dies.
    pub service: &'static str,
    /// What it was about to tell.
    pub moment: &'static str,
    /// Name of the transaction.
    pub transaction: &'static str,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, moment, transaction } = self;
        let moment = if *moment == BEFORE { "before" } else { "after" };
        write!(f, "{service} {moment} the commit of {transaction}")
    }
}

const BEFORE: &str = "before_commit";
const AFTER: &str = "after_commit";

const fn at(service: &'static str, moment: &'static str, transaction: &'static str) -> Point {
    Point { service, moment, transaction }
}

/// For each service: before the commit of a command; after it, before the caller knows; after events
/// are published, before the cursor says so; after an event has its effect, before the bus knows.
/// intake follows nobody; it dies after the cursor has moved instead.
pub(super) const POINTS: [Point; 20] = [
    at("intake", BEFORE, "register_report"),
    at("intake", AFTER, "register_report"),
    at("intake", BEFORE, "relay_advance"),
    at("intake", AFTER, "sequence"),
    at("review", BEFORE, "decide_request"),
    at("review", AFTER, "decide_request"),
    at("review", BEFORE, "relay_advance"),
    at("review", AFTER, "apply"),
    at("supervision", BEFORE, "register_recording"),
    at("supervision", AFTER, "register_recording"),
    at("supervision", BEFORE, "relay_advance"),
    at("supervision", AFTER, "apply"),
    at("accountability", BEFORE, "open_clue"),
    at("accountability", AFTER, "open_clue"),
    at("accountability", BEFORE, "relay_advance"),
    at("accountability", AFTER, "apply"),
    at("disclosure", BEFORE, "issue_query_code"),
    at("disclosure", AFTER, "issue_query_code"),
    at("disclosure", BEFORE, "relay_advance"),
    at("disclosure", AFTER, "apply"),
];
