//! Settings of the inner service alone: the table `[service]`.

use serde::Deserialize;

/// What the service is told beside what every service is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureSettings {
    /// Days within which a person is visited after the decision on filing; a rule of the house.
    #[serde(default = "default_visit_days")]
    pub visit_days: u16,
}

fn default_visit_days() -> u16 {
    30
}
