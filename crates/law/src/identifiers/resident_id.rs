//! The citizen's identity number (公民身份号码, GB 11643-1999).

use jiff::civil::Date;

use crate::identifiers::{DivisionCode, InvalidIdentifier, Level, Regions, mask, masked_text};

/// Numbers are given since 1984; nobody born before this year ever had one.
const EARLIEST_BIRTH_YEAR: i16 = 1850;

/// A number whose characters, birth date and check character are right.
///
/// Its division code is looked up by [`check_region`](Self::check_region), since only the caller's
/// configuration can say whether the invented places count. Numbers of residents' permits
/// (港澳台居民居住证) are of this form too. The fifteen digits of before 1999 are not valid any more
/// (since 2013).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentId(String);

masked_text!(ResidentId);

/// Sex as the number records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

impl ResidentId {
    /// Takes 18 characters, `x` or `X` as check character.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Length`], [`InvalidIdentifier::Characters`],
    /// [`InvalidIdentifier::Date`], [`InvalidIdentifier::Checksum`], in this order; never
    /// [`InvalidIdentifier::Region`].
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        if text.chars().count() != 18 {
            return Err(InvalidIdentifier::Length);
        }
        let text = text.to_ascii_uppercase();
        let (body, check) = text.split_at_checked(17).ok_or(InvalidIdentifier::Characters)?;
        let is_check = check == "X" || check.bytes().all(|b| b.is_ascii_digit());
        let is_body = body.bytes().all(|b| b.is_ascii_digit()) && !body.starts_with('0');
        if !is_body || !is_check {
            return Err(InvalidIdentifier::Characters);
        }
        birth_date(body).ok_or(InvalidIdentifier::Date)?;
        if check.bytes().next() != Some(check_character(body)) {
            return Err(InvalidIdentifier::Checksum);
        }
        Ok(Self(text))
    }

    /// Parses and checks the division code.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse) and of [`check_region`](Self::check_region).
    pub fn parse_in(text: &str, regions: Regions) -> Result<Self, InvalidIdentifier> {
        let id = Self::parse(text)?;
        id.check_region(regions)?;
        Ok(id)
    }

    /// Checks that such numbers were ever given under its division code.
    ///
    /// Counties give them, and prefectures too: some cities have no counties (东莞 441900, 儋州
    /// 460400). Provinces do not, but for the three that stand in residents' permits.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Region`].
    pub fn check_region(&self, regions: Regions) -> Result<(), InvalidIdentifier> {
        let division = self.division();
        if division.level() == Level::Province && !division.is_of_permits() {
            return Err(InvalidIdentifier::Region);
        }
        regions.check(division)
    }

    /// Checks that the day of birth is not later than `today`.
    ///
    /// # Errors
    /// [`InvalidIdentifier::Date`].
    pub fn check_born_by(&self, today: Date) -> Result<(), InvalidIdentifier> {
        if self.birth_date() <= today { Ok(()) } else { Err(InvalidIdentifier::Date) }
    }

    /// The place where the number was given, by its code of then.
    pub fn division(&self) -> DivisionCode {
        DivisionCode::parse(&self.0[..6]).expect("`parse` has seen seventeen digits")
    }

    /// The day of birth.
    pub fn birth_date(&self) -> Date {
        birth_date(&self.0).expect("`parse` has read the date")
    }

    /// The sex.
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The first three and the last two characters, stars between.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 2)
    }
}

fn birth_date(digits: &str) -> Option<Date> {
    let year = digits[6..10].parse().ok()?;
    let day = Date::new(year, digits[10..12].parse().ok()?, digits[12..14].parse().ok()?).ok()?;
    (year >= EARLIEST_BIRTH_YEAR).then_some(day)
}

