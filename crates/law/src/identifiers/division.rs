//! The code of a province, prefecture or county (行政区划代码, GB/T 2260), and which codes count.

use std::fmt;
use std::str::FromStr;

use gongxin_kernel::{BureauCode, UnitCode};

use crate::identifiers::InvalidIdentifier;
use crate::identifiers::divisions::{Division, division};

/// Six digits, two each for province, prefecture and county.
///
/// Any six digits make a code; whether a place ever had it is asked of [`Regions`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u32);

/// How large the division is that a code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// 省级: the last four digits are zeros.
    Province,
    /// 地级: the last two digits are zeros.
    Prefecture,
    /// 县级.
    County,
}

impl DivisionCode {
    /// Takes six ASCII digits.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Length`], [`InvalidIdentifier::Characters`].
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        if text.chars().count() != 6 {
            return Err(InvalidIdentifier::Length);
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidIdentifier::Characters);
        }
        text.parse().map(Self).map_err(|_| InvalidIdentifier::Characters)
    }

    /// How large the division is.
    pub fn level(self) -> Level {
        match self.0 {
            code if code % 10_000 == 0 => Level::Province,
            code if code % 100 == 0 => Level::Prefecture,
            _ => Level::County,
        }
    }

    /// The province it lies in; itself when it is one.
    #[must_use]
    pub fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// The prefecture it lies in, or itself when it is one; none for a province and for what a
    /// province once led directly (469xxx has a heading of its own, 4600xx has none).
    pub fn prefecture(self) -> Option<Self> {
        let prefecture = Self(self.0 / 100 * 100);
        (prefecture.level() == Level::Prefecture).then_some(prefecture)
    }

    /// What is known of the place; none when no place ever had the code.
    pub fn division(self) -> Option<&'static Division> {
        division(self)
    }

    /// Whether it is one of the codes 6199xx, which no place ever had: there lie the city and
    /// the county of demonstrations and tests.
    pub fn is_invented(self) -> bool {
        self.0 / 100 == 6199
    }

    /// 810000, 820000 and 830000 stand in the numbers of residents' permits (港澳台居民居住证).
    pub(super) fn is_of_permits(self) -> bool {
        matches!(self.0, 810_000 | 820_000 | 830_000)
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DivisionCode({self})")
    }
}

impl FromStr for DivisionCode {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        Self::parse(text)
    }
}

impl From<&BureauCode> for DivisionCode {
    fn from(bureau: &BureauCode) -> Self {
        Self::parse(bureau.as_str()).expect("a bureau's code is six digits")
    }
}

impl From<&UnitCode> for DivisionCode {
    fn from(unit: &UnitCode) -> Self {
        Self::from(&unit.bureau())
    }
}

/// The codes that count as those of places: each that was ever in force and, only where a
/// configuration for demonstration or test says so, the invented 6199xx.
///
/// An abolished code stays right: numbers given under it are never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    invented: bool,
}

impl Regions {
    /// Real places only.
    pub const fn real() -> Self {
        Self { invented: false }
    }

    /// Real places and the invented 6199xx.
    pub const fn with_invented() -> Self {
        Self { invented: true }
    }

    /// Whether the code counts.
    pub fn holds(self, code: DivisionCode) -> bool {
        (self.invented && code.is_invented()) || code.division().is_some()
    }

    /// Checks a division code, or that of a bureau or a unit, of any level.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Region`] when it does not count.
    pub fn check(self, code: impl Into<DivisionCode>) -> Result<(), InvalidIdentifier> {
        if self.holds(code.into()) { Ok(()) } else { Err(InvalidIdentifier::Region) }
    }

    /// Reads the twelve digits of a police unit (GA/T 380): a division code and six digits whose
    /// meaning is local.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Length`], [`InvalidIdentifier::Characters`],
    /// [`InvalidIdentifier::Region`].
    pub fn unit(self, text: &str) -> Result<UnitCode, InvalidIdentifier> {
        if text.chars().count() != 12 {
            return Err(InvalidIdentifier::Length);
        }
        let unit: UnitCode = text.parse().map_err(|_| InvalidIdentifier::Characters)?;
        self.check(&unit)?;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    #[test]
    fn a_code_knows_what_it_lies_in() {
        let county = code("610921");
        assert_eq!((county.level(), county.province()), (Level::County, code("610000")));
        assert_eq!(county.prefecture(), Some(code("610900")));

        assert_eq!(code("610900").level(), Level::Prefecture);
        assert_eq!(code("610900").prefecture(), Some(code("610900")));
        assert_eq!(code("610000").level(), Level::Province);
        assert_eq!(code("610000").prefecture(), None);
        assert_eq!(code("460001").prefecture(), None);
    }

    #[test]
    fn texts_of_another_form_are_refused() {
        for (text, wrong) in [
            ("", InvalidIdentifier::Length),
            ("61092", InvalidIdentifier::Length),
            ("6109211", InvalidIdentifier::Length),
            ("+61092", InvalidIdentifier::Characters),
            ("61092x", InvalidIdentifier::Characters),
            ("６１０９２１", InvalidIdentifier::Characters),
        ] {
            assert_eq!(DivisionCode::parse(text), Err(wrong), "{text}");
        }
    }

    #[test]
    fn the_invented_places_count_only_where_they_are_allowed() {
        for text in ["619900", "619921", "619999"] {
            assert!(Regions::with_invented().holds(code(text)), "{text}");
            assert_eq!(Regions::real().check(code(text)), Err(InvalidIdentifier::Region), "{text}");
        }
        for text in ["619899", "000000", "999999", "6110ff"] {
            let Ok(code) = text.parse() else { continue };
            assert!(!Regions::with_invented().holds(code), "{text}");
        }
    }

    #[test]
    fn a_unit_is_of_a_place_and_of_any_level() {
        for text in ["610921000000", "610900000000", "610000000000", "612422000000"] {
            assert_eq!(Regions::real().unit(text).unwrap().as_str(), text);
        }
        for (text, wrong) in [
            ("61092100000", InvalidIdentifier::Length),
            ("6109210000000", InvalidIdentifier::Length),
            ("61092100000x", InvalidIdentifier::Characters),
            ("61092100000０", InvalidIdentifier::Characters),
            ("619921010000", InvalidIdentifier::Region),
            ("610999010000", InvalidIdentifier::Region),
        ] {
            assert_eq!(Regions::real().unit(text), Err(wrong), "{text}");
        }
        assert!(Regions::with_invented().unit("619921010000").is_ok());
    }
}
