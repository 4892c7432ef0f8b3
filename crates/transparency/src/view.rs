//! The receipt view: what a receipt says in words, and exactly the bytes that are hashed.

use std::fmt;
use std::str::FromStr;

/// Lines `key: value` in a given order, each key once, at least one line.
///
/// Keys are lower-case letters, digits and hyphens. Values are any text that is shown as it is
/// stored: no control characters, no line or paragraph separators, no marks that change the
/// direction of writing, with which a text could read differently from what was hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View(Vec<(String, String)>);

/// Why lines are not a view.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// There is no line.
    #[error("the view is empty")]
    Empty,
    /// The key has other characters than lower-case letters, digits and hyphens, or none.
    #[error("{0:?} is not a key of a view")]
    Key(String),
    /// The value under this key has a character that cannot be shown as it is.
    #[error("the value of {0} has a control character")]
    Value(String),
    /// This key is there twice.
    #[error("{0} is repeated")]
    RepeatedKey(String),
    /// This line is not `key: value` with a line feed at its end.
    #[error("{0:?} is not a line of a view")]
    Line(String),
}

impl View {
    /// Makes a view of these lines.
    pub fn new<K, V>(lines: impl IntoIterator<Item = (K, V)>) -> Result<Self, ViewError>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let mut view = Self(Vec::new());
        for (key, value) in lines {
            view.push(key.into(), value.into())?;
        }
        if view.0.is_empty() { Err(ViewError::Empty) } else { Ok(view) }
    }

    /// Keys and values in order.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.lines().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    fn push(&mut self, key: String, value: String) -> Result<(), ViewError> {
        let is_key_character = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if key.is_empty() || !key.chars().all(is_key_character) {
            return Err(ViewError::Key(key));
        }
        if value.chars().any(misleads) {
            return Err(ViewError::Value(key));
        }
        if self.get(&key).is_some() {
            return Err(ViewError::RepeatedKey(key));
        }
        self.0.push((key, value));
        Ok(())
    }
}

/// The text that is shown, stored and hashed (as UTF-8).
impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().try_for_each(|(key, value)| writeln!(f, "{key}: {value}"))
    }
}

impl FromStr for View {
    type Err = ViewError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut view = Self(Vec::new());
        for line in text.split_inclusive('\n') {
            let (key, value) = line
                .strip_suffix('\n')
                .and_then(|line| line.split_once(": "))
                .ok_or_else(|| ViewError::Line(line.to_owned()))?;
            view.push(key.to_owned(), value.to_owned())?;
        }
        if view.0.is_empty() { Err(ViewError::Empty) } else { Ok(view) }
    }
}

/// Whether a character breaks the line or changes how its neighbours are shown.
fn misleads(c: char) -> bool {
    let is_separator = matches!(c, '\u{2028}' | '\u{2029}');
    let is_direction_mark = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}');
    let is_direction_override = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || is_separator || is_direction_mark || is_direction_override
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_its_lines_in_the_given_order() {
        let view =
            View::new([("number", "619921-2026-000001"), ("a", "受案: 已登记"), ("empty", "")])
                .unwrap();

        assert_eq!(view.to_string(), "number: 619921-2026-000001\na: 受案: 已登记\nempty: \n");
        assert_eq!(view.to_string().parse::<View>().unwrap(), view);
        assert_eq!(view.get("a"), Some("受案: 已登记"));
        assert_eq!(view.get("b"), None);
    }

    #[test]
    fn a_key_or_value_that_could_mislead_is_refused_by_name() {
        for key in ["", "A", "a b", "a:", "键", "a\n"] {
            assert_eq!(View::new([(key, "x")]), Err(ViewError::Key(key.to_owned())));
        }
        for value in ["a\nb", "\r", "\t", "\u{0}", "\u{85}", "\u{2028}", "\u{202e}x", "\u{2066}"] {
            assert_eq!(View::new([("a", value)]), Err(ViewError::Value("a".to_owned())));
        }
        assert_eq!(
            View::new([("a", "1"), ("a", "1")]),
            Err(ViewError::RepeatedKey("a".to_owned()))
        );
        assert_eq!(View::new::<&str, &str>([]), Err(ViewError::Empty));
    }

    #[test]
    fn text_that_is_not_exactly_a_view_is_refused() {
        for (text, error) in [
            ("", ViewError::Empty),
            ("a: b", ViewError::Line("a: b".to_owned())),
            ("a: b\n\n", ViewError::Line("\n".to_owned())),
            ("a:b\n", ViewError::Line("a:b\n".to_owned())),
            ("a: b\r\n", ViewError::Value("a".to_owned())),
            (" a: b\n", ViewError::Key(" a".to_owned())),
            ("a: b\na: c\n", ViewError::RepeatedKey("a".to_owned())),
        ] {
            assert_eq!(text.parse::<View>(), Err(error), "{text:?}");
        }
    }
}
