//! Settings of this service alone: the table `[service]`.

use gongxin_accountability_domain::Law;
use gongxin_kernel::UnitCode;
use serde::Deserialize;

/// What the service is told beside the settings that all services have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountabilitySettings {
    /// First word of document numbers, e.g. `明` in 明公执追字〔2026〕1号.
    pub organ_word: String,
    /// Code of the legal department, which never determines on its own officers (ACC-13).
    pub legal_unit: UnitCode,
    /// Days to verify a clue; a rule of the house.
    #[serde(default = "default_verification_days")]
    pub verification_days: u16,
}

fn default_verification_days() -> u16 {
    Law::builtin().verification_days
}

impl AccountabilitySettings {
    /// The law that transitions decide by.
    pub(crate) fn law(&self, statutes: gongxin_law::Law<'static>) -> Law<'static> {
        Law { verification_days: self.verification_days, statutes }
    }
}