/// ISO 7064 MOD 11-2: each place is worth twice the one to its right.
fn check_character(body: &str) -> u8 {
    let sum = body.bytes().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    b"10X98765432"[sum as usize]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A number of somebody born on the first day of 1900 under this division code.
    fn number(division: &str) -> String {
        let body = format!("{division}19000101001");
        format!("{body}{}", char::from(check_character(&body)))
    }

    #[test]
    fn a_good_number_gives_birth_date_and_sex() {
        let man = ResidentId::parse("61992119000101001x").unwrap();
        let woman = ResidentId::parse("619921190001010028").unwrap();

        assert_eq!((man.birth_date(), man.sex()), (date(1900, 1, 1), Sex::Male));
        assert_eq!((woman.birth_date(), woman.sex()), (date(1900, 1, 1), Sex::Female));
        assert_eq!(man.expose(), "61992119000101001X");
    }

    #[test]
    fn a_bad_number_says_what_is_wrong() {
        for (text, wrong) in [
            ("", InvalidIdentifier::Length),
            ("61992119000101002", InvalidIdentifier::Length),
            ("619921900101002", InvalidIdentifier::Length),
            ("6199211900010100288", InvalidIdentifier::Length),
            ("61992119000101002Y", InvalidIdentifier::Characters),
            ("6199X1190001010028", InvalidIdentifier::Characters),
            ("019921190001010028", InvalidIdentifier::Characters),
            ("61992119000101002８", InvalidIdentifier::Characters),
            ("明99211900010100288", InvalidIdentifier::Characters),
            ("619921190002290017", InvalidIdentifier::Date),
            ("619921190013010017", InvalidIdentifier::Date),
            ("61992100000101001X", InvalidIdentifier::Date),
            ("619921190001010029", InvalidIdentifier::Checksum),
            ("61992119000101002X", InvalidIdentifier::Checksum),
        ] {
            assert_eq!(ResidentId::parse(text), Err(wrong), "{text}");
        }
    }

    #[test]
    fn numbers_given_under_any_code_ever_in_force_are_right() {
        // Hanyin now and before 2000, Chongqing before 1997, Hainan before 1988, cities without
        // counties, residents' permits.
        for division in [
            "610921", "612422", "510202", "442101", "441900", "460400", "810000", "820000",
            "830000",
        ] {
            let id = ResidentId::parse_in(&number(division), Regions::real()).unwrap();
            assert_eq!(id.division().to_string(), division);
        }
    }

    #[test]
    fn a_code_that_gives_no_numbers_is_refused() {
        for division in ["610999", "619921", "619900", "610000", "710000", "999999"] {
            let id = ResidentId::parse(&number(division)).unwrap();
            assert_eq!(id.check_region(Regions::real()), Err(InvalidIdentifier::Region));
        }
        for division in ["619921", "619900", "619999"] {
            assert!(ResidentId::parse_in(&number(division), Regions::with_invented()).is_ok());
        }
        // What is wrong with the number itself is said first.
        let regions = Regions::real();
        let wrong = ResidentId::parse_in("619921190001010029", regions);
        assert_eq!(wrong, Err(InvalidIdentifier::Checksum));
    }

    #[test]
    fn nobody_is_born_after_today() {
        let id = ResidentId::parse("619921190001010028").unwrap();

        assert_eq!(id.check_born_by(date(1900, 1, 1)), Ok(()));
        assert_eq!(id.check_born_by(date(1899, 12, 31)), Err(InvalidIdentifier::Date));
    }

    #[test]
    fn every_change_of_one_character_is_found() {
        let good = "619921190001010028";
        for place in 0..18 {
            for other in "0123456789X".chars().filter(|c| !good[place..].starts_with(*c)) {
                let mut text: Vec<char> = good.chars().collect();
                text[place] = other;
                let text: String = text.into_iter().collect();
                assert!(ResidentId::parse(&text).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn logs_and_pages_see_a_masked_number() {
        let id = ResidentId::parse("619921190001010028").unwrap();

        assert_eq!(id.masked(), "619*************28");
        assert_eq!(format!("{id} {id:?}"), "619*************28 ResidentId(619*************28)");
    }
}
