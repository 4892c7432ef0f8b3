//! Long lists, a page at a time: how long a page is, and where the next begins.

use gongxin_kernel::Fault;
use jiff::Timestamp;
use uuid::Uuid;

use crate::reasons;

/// How many lines a page of a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize(u16);

impl PageSize {
    /// What pages for people have.
    pub const USUAL: Self = Self(50);

    /// What a caller asks for: the usual size for 0, and never more than 200.
    pub fn asked(size: u32) -> Self {
        match u16::try_from(size).unwrap_or(u16::MAX) {
            0 => Self::USUAL,
            size => Self(size.min(200)),
        }
    }

    /// How many lines to read: one more than are shown, to know whether there is a next page.
    pub fn limit(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// Leaves the lines of this page and gives its last one, when another page follows.
    pub fn cut<T>(self, lines: &mut Vec<T>) -> Option<&T> {
        let size = usize::from(self.0);
        if lines.len() <= size {
            return None;
        }
        lines.truncate(size);
        lines.last()
    }
}

/// A place in a list that is ordered by time and then id: the last line of the page before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Time of the line.
    pub at: Timestamp,
    /// Its id.
    pub id: Uuid,
}

impl Place {
    /// The place as text, for a page token.
    pub fn token(&self) -> String {
        format!("{}-{}", self.at.as_microsecond(), self.id.simple())
    }

    /// The place that a token names; nothing for the empty one, with which a list begins.
    ///
    /// # Errors
    /// `PAGE_TOKEN_INVALID`.
    pub fn of_token(token: &str) -> Result<Option<Self>, Fault> {
        if token.is_empty() {
            return Ok(None);
        }
        let refused = || Fault::field(&reasons::PAGE_TOKEN_INVALID, "page_token", "翻页标记无效");
        let (micros, id) = token.split_once('-').ok_or_else(refused)?;
        let micros = micros.parse().map_err(|_| refused())?;
        let at = Timestamp::from_microsecond(micros).map_err(|_| refused())?;
        Ok(Some(Self { at, id: id.parse().map_err(|_| refused())? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_from_its_token_and_nonsense_is_refused() {
        let id = Uuid::from_u128(7);
        let place = Place { at: "2026-01-05T01:00:00.000001Z".parse().unwrap(), id };
        assert_eq!(Place::of_token(&place.token()).unwrap(), Some(place));
        assert_eq!(Place::of_token("").unwrap(), None);
        for nonsense in ["x", "1", "1-x", "x-1", "99999999999999999999-0"] {
            let refused = Place::of_token(nonsense).unwrap_err();
            assert_eq!(refused.reason.code, "PAGE_TOKEN_INVALID", "{nonsense}");
        }
    }

    #[test]
    fn a_page_is_cut_where_another_follows() {
        let size = PageSize::asked(2);
        let mut lines = vec![1, 2, 3];
        assert_eq!(size.cut(&mut lines), Some(&2));
        assert_eq!(lines, [1, 2]);
        assert_eq!(size.cut(&mut lines), None);
        assert_eq!((PageSize::asked(0), PageSize::asked(u32::MAX).limit()), (PageSize::USUAL, 201));
    }
}
