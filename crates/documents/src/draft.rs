//! What a service says in a document; who issues it and when comes with the issue.

use gongxin_kernel::Unit;

use crate::{Kind, Role};

/// A document before it is issued.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is.
    pub kind: Kind,
    /// Its number, e.g. 明公（刑）立字〔2026〕1号.
    pub number: String,
    /// The unit that handles the matter.
    pub unit: Option<Unit>,
    /// Whom it is addressed to; none where it stays in the dossier.
    pub addressee: Option<Addressee>,
    /// What it says, in order.
    pub body: Vec<Line>,
    /// Law that it rests on, one article an entry.
    pub grounds: Vec<String>,
    /// What the addressee can do against it, or with it.
    pub remedies: Vec<Remedy>,
}

/// Whom a document is addressed to.
#[derive(Clone, PartialEq, Eq)]
pub struct Addressee {
    /// As what.
    pub role: Role,
    /// The name, only where the paper carries it.
    pub name: Option<String>,
}

/// One line of the body.
#[derive(Clone, PartialEq, Eq)]
pub enum Line {
    /// A fact under its label, e.g. 案件编号.
    Fact {
        /// The label.
        label: String,
        /// The fact.
        value: String,
    },
    /// A paragraph.
    Paragraph(String),
}

/// A remedy, in the words of the paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What can be done, where, and within which time.
    pub text: String,
    /// The rule whose period it names; none where there is no time limit.
    pub clock: Option<Clock>,
}

/// A rule of the rulebook in the version that governs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Rule id.
    pub rule: String,
    /// Its version: the first day in force.
    pub version: String,
}

impl std::fmt::Debug for Draft {
    /// Leaves out every text that may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft")
            .field("kind", &self.kind)
            .field("number", &self.number)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}

impl Draft {
    /// A document that says nothing yet.
    pub fn new(kind: Kind, number: impl Into<String>) -> Self {
        Self {
            kind,
            number: number.into(),
            unit: None,
            addressee: None,
            body: Vec::new(),
            grounds: Vec::new(),
            remedies: Vec::new(),
        }
    }

    /// Names the unit that handles the matter.
    #[must_use]
    pub fn by(mut self, unit: &Unit) -> Self {
        self.unit = line(&unit.name).map(|name| Unit { code: unit.code.clone(), name });
        self
    }

    /// Addresses it.
    #[must_use]
    pub fn to(mut self, role: Role, name: Option<&str>) -> Self {
        self.addressee = Some(Addressee { role, name: name.and_then(line) });
        self
    }

    /// Adds a fact under its label; nothing where there is no fact.
    #[must_use]
    pub fn fact(mut self, label: &str, value: impl AsRef<str>) -> Self {
        let fact = |value| Line::Fact { label: label.to_owned(), value };
        self.body.extend(line(value.as_ref()).map(fact));
        self
    }

    /// Adds a text; each of its lines becomes a paragraph.
    #[must_use]
    pub fn say(mut self, text: impl AsRef<str>) -> Self {
        self.body.extend(text.as_ref().lines().filter_map(line).map(Line::Paragraph));
        self
    }

    /// Adds an article that it rests on.
    #[must_use]
    pub fn on(mut self, article: impl Into<String>) -> Self {
        self.grounds.push(article.into());
        self
    }

    /// Adds a remedy.
    #[must_use]
    pub fn remedy(mut self, text: impl Into<String>, clock: Option<Clock>) -> Self {
        self.remedies.push(Remedy { text: text.into(), clock });
        self
    }
}

/// A text as one line that reads as it is stored: white space is a space, marks that change how a
/// line reads are left out. A decision never fails for the characters of its ground. None when
/// nothing is left to read.
fn line(text: &str) -> Option<String> {
    let shown = text.chars().filter(|c| c.is_whitespace() || !crate::text::is_hidden(*c));
    let spaced: String = shown.map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let line = spaced.trim();
    (!line.is_empty()).then(|| line.to_owned())
}
