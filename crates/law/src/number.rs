//! Document numbers, e.g. 明公（刑）立字〔2026〕1号.

use std::fmt;
use std::str::FromStr;

use crate::words::{DocumentWord, document_words};

/// The number of a document: organ, department, kind, year, serial.
///
/// Writes itself in full-width brackets and without leading zeros; reads the other brackets and
/// padded serials in use. The word for an organ may hold 公 (that of 公安县 or 公主岭市), but not
/// end in it unless it is 公 alone: 明公 is 明 with the 公 of every such number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber {
    organ: String,
    department: Option<String>,
    word: String,
    year: i16,
    serial: u32,
}

/// A text that is no document number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a document number is written {{organ}}公（{{department}}）{{word}}字〔{{year}}〕{{serial}}号"
)]
pub struct InvalidNumber;

impl DocumentNumber {
    /// The number `serial` that `organ` gave in `year` to documents of the kind `word`.
    ///
    /// # Errors
    /// [`InvalidNumber`] when the parts would not read back as they are: an empty part, one that
    /// holds a mark of the form, a year without four digits, a serial of zero.
    pub fn new(
        organ: &str,
        department: Option<&str>,
        word: &str,
        year: i16,
        serial: u32,
    ) -> Result<Self, InvalidNumber> {
        let number = Self {
            organ: organ.to_owned(),
            department: department.map(str::to_owned),
            word: word.to_owned(),
            year,
            serial,
        };
        if number.to_string().parse() == Ok(number.clone()) {
            Ok(number)
        } else {
            Err(InvalidNumber)
        }
    }

    /// The word that stands for the organ.
    pub fn organ(&self) -> &str {
        &self.organ
    }

    /// The word that stands for the department, where there is one.
    pub fn department(&self) -> Option<&str> {
        self.department.as_deref()
    }

    /// The word that stands for the kind of document (文种字).
    pub fn word(&self) -> &str {
        &self.word
    }

    /// The kind of document its word stands for; none when the built-in list does not have the
    /// word, since a bureau may use its own.
    pub fn kind(&self) -> Option<&'static DocumentWord> {
        document_words().iter().find(|listed| listed.word == self.word)
    }

    /// The year, in which serials begin again.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The serial.
    pub fn serial(&self) -> u32 {
        self.serial
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}公", self.organ)?;
        if let Some(department) = &self.department {
            write!(f, "（{department}）")?;
        }
        write!(f, "{}字〔{}〕{}号", self.word, self.year, self.serial)
    }
}

impl FromStr for DocumentNumber {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let text = text.trim().replace('(', "（").replace(')', "）");
        let text =
            text.replace(['[', '［', '【', '﹝'], "〔").replace([']', '］', '】', '﹞'], "〕");
        let (kind, tail) = text.split_once("字〔").ok_or(InvalidNumber)?;
        let (year, serial) = tail.split_once('〕').ok_or(InvalidNumber)?;
        let serial = serial.strip_suffix('号').ok_or(InvalidNumber)?;
        let (organ, department, word) = if let Some((organ, inner)) = kind.split_once("公（") {
            let (department, word) = inner.split_once('）').ok_or(InvalidNumber)?;
            (organ, Some(department), word)
        } else {
            let (organ, word) = kind.rsplit_once('公').ok_or(InvalidNumber)?;
            (organ, None, word)
        };

