//! Readings other than the default ones, where the law allows more than one date.

use serde::{Deserialize, Serialize};

macro_rules! readings {
    ($($name:ident $key:literal $letter:literal $doc:literal;)*) => {
        /// A reading that a bureau may set instead of the default one.
        ///
        /// The letters are those of the fact base, Appendix E.1. Those of B, C, D and E would hold a
        /// person longer and do not exist here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
        pub enum Reading {
            $(#[doc = $doc] #[serde(rename = $key)] $name,)*
        }

        impl Reading {
            /// Every reading.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in settings and questions.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The question it answers, by its letter.
            pub fn letter(self) -> char {
                match self { $(Self::$name => $letter,)* }
            }
        }
    };
}

readings! {
    ExtensionFromMovedEnd "extension_from_moved_end" 'A' "An addition runs from the end before it, moved off holidays.";
    ByCode "by_code" 'F' "A measure is moved by a holiday as its code says.";
    HoursEndOfWorkday "hours_end_of_workday" 'G' "Hours that end on a day off end with the next working day.";
    HoursSameTimeNextWorkday "hours_same_time_next_workday" 'G' "Hours that end on a day off end at the same time of the next working day.";
    HoursWholeHourStart "hours_whole_hour_start" 'H' "An hour that begins with the period counts.";
    SecondsKept "seconds_kept" 'H' "Hours of liberty run from the second.";
    ByRowH "by_row_h" 'I' "Duties tied to a person held are counted in whole hours, as their rows say.";
    CivilCodeMonths "civil_code_months" 'J' "Outside criminal procedure a month ends on the same day, also from the last of a month.";
    YearsKeepDay "years_keep_day" 'K' "A year ends on the same day, also from the last of February.";
    YearsNotMoved "years_not_moved" 'K' "A period in years is not moved by a holiday.";
    BackClearDays "back_clear_days" 'L' "Counting back, neither end counts.";
    BackToWorkday "back_to_workday" 'L' "A day counted back to is moved to the working day before.";
    RestartOnlyArticle156 "restart_only_article_156" 'N' "After a restart for another crime only the first extension is open again.";
    TravelIgnored "travel_ignored" 'R' "Days on the road are not added.";
    NoCalendarNoDate "no_calendar_no_date" 'S' "A year without a notice gives no date.";
}

/// The readings that a bureau has set; none unless it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "Vec<Reading>")]
pub struct Readings(u32);

impl Readings {
    /// Whether this reading is set.
    pub fn has(self, reading: Reading) -> bool {
        self.0 & (1 << reading as u32) != 0
    }

    /// Those that are set.
    pub fn iter(self) -> impl Iterator<Item = Reading> {
        Reading::ALL.iter().copied().filter(move |reading| self.has(*reading))
    }
}

impl FromIterator<Reading> for Readings {
    fn from_iter<T: IntoIterator<Item = Reading>>(readings: T) -> Self {
        Self(readings.into_iter().fold(0, |set, reading| set | 1 << reading as u32))
    }
}

impl From<Vec<Reading>> for Readings {
    fn from(readings: Vec<Reading>) -> Self {
        readings.into_iter().collect()
    }
}
