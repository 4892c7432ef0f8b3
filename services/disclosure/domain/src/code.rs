//! The query code: drawn at random, typed by people, kept as a salted digest alone.

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

/// No 0 O, 1 I L, 2 Z, 5 S, 8 B: none of these can be mistaken for another on paper.
const ALPHABET: &[u8; 25] = b"34679ACDEFGHJKMNPQRTUVWXY";

/// Makes the digests of equal codes differ.
pub type Salt = [u8; 16];

/// Ten characters that open the query page for one holder of one report.
#[derive(Clone, PartialEq, Eq)]
pub struct QueryCode(String);

impl QueryCode {
    /// Characters of a code; ten of twenty-five are 46 bits, out of reach at five tries an hour.
    pub const LENGTH: usize = 10;

    /// The code that these random bytes make, each character equally likely; `None` when too many
    /// bytes had to be passed over. Forty bytes practically always suffice.
    pub fn draw(random: &[u8]) -> Option<Self> {
        // 250 is the largest multiple of 25 in a byte.
        let characters = random.iter().filter(|byte| **byte < 250);
        let code: String = characters
            .map(|byte| char::from(ALPHABET[usize::from(byte % 25)]))
            .take(Self::LENGTH)
            .collect();
        (code.len() == Self::LENGTH).then_some(Self(code))
    }

    /// What somebody typed, whatever the case, with spaces or hyphens between the characters.
    pub fn typed(text: &str) -> Option<Self> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .take(Self::LENGTH + 1)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let known = code.bytes().all(|byte| ALPHABET.contains(&byte));
        (code.len() == Self::LENGTH && known).then_some(Self(code))
    }

    /// The characters, for the one who is to have them.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of the code.
    pub fn digest(&self, salt: &Salt) -> [u8; 32] {
        Sha256::new().chain_update(salt).chain_update(self.0.as_bytes()).finalize().into()
    }

    /// Whether this code has that digest, in a time that does not depend on the answer.
    pub fn opens(&self, salt: &Salt, digest: &[u8; 32]) -> Choice {
        self.digest(salt).ct_eq(digest)
    }
}

impl std::fmt::Debug for QueryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QueryCode(…)")
    }
}

/// The number of a report receipt as people type it, in the one form in which it is kept: no
/// spaces, digits of ordinary width, the year in 〔〕 and the department, which follows 公, in （）.
pub fn receipt_number(text: &str) -> String {
    let form = |c: char| match c {
        '[' | '［' | '(' | '（' | '【' => '〔',
        ']' | '］' | ')' | '）' | '】' => '〕',
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        other => other,
    };
    let number: String = text.chars().filter(|c| !c.is_whitespace()).take(100).map(form).collect();
    let department = number.split_once("公〔").and_then(|(organ, rest)| {
        let (department, rest) = rest.split_once('〕')?;
        rest.contains('〔').then(|| format!("{organ}公（{department}）{rest}"))
    });
    department.unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_has_no_characters_that_look_alike() {
        assert!(!"0O1IL2Z5S8B".bytes().any(|byte| ALPHABET.contains(&byte)));
    }

    #[test]
    fn a_code_never_prints_itself() {
        let code = QueryCode::draw(&[7; 40]).unwrap();
        assert!(!format!("{code:?}").contains(code.expose()));
    }

    #[test]
    fn bytes_that_would_favour_some_characters_are_passed_over() {
        assert_eq!(QueryCode::draw(&[255; 40]), None);
        assert_eq!(QueryCode::draw(&[0; 9]), None);
        assert_eq!(QueryCode::draw(&[0; 10]).unwrap().expose(), "3333333333");
    }

    #[test]
    fn a_number_is_read_however_its_brackets_are_typed() {
        for typed in ["明公接报〔2026〕1号", "明公接报[2026]1号", " 明公接报（２０２６） １号 "]
        {
            assert_eq!(receipt_number(typed), "明公接报〔2026〕1号", "{typed}");
        }
        for typed in [
            "明公（城关）接报字〔2026〕1号",
            "明公(城关)接报字[2026]1号",
            "明公[城关]接报字(2026) 1号",
            "明公（城关） 接报字（２０２６）１号",
        ] {
            assert_eq!(receipt_number(typed), "明公（城关）接报字〔2026〕1号", "{typed}");
        }
    }

    proptest! {
        #[test]
        fn a_drawn_code_opens_its_own_digest_and_no_other(
            one in prop::array::uniform32(any::<u8>()),
            two in prop::array::uniform32(any::<u8>()),
            salt in any::<Salt>(),
        ) {
            let (Some(one), Some(two)) = (QueryCode::draw(&one), QueryCode::draw(&two)) else {
                return Ok(());
            };
            prop_assert!(bool::from(one.opens(&salt, &one.digest(&salt))));
            prop_assert_eq!(bool::from(two.opens(&salt, &one.digest(&salt))), one == two);
            let typed = one.expose().to_lowercase();
            let (head, tail) = typed.split_at(5);
            prop_assert_eq!(QueryCode::typed(&format!(" {head}-{tail} ")), Some(one));
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused(text in any::<String>()) {
            if let Some(code) = QueryCode::typed(&text) {
                prop_assert_eq!(code.expose().len(), QueryCode::LENGTH);
            }
            let number = receipt_number(&text);
            prop_assert_eq!(receipt_number(&number), number.clone());
        }
    }
}
