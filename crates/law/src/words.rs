//! The word in a document number that names the kind of document (文种字), as data.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The procedure a document belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// Criminal procedure.
    Criminal,
    /// Administrative procedure.
    Administrative,
}

/// One kind of document and its word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentWord {
    /// The procedure.
    pub track: Track,
    /// Stable name of the kind, unique in its track, e.g. `non_filing`.
    pub kind: String,
    /// The kind as a Chinese reader knows it.
    pub zh: String,
    /// The word in the number.
    pub word: String,
}

/// Every kind of document, by track and name.
pub fn document_words() -> &'static [DocumentWord] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Entry {
        zh: String,
        word: String,
    }

    static WORDS: LazyLock<Vec<DocumentWord>> = LazyLock::new(|| {
        let table: BTreeMap<Track, BTreeMap<String, Entry>> =
            toml::from_str(include_str!("../data/document_words.toml"))
                .expect("the word list of the build passes its test");
        table
            .into_iter()
            .flat_map(|(track, kinds)| {
                kinds.into_iter().map(move |(kind, entry)| (track, kind, entry))
            })
            .map(|(track, kind, Entry { zh, word })| DocumentWord { track, kind, zh, word })
            .collect()
    });
    &WORDS
}

/// The word of one kind of document; none when the list does not know the kind.
pub fn document_word(track: Track, kind: &str) -> Option<&'static str> {
    document_words()
        .iter()
        .find(|entry| entry.track == track && entry.kind == kind)
        .map(|entry| entry.word.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::DocumentNumber;

    #[test]
    fn kinds_have_their_words() {
        for (track, kind, word) in [
            (Track::Criminal, "filing", Some("立")),
            (Track::Criminal, "non_filing", Some("不立")),
            (Track::Criminal, "arrest_request", Some("提捕")),
            (Track::Criminal, "summons", Some("传唤")),
            (Track::Administrative, "summons", Some("行传")),
            (Track::Administrative, "arrest_request", None),
        ] {
            assert_eq!(document_word(track, kind), word, "{kind}");
        }
    }

    #[test]
    fn every_word_is_its_own_and_makes_a_number() {
        let words: BTreeSet<&str> = document_words().iter().map(|w| w.word.as_str()).collect();

        assert_eq!(words.len(), document_words().len());
        for word in words {
            assert!(DocumentNumber::new("明", Some("刑"), word, 2026, 1).is_ok(), "{word}");
        }
    }
}
