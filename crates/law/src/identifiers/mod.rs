//! Numbers that name persons, enterprises, officers, places, units, calls and cases: parsed, never
//! just trusted.
//!
//! Those of persons show themselves masked, in `Display` and in `Debug`, so that no log and no
//! page shows one by accident; `expose` is the one way to the text.

mod case_number;
mod credit_code;
mod division;
mod divisions;
mod phone;
mod plain;
mod resident_id;

pub use case_number::CaseNumber;
pub use credit_code::CreditCode;
pub use division::{DivisionCode, Level, Regions};
pub use divisions::{Division, Standing, divisions};
pub use gongxin_kernel::UnitCode;
pub use phone::Phone;
pub use plain::{CallNumber, PoliceNumber};
pub use resident_id::{ResidentId, Sex};

/// What is wrong with an identifier; never the identifier itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentifier {
    /// Too short or too long.
    #[error("it has the wrong number of characters")]
    Length,
    /// A character that cannot stand where it stands.
    #[error("it has a character that cannot stand there")]
    Characters,
    /// A date in it does not exist.
    #[error("the date in it does not exist")]
    Date,
    /// The check character does not match the others.
    #[error("the check character does not match")]
    Checksum,
    /// The division code in it was never that of a place, or not of one that gives such numbers.
    #[error("the division code in it does not exist")]
    Region,
}

impl InvalidIdentifier {
    /// In Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Length => "位数不对",
            Self::Characters => "含有不应出现的字符",
            Self::Date => "其中的日期不存在",
            Self::Checksum => "校验码不符",
            Self::Region => "其中的行政区划代码不存在",
        }
    }
}

macro_rules! open_text {
    ($($name:ident),*) => {$(
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::identifiers::InvalidIdentifier;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    )*};
}
use open_text;

macro_rules! masked_text {
    ($($name:ident),*) => {$(
        impl $name {
            /// The text itself, for storing and for the person entitled to read it.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.masked())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.masked())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::identifiers::InvalidIdentifier;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    )*};
}
use masked_text;

/// The first `head` and last `tail` characters of an ASCII text, stars between.
fn mask(text: &str, head: usize, tail: usize) -> String {
    let hidden = text.len().saturating_sub(head + tail);
    format!("{}{}{}", &text[..head], "*".repeat(hidden), &text[head + hidden..])
}
