//! The national number of a case: `A`, unit code, year and month, serial; 23 characters.

use std::fmt;
use std::str::FromStr;

use gongxin_kernel::UnitCode;

use crate::identifiers::{InvalidIdentifier, Regions};

/// A case number, by its parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseNumber {
    unit: UnitCode,
    year: i16,
    month: i8,
    serial: u16,
}

impl CaseNumber {
    /// The number of a case that `unit` registers as its `serial`th of the month.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Date`] for a year without four digits or a month that does not
    /// exist, [`InvalidIdentifier::Length`] for a serial outside 1 to 9999.
    pub fn new(
        unit: UnitCode,
        year: i16,
        month: i8,
        serial: u16,
    ) -> Result<Self, InvalidIdentifier> {
        if !(1000..=9999).contains(&year) || !(1..=12).contains(&month) {
            return Err(InvalidIdentifier::Date);
        }
        if !(1..=9999).contains(&serial) {
            return Err(InvalidIdentifier::Length);
        }
        Ok(Self { unit, year, month, serial })
    }

    /// The unit that registered the case.
    pub fn unit(&self) -> &UnitCode {
        &self.unit
    }

    /// Checks that the division code of its unit is that of a place.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Region`].
    pub fn check_region(&self, regions: Regions) -> Result<(), InvalidIdentifier> {
        regions.check(&self.unit)
    }

    /// Year and month of registration.
    pub fn year_month(&self) -> (i16, i8) {
        (self.year, self.month)
    }

    /// The place in the unit's count of the month.
    pub fn serial(&self) -> u16 {
        self.serial
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{}{:04}{:02}{:04}", self.unit, self.year, self.month, self.serial)
    }
}

impl FromStr for CaseNumber {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        if text.chars().count() != 23 {
            return Err(InvalidIdentifier::Length);
        }
        let digits = text
            .strip_prefix('A')
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .ok_or(InvalidIdentifier::Characters)?;
        let number = |part: &str| part.parse().map_err(|_| InvalidIdentifier::Characters);
        let unit = digits[..12].parse().map_err(|_| InvalidIdentifier::Characters)?;
        let year = number(&digits[12..16])?;
        let month = digits[16..18].parse().map_err(|_| InvalidIdentifier::Characters)?;
        let serial = digits[18..].parse().map_err(|_| InvalidIdentifier::Characters)?;
        Self::new(unit, year, month, serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back_as_its_parts() {
        let unit: UnitCode = "619921010000".parse().unwrap();
        let number = CaseNumber::new(unit.clone(), 2026, 1, 7).unwrap();

        assert_eq!(number.to_string(), "A6199210100002026010007");
        let back: CaseNumber = "A6199210100002026010007".parse().unwrap();
        assert_eq!(back, number);
        assert_eq!((back.unit(), back.year_month(), back.serial()), (&unit, (2026, 1), 7));
    }

    #[test]
    fn its_unit_is_of_a_place() {
        let of = |text: &str| text.parse::<CaseNumber>().unwrap();
        let (real, invented) = (of("A6109210000002026010001"), of("A6199210100002026010007"));

        assert_eq!(real.check_region(Regions::real()), Ok(()));
        assert_eq!(invented.check_region(Regions::real()), Err(InvalidIdentifier::Region));
        assert_eq!(invented.check_region(Regions::with_invented()), Ok(()));
    }

    #[test]
    fn texts_of_another_form_are_refused() {
        for (text, wrong) in [
            ("A619921010000202601000", InvalidIdentifier::Length),
            ("K6199210100002026010007", InvalidIdentifier::Characters),
            ("A61992101000020260100０7", InvalidIdentifier::Characters),
            ("A6199210100002026130007", InvalidIdentifier::Date),
            ("A6199210100002026000007", InvalidIdentifier::Date),
            ("A6199210100002026010000", InvalidIdentifier::Length),
        ] {
            assert_eq!(text.parse::<CaseNumber>(), Err(wrong), "{text}");
        }
    }
}
