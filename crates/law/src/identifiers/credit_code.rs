//! The unified social credit code of enterprises and organs (GB 32100-2015).

use crate::identifiers::{InvalidIdentifier, open_text};

/// The characters by value; I, O, S, V and Z are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A code whose characters and check character are right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CreditCode(String);

open_text!(CreditCode);

impl CreditCode {
    /// Takes 18 characters, lower case too.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        if text.chars().count() != 18 {
            return Err(InvalidIdentifier::Length);
        }
        let text = text.to_ascii_uppercase();
        let values: Vec<usize> = text
            .bytes()
            .map(|byte| ALPHABET.iter().position(|known| *known == byte))
            .collect::<Option<_>>()
            .ok_or(InvalidIdentifier::Characters)?;
        // Place n is worth 3^n, and with the check character the sum is a multiple of 31.
        let (sum, _) = values[..17]
            .iter()
            .fold((0, 1), |(sum, worth), value| ((sum + value * worth) % 31, worth * 3 % 31));
        if values[17] != (31 - sum) % 31 {
            return Err(InvalidIdentifier::Checksum);
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_code_is_taken_in_either_case() {
        // The example printed in the standard, and one of the invented county.
        for text in ["91350100M000100Y43", "91619921ma0000001h"] {
            assert_eq!(CreditCode::parse(text).unwrap().as_str(), text.to_uppercase());
        }
    }

    #[test]
    fn a_bad_code_says_what_is_wrong() {
        for (text, wrong) in [
            ("91350100M000100Y4", InvalidIdentifier::Length),
            ("9135010OM000100Y43", InvalidIdentifier::Characters),
            ("91350100M000100Y4３", InvalidIdentifier::Characters),
            ("91350100M000100Y44", InvalidIdentifier::Checksum),
            ("19350100M000100Y43", InvalidIdentifier::Checksum),
        ] {
            assert_eq!(CreditCode::parse(text), Err(wrong), "{text}");
        }
    }
}
