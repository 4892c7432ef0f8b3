//! Telephone numbers of the mainland: mobile, or landline with area code.

use crate::identifiers::{InvalidIdentifier, mask, masked_text};

/// A number of digits only: eleven for a mobile, area code and subscriber for a landline.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

masked_text!(Phone);

impl Phone {
    /// Takes digits, with blanks, hyphens and brackets among them. `+86` or `0086` may stand
    /// before it; then the 0 of an area code may be missing.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Characters`], [`InvalidIdentifier::Length`].
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let bare: String = text.chars().filter(|c| !is_separator(*c)).collect();
        let abroad = bare.strip_prefix("+86").or_else(|| bare.strip_prefix("0086"));
        let digits = match abroad.map(str::as_bytes) {
            Some([b'0', ..] | [b'1', b'3'..=b'9', ..]) => abroad.unwrap_or_default().to_owned(),
            Some(_) => format!("0{}", abroad.unwrap_or_default()),
            None => bare,
        };
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidIdentifier::Characters);
        }
        let lengths = lengths(digits.as_bytes()).ok_or(InvalidIdentifier::Characters)?;
        if !lengths.contains(&digits.len()) {
            return Err(InvalidIdentifier::Length);
        }
        Ok(Self(digits))
    }

    /// Whether it is a mobile number.
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with('1')
    }

    /// The number as people write it, `138 0000 0000` or `0915-0000000`, for the person entitled
    /// to read it; [`parse`](Self::parse) takes it back.
    pub fn written(&self) -> String {
        let digits = &self.0;
        if self.is_mobile() {
            format!("{} {} {}", &digits[..3], &digits[3..7], &digits[7..])
        } else {
            let (area, subscriber) = digits.split_at(area_length(digits));
            format!("{area}-{subscriber}")
        }
    }

    /// The first three and the last four digits of a mobile, the area code and the last two of a
    /// landline; stars between.
    pub fn masked(&self) -> String {
        if self.is_mobile() { mask(&self.0, 3, 4) } else { mask(&self.0, area_length(&self.0), 2) }
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '-' | '–' | '—' | '－' | '(' | ')' | '（' | '）')
}

/// How long the area code of a landline is: that of the largest cities has three digits.
fn area_length(digits: &str) -> usize {
    if digits.starts_with("01") || digits.starts_with("02") { 3 } else { 4 }
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
    fn mobiles_and_landlines_are_taken_masked_and_written() {
        for (text, digits, masked, written) in [
            ("13800000000", "13800000000", "138****0000", "138 0000 0000"),
            ("+86 138-0000-0000", "13800000000", "138****0000", "138 0000 0000"),
            ("0086 13800000000", "13800000000", "138****0000", "138 0000 0000"),
            ("010-00000000", "01000000000", "010******00", "010-00000000"),
            ("+86 10 0000 0000", "01000000000", "010******00", "010-00000000"),
            ("+86 (0990) 0000001", "09900000001", "0990*****01", "0990-0000001"),
            ("（0990）0000001", "09900000001", "0990*****01", "0990-0000001"),
            ("0086 990 0000001", "09900000001", "0990*****01", "0990-0000001"),
            ("0990 00000012", "099000000012", "0990******12", "0990-00000012"),
        ] {
            let phone = Phone::parse(text).unwrap();
            assert_eq!((phone.expose(), phone.to_string().as_str()), (digits, masked));
            assert_eq!(phone.written(), written);
            assert_eq!(Phone::parse(&phone.written()), Ok(phone));
        }
        assert!(Phone::parse("13800000000").unwrap().is_mobile());
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, wrong) in [
            ("", InvalidIdentifier::Characters),
            ("+86", InvalidIdentifier::Characters),
            ("12000000000", InvalidIdentifier::Characters),
            ("+86 12000000000", InvalidIdentifier::Characters),
            ("1３800000000", InvalidIdentifier::Characters),
            ("+1 13800000000", InvalidIdentifier::Characters),
            ("138000000000", InvalidIdentifier::Length),
            ("1380000000", InvalidIdentifier::Length),
            ("+86 1380000000", InvalidIdentifier::Length),
            ("020-0000000", InvalidIdentifier::Length),
            ("00000000", InvalidIdentifier::Characters),
        ] {
            assert_eq!(Phone::parse(text), Err(wrong), "{text}");
        }
    }
}
