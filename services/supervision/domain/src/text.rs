//! What an officer writes: never empty, of bounded length, shown as it is stored.

use crate::Refusal;

/// Longest text, in characters.
const LONGEST: usize = 4000;

/// A text that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// A text of at most 4,000 characters for `field` of a request.
    ///
    /// # Errors
    /// [`Refusal::Text`] naming the field.
    pub fn new(field: &'static str, text: impl Into<String>) -> Result<Self, Refusal> {
        Self::at_most(LONGEST, field, text)
    }

    /// A text of at most `longest` characters for `field` of a request.
    ///
    /// # Errors
    /// [`Refusal::Text`] naming the field.
    pub fn at_most(
        longest: usize,
        field: &'static str,
        text: impl Into<String>,
    ) -> Result<Self, Refusal> {
        let text = text.into();
        // Line breaks are an officer's paragraphs; other control characters are none.
        let plain = text.chars().all(|c| c == '\n' || !c.is_control());
        if text.trim().is_empty() || text.chars().count() > longest || !plain {
            return Err(Refusal::Text(field));
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
