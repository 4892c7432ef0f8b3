//! Numbers of officers and of calls: their inner form is local, so only length and characters
//! are checked.

use crate::identifiers::{InvalidIdentifier, open_text};

/// A police number (警号): four to ten letters or digits, unique in its bureau.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoliceNumber(String);

/// The number of a call at the 110 desk (接警编号): up to thirty letters or digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallNumber(String);

open_text!(PoliceNumber, CallNumber);

impl PoliceNumber {
    /// Takes four to ten ASCII letters or digits.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        alphanumeric(text, 4, 10).map(Self)
    }
}

impl CallNumber {
    /// Takes one to thirty ASCII letters or digits.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        alphanumeric(text, 1, 30).map(Self)
    }
}

fn alphanumeric(text: &str, least: usize, most: usize) -> Result<String, InvalidIdentifier> {
    if !(least..=most).contains(&text.chars().count()) {
        return Err(InvalidIdentifier::Length);
    }
    if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(InvalidIdentifier::Characters);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_characters_are_all_that_counts() {
        assert_eq!(PoliceNumber::parse("990001").unwrap().as_str(), "990001");
        assert_eq!(PoliceNumber::parse("F99000").unwrap().to_string(), "F99000");
        assert_eq!(PoliceNumber::parse("990"), Err(InvalidIdentifier::Length));
        assert_eq!(PoliceNumber::parse("99000199000"), Err(InvalidIdentifier::Length));
        assert_eq!(PoliceNumber::parse("9900 1"), Err(InvalidIdentifier::Characters));

        assert_eq!(CallNumber::parse("J6199212026010001").unwrap().as_str(), "J6199212026010001");
        assert_eq!(CallNumber::parse(""), Err(InvalidIdentifier::Length));
        assert_eq!(CallNumber::parse(&"1".repeat(31)), Err(InvalidIdentifier::Length));
        assert_eq!(CallNumber::parse("接警1"), Err(InvalidIdentifier::Characters));
    }
}
