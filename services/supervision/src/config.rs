//! Settings of this service alone: the table `[service]`.

use serde::Deserialize;

/// What the service is told beside what every service is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupervisionSettings {
    /// Hours from a detention until the recording of an interrogation must be registered.
    #[serde(default = "default_recording_hours")]
    pub recording_hours: u16,
    /// Where traces are looked at, e.g. `https://traces.example.cn`; without it the page of a case
    /// has no links to them.
    #[serde(default)]
    pub trace_viewer_url: Option<String>,
}

fn default_recording_hours() -> u16 {
    24
}
