//! The instruments and papers that rules may name, and the proof that they name no others.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use crate::{Rule, Rulebook};

/// A legal instrument.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Chinese title, as rules name it.
    pub instrument: String,
    /// A short key.
    pub short: Option<String>,
    /// English title.
    pub en: String,
    /// Number it was issued under, where known.
    pub number: Option<String>,
    /// Its editions.
    #[serde(rename = "edition")]
    pub editions: Vec<Edition>,
}

/// One text of an instrument.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Year of the text.
    pub edition: String,
    /// Number it was issued under, where it has its own.
    pub number: Option<String>,
    /// First day in force.
    pub from: Date,
    /// Last day in force; none while it is.
    pub to: Option<Date>,
    /// How it was checked.
    pub checked: String,
}

/// What rules may name.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Legal instruments.
    pub instruments: Vec<Instrument>,
    /// Names of papers.
    pub documents: BTreeSet<String>,
}

impl Catalogue {
    /// The catalogue this build carries.
    pub fn builtin() -> &'static Self {
        static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Sources {
                source: Vec<Instrument>,
            }
            #[derive(Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Documents {
                documents: BTreeSet<String>,
            }
            let sources = toml::from_str(include_str!("../data/sources.toml"));
            let documents = toml::from_str(include_str!("../data/documents.toml"));
            let (Sources { source }, Documents { documents }) = (
                sources.expect("the sources of the build pass their test"),
                documents.expect("the documents of the build pass their test"),
            );
            Catalogue { instruments: source, documents }
        });
        &CATALOGUE
    }

    /// What is wrong with `rules`, a line each: a source or a paper that is not known here, or
    /// versions of one rule with a gap between them. What a row must hold by itself was proved when
    /// it was read ([`Rulebook::parse`]).
    pub fn faults(&self, rules: &Rulebook) -> Vec<String> {
        let mut faults = Vec::new();
        let mut earlier: Option<&Rule> = None;
        for rule in rules.iter().filter(|rule| !rule.is_variant()) {
            let mut fault = |what: String| {
                faults.push(format!("{} from {}: {what}", rule.id, rule.from));
            };
            if let Some(before) = earlier.filter(|before| before.id == rule.id) {
                let next = before.to.and_then(|to| to.checked_add(1.day()).ok());
                if next != Some(rule.from) {
                    fault(format!("does not follow the version of {} at once", before.from));
                }
            }
            earlier = Some(rule);
            for source in &rule.source {
                let known = self.instruments.iter().find(|i| i.instrument == source.instrument);
                match (known, &source.edition) {
                    (None, _) => fault(format!("unknown instrument {}", source.instrument)),
                    (Some(instrument), Some(edition)) => {
                        if !instrument.editions.iter().any(|known| known.edition == *edition) {
                            fault(format!("{} has no edition {edition}", source.instrument));
                        }
                    }
                    (Some(instrument), None) if instrument.editions.len() > 1 => {
                        fault(format!("{} has several editions", source.instrument));
                    }
                    (Some(_), None) => {}
                }
            }
            let of_extensions = rule.extensions.iter().flat_map(|e| &e.documents);
            for document in rule.documents.iter().chain(of_extensions) {
                if !self.documents.contains(document) {
                    fault(format!("unknown paper {document}"));
                }
            }
        }
        faults
    }
}
