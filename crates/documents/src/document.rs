//! A document as it was issued: never changed, and the same text for ever.

use gongxin_kernel::BureauCode;
use jiff::Timestamp;

use crate::text::is_hidden;
use crate::{Digest, Draft};

/// Most bytes of a document's text.
const LONGEST: usize = 256 * 1024;

/// What comes to a draft when it is issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The bureau.
    pub bureau: BureauCode,
    /// Name of the organ whose seal it bears, as it is now.
    pub organ: String,
    /// When.
    pub at: Timestamp,
    /// Random, so that nobody finds out by guessing names whom a digest is about.
    pub salt: [u8; 16],
}

/// A document that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub(crate) title: String,
    pub(crate) issue: Issue,
    pub(crate) content: Draft,
}

/// Why a draft cannot be issued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Number, organ or body is missing.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A text in it would not read as it is stored.
    #[error("a text has a character that cannot be shown or read again as it is")]
    Ambiguous,
    /// The text is longer than a document may be.
    #[error("the text has {0} bytes")]
    TooLong(usize),
}

impl Document {
    /// Issues a draft under the title that its kind has now.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn new(content: Draft, issue: Issue) -> Result<Self, Unfit> {
        let document = Self { title: content.kind.zh().to_owned(), issue, content };
        document.check()?;
        Ok(document)
    }

    /// Its title, as it was then.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Who issued it, and when.
    pub fn issue(&self) -> &Issue {
        &self.issue
    }

    /// What it says.
    pub fn content(&self) -> &Draft {
        &self.content
    }

    /// SHA-256 over [`Document::to_text`].
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_text())
    }

    /// Whatever it says must be there, be shown as it is, and be read again from the text.
    fn check(&self) -> Result<(), Unfit> {
        let Draft { number, body, .. } = &self.content;
        let missing = [
            ("organ", self.issue.organ.trim().is_empty()),
            ("number", number.trim().is_empty()),
            ("body", body.is_empty()),
        ];
        if let Some((what, _)) = missing.iter().find(|(_, missing)| *missing) {
            return Err(Unfit::Empty(what));
        }
        let text = self.to_text();
        if text.len() > LONGEST {
            return Err(Unfit::TooLong(text.len()));
        }
        let is_shown = !text.chars().any(|c| c != '\n' && is_hidden(c));
        let is_read_again = Self::parse(&text).as_ref() == Ok(self);
        if is_shown && is_read_again { Ok(()) } else { Err(Unfit::Ambiguous) }
    }
}
