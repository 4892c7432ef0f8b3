//! The words of the command line behind the command.

use std::collections::VecDeque;

use anyhow::Context as _;

use crate::usage;

/// Options that take no value.
const FLAGS: [&str; 2] = ["--json", "--all"];

/// Options with their values, flags and plain words.
#[derive(Debug, Default)]
pub(crate) struct Words {
    options: Vec<(String, String)>,
    flags: Vec<String>,
    plain: VecDeque<String>,
}

impl Words {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut read = Self::default();
        while let Some(word) = words.next() {
            if FLAGS.contains(&&*word) {
                read.flags.push(word);
            } else if word.starts_with("--") {
                let value = words.next().ok_or_else(|| usage(&format!("{word} needs a value")))?;
                read.options.push((word, value));
            } else {
                read.plain.push_back(word);
            }
        }
        Ok(read)
    }

    /// The value of an option, which is taken.
    pub(crate) fn option(&mut self, name: &str) -> Option<String> {
        let place = self.options.iter().position(|(given, _)| given == name)?;
        Some(self.options.remove(place).1)
    }

    /// The value of an option that must be there.
    pub(crate) fn need(&mut self, name: &str) -> anyhow::Result<String> {
        self.option(name).ok_or_else(|| usage(&format!("{name} is missing")))
    }

    /// The same as a number.
    pub(crate) fn number(&mut self, name: &str) -> anyhow::Result<Option<u64>> {
        self.option(name).map(|text| text.parse().with_context(|| name.to_owned())).transpose()
    }

    /// Whether a flag was given.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.flags.len();
        self.flags.retain(|given| given != name);
        self.flags.len() != before
    }

    /// The next plain word.
    pub(crate) fn positional(&mut self) -> Option<String> {
        self.plain.pop_front()
    }

    /// Refuses what nobody has taken.
    pub(crate) fn end(self) -> anyhow::Result<()> {
        let options = self.options.into_iter().map(|(name, _)| name);
        match options.chain(self.flags).chain(self.plain).next() {
            Some(word) => Err(usage(&format!("{word} is not known here"))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Words {
        Words::read(line.split_whitespace().map(str::to_owned)).unwrap()
    }

    #[test]
    fn options_flags_and_plain_words_may_stand_in_any_order() {
        let mut words = words("list --service intake --json --limit 7");
        assert_eq!(words.positional().as_deref(), Some("list"));
        assert!(words.flag("--json"));
        assert!(!words.flag("--all"));
        assert_eq!(words.number("--limit").unwrap(), Some(7));
        assert_eq!(words.need("--service").unwrap(), "intake");
        assert!(words.need("--service").is_err());
        words.end().unwrap();
    }

    #[test]
    fn what_nobody_takes_is_refused() {
        assert!(words("--unknown 1").end().is_err());
        assert!(words("--all").end().is_err());
        assert!(words("more").end().is_err());
        assert!(Words::read(std::iter::once("--reason".to_owned())).is_err());
        assert!(words("--limit many").number("--limit").is_err());
    }
}
