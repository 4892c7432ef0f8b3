//! Telephone numbers of the mainland: mobile, or landline with area code.

use crate::identifiers::{InvalidIdentifier, mask, masked_text};

/// A number of digits only: eleven for a mobile, area code and subscriber for a landline.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

masked_text!(Phone);

impl Phone {
    /// Takes digits, with blanks or hyphens between them and `+86` before a mobile number.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let digits = bare.strip_prefix("+86").unwrap_or(&bare);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidIdentifier::Characters);
        }
        let lengths = lengths(digits.as_bytes()).ok_or(InvalidIdentifier::Characters)?;
        if !lengths.contains(&digits.len()) {
            return Err(InvalidIdentifier::Length);
        }
        Ok(Self(digits.to_owned()))
    }

    /// Whether it is a mobile number.
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with('1')
    }

    /// The first three and the last four digits of a mobile, the last two of a landline after
    /// its first four; stars between.
    pub fn masked(&self) -> String {
        if self.is_mobile() { mask(&self.0, 3, 4) } else { mask(&self.0, 4, 2) }
    }
}

/// How long a number may be that begins with these digits: area codes 010 and 02x take eight
/// digits after them, the others, four digits long, seven or eight.
fn lengths(digits: &[u8]) -> Option<&'static [usize]> {
    match digits {
        [b'1', b'3'..=b'9', ..] | [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => Some(&[11]),
        [b'0', b'3'..=b'9', ..] => Some(&[11, 12]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobiles_and_landlines_are_taken_and_masked() {
        for (text, digits, masked) in [
            ("13800000000", "13800000000", "138****0000"),
            ("+86 138-0000-0000", "13800000000", "138****0000"),
            ("010-00000000", "01000000000", "0100*****00"),
            ("0990-0000001", "09900000001", "0990*****01"),
            ("0990 00000012", "099000000012", "0990******12"),
        ] {
            let phone = Phone::parse(text).unwrap();
            assert_eq!((phone.expose(), phone.to_string().as_str()), (digits, masked));
        }
        assert!(Phone::parse("13800000000").unwrap().is_mobile());
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, wrong) in [
            ("", InvalidIdentifier::Characters),
            ("12000000000", InvalidIdentifier::Characters),
            ("１3800000000", InvalidIdentifier::Characters),
            ("138000000000", InvalidIdentifier::Length),
            ("1380000000", InvalidIdentifier::Length),
            ("020-0000000", InvalidIdentifier::Length),
            ("00000000", InvalidIdentifier::Characters),
        ] {
            assert_eq!(Phone::parse(text), Err(wrong), "{text}");
        }
    }
}
