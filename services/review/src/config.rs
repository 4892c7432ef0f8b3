//! Settings of this service alone: the table `[service]`.

use std::path::PathBuf;

use gongxin_review_domain::{Law, Parameters};
use serde::Deserialize;

/// What the service is told beside what every service is told. It holds no secret: keys are
/// named by their files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewSettings {
    /// This bureau as an organ of the exchange: `police:` and its code.
    pub organ: String,
    /// First word of its document numbers, e.g. 明.
    pub organ_word: String,
    /// Its private key (Ed25519, PKCS#8 PEM).
    pub organ_key_file: PathBuf,
    /// Where exits go.
    pub procuratorate: Procuratorate,
    /// Whose judgments come in; none are taken without it.
    pub court: Option<Court>,
    /// Hours to answer a return for correction.
    #[serde(default = "default_correction_hours")]
    pub correction_hours: u16,
    /// How often a request may be returned.
    #[serde(default = "default_max_returns")]
    pub max_returns: u16,
    /// Hours after which an arrest or release that is due at once counts as not carried out.
    #[serde(default = "default_execution_hours")]
    pub execution_hours: u16,
    /// Hours before the end of a violation notice's time from which its answer is urged.
    #[serde(default = "default_notice_warning_hours")]
    pub notice_warning_hours: u16,
}

/// The procuratorate of this bureau.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procuratorate {
    /// Its organ id, e.g. `procuratorate:619921`.
    pub organ: String,
    /// Where it takes envelopes, `http://host:port`.
    pub url: String,
    /// Its public key (Ed25519, PEM).
    pub key_file: PathBuf,
}

/// The court of this bureau.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Court {
    /// Its organ id, e.g. `court:619921`.
    pub organ: String,
    /// Its public key (Ed25519, PEM).
    pub key_file: PathBuf,
}

impl ReviewSettings {
    /// The statutes with what the bureau has set.
    pub(crate) fn law(&self, statutes: gongxin_law::Law<'static>) -> Law<'static> {
        let parameters = Parameters {
            correction_hours: self.correction_hours,
            max_returns: self.max_returns,
            execution_hours: self.execution_hours,
        };
        Law { parameters, statutes }
    }
}

fn default_correction_hours() -> u16 {
    Parameters::default().correction_hours
}

fn default_max_returns() -> u16 {
    Parameters::default().max_returns
}

fn default_execution_hours() -> u16 {
    Parameters::default().execution_hours
}

fn default_notice_warning_hours() -> u16 {
    72
}
