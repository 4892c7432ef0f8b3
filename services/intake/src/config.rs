//! Settings of the register alone: the table `[service]`.

use std::collections::BTreeMap;

use anyhow::Context as _;
use gongxin_kernel::UnitCode;
use gongxin_law::DocumentNumber;
use serde::Deserialize;

/// What the register is told beside the settings that all services have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeSettings {
    /// First word of document numbers, e.g. `明` in 明公（刑）立字〔2026〕1号.
    pub organ_word: String,
    /// Words for units in the numbers of their receipts, by unit code, e.g. `城关` in
    /// 明公（城关）接报字〔2026〕1号. A unit without one has the last six digits of its code.
    #[serde(default)]
    pub departments: BTreeMap<UnitCode, String>,
    /// Where the holder of a receipt asks how the matter stands (查询渠道), a line of the receipt.
    pub inquiry: Option<String>,
    /// Where the holder of a receipt complains (投诉渠道), a line of the receipt.
    pub complaint: Option<String>,
    /// Hour of the day, in China, of the daily check (日巡查) of the calls of the day before.
    #[serde(default = "default_call_check_hour")]
    pub call_check_hour: u8,
}

impl IntakeSettings {
    /// The word for a unit in the numbers of its receipts.
    pub(crate) fn department<'s>(&'s self, unit: &'s UnitCode) -> &'s str {
        self.departments.get(unit).map_or(&unit.as_str()[6..], String::as_str)
    }

    /// # Errors
    /// A word that cannot stand in a document number.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.call_check_hour < 24, "call_check_hour is an hour of the day");
        for (unit, word) in &self.departments {
            DocumentNumber::new(&self.organ_word, Some(word), "接报", 2026, 1)
                .with_context(|| format!("departments.{unit}: {word} cannot stand in a number"))?;
        }
        Ok(())
    }
}

fn default_call_check_hour() -> u8 {
    18
}
