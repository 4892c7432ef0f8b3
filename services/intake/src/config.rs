//! Settings of the register alone: the table `[service]`.

use serde::Deserialize;

/// What the register is told beside the settings that all services have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeSettings {
    /// First word of document numbers, e.g. `明` in 明公（刑）立字〔2026〕1号.
    pub organ_word: String,
    /// Where the holder of a receipt asks how the matter stands (查询渠道), a line of the receipt.
    pub inquiry: Option<String>,
    /// Where the holder of a receipt complains (投诉渠道), a line of the receipt.
    pub complaint: Option<String>,
    /// Hour of the day, in China, of the daily check (日巡查) of the calls of the day before.
    #[serde(default = "default_call_check_hour")]
    pub call_check_hour: u8,
}

fn default_call_check_hour() -> u8 {
    18
}
