//! What is printed: plain lines for people, or one JSON object a line for programs.

use serde_json::Value;

/// How the program speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    /// Prints one fact in one of its two forms.
    pub(crate) fn line(self, text: &str, value: &Value) {
        if self.json {
            println!("{value}");
        } else {
            println!("{text}");
        }
    }

    /// Prints what only people need.
    pub(crate) fn note(self, text: &str) {
        if !self.json {
            println!("{text}");
        }
    }
}