        let bare = |part: &str| {
            !part.is_empty() && !part.contains(|c: char| "〔〕".contains(c) || c.is_whitespace())
        };
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !bare(organ) || !bare(word) || !department.is_none_or(bare) {
            return Err(InvalidNumber);
        }
        if organ.ends_with('公') && organ != "公" {
            return Err(InvalidNumber);
        }
        if year.len() != 4 || year.starts_with('0') || !digits(year) || !digits(serial) {
            return Err(InvalidNumber);
        }
        let serial = serial.parse().ok().filter(|serial| *serial > 0).ok_or(InvalidNumber)?;
        Ok(Self {
            organ: organ.to_owned(),
            department: department.map(str::to_owned),
            word: word.to_owned(),
            year: year.parse().map_err(|_| InvalidNumber)?,
            serial,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_in_use_reads_as_the_same_number() {
        let number = DocumentNumber::new("明", Some("刑"), "立", 2026, 1).unwrap();

        assert_eq!(number.to_string(), "明公（刑）立字〔2026〕1号");
        for text in [
            "明公（刑）立字〔2026〕1号",
            "明公(刑)立字[2026]001号",
            " 明公(刑）立字［2026］01号",
            "明公（刑）立字【2026】1号",
            "明公（刑）立字﹝2026﹞1号",
        ] {
            assert_eq!(text.parse(), Ok(number.clone()), "{text}");
        }
    }

    #[test]
    fn the_department_may_be_left_out_and_the_word_may_hold_brackets() {
        let bare: DocumentNumber = "明公不立字〔2026〕12号".parse().unwrap();
        let long: DocumentNumber = "明公（刑）鉴（伤）字[2026]62号".parse().unwrap();

        assert_eq!((bare.organ(), bare.department(), bare.word()), ("明", None, "不立"));
        assert_eq!((long.department(), long.word()), (Some("刑"), "鉴（伤）"));
        assert_eq!((long.year(), long.serial()), (2026, 62));
    }

    #[test]
    fn an_organ_or_a_department_may_hold_the_mark_of_the_form() {
        for (text, organ, department, word) in [
            ("公安公（刑）立字〔2026〕1号", "公安", Some("刑"), "立"),
            ("公公（治）行罚决字〔2026〕1号", "公", Some("治"), "行罚决"),
            ("公主岭公不立字〔2026〕1号", "公主岭", None, "不立"),
            ("明公（公交）立字〔2026〕1号", "明", Some("公交"), "立"),
            ("（机关）公（刑）鉴（伤）字[2024]62号", "（机关）", Some("刑"), "鉴（伤）"),
        ] {
            let number: DocumentNumber = text.parse().unwrap();
            assert_eq!((number.organ(), number.department()), (organ, department), "{text}");
            assert_eq!(number.word(), word, "{text}");
            assert_eq!(number.to_string().parse(), Ok(number), "{text}");
        }
    }

    #[test]
    fn its_word_names_the_kind_where_it_is_a_known_one() {
        let kind = |text: &str| text.parse::<DocumentNumber>().unwrap().kind();

        assert_eq!(kind("明公（刑）不立字〔2026〕1号").unwrap().kind, "non_filing");
        assert_eq!(kind("明公（刑）怪字〔2026〕1号"), None);
    }

    #[test]
    fn texts_of_another_form_are_refused() {
        for text in [
            "",
            "公（刑）立字〔2026〕1号",
            "明公（刑）字〔2026〕1号",
            "明公（）立字〔2026〕1号",
            "明公（刑立字〔2026〕1号",
            "明公（刑）立字〔26〕1号",
            "明公（刑）立字〔2026〕0号",
            "明公（刑）立字〔2026〕+1号",
            "明公（刑）立字〔2026〕号",
            "明公（刑）立字〔2026〕1",
            "明公（刑）立〔2026〕1号",
        ] {
            assert_eq!(text.parse::<DocumentNumber>(), Err(InvalidNumber), "{text}");
        }
    }

    #[test]
    fn parts_that_would_not_read_back_are_refused() {
        assert!(DocumentNumber::new("明公", None, "立", 2026, 1).is_err());
        assert!(DocumentNumber::new("明", Some(""), "立", 2026, 1).is_err());
        assert!(DocumentNumber::new("明", None, "（伤）鉴", 2026, 1).is_err());
        assert!(DocumentNumber::new("明", None, "立", 26, 1).is_err());
        assert!(DocumentNumber::new("明", None, "立", 2026, 0).is_err());
    }
}
