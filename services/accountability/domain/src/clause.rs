//! The catalogue of fault clauses (条款式追责): what conduct, in which stage, where it is written.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

/// A clause in one version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Stable name, shared by all versions.
    pub id: String,
    /// Short title.
    pub title: String,
    /// The conduct.
    pub text: String,
    /// The stage of law enforcement it is about.
    pub stage: String,
    /// Where it is written.
    pub source: String,
    /// First day in force; names the version.
    pub from: Date,
    /// Last day in force; none while it is.
    pub to: Option<Date>,
}

impl Clause {
    /// Whether conduct of `day` falls under this version.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A catalogue that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadCatalogue {
    /// Not the form of the file.
    #[error("the catalogue cannot be read")]
    Form(#[from] toml::de::Error),
    /// Empty text, or two versions on one day.
    #[error("clause {id} from {from}: {problem}")]
    Row {
        /// The clause.
        id: String,
        /// The version.
        from: Date,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// Every clause in every version.
#[derive(Clone, Debug)]
pub struct Catalogue(Vec<Clause>);

impl Catalogue {
    /// The catalogue this build carries.
    pub fn builtin() -> &'static Self {
        static BOOK: LazyLock<Catalogue> = LazyLock::new(|| {
            Catalogue::parse(include_str!("clauses.toml"))
                .expect("the catalogue of the build passes its test")
        });
        &BOOK
    }

    /// Reads a catalogue and checks every row.
    ///
    /// # Errors
    /// [`BadCatalogue`].
    pub fn parse(text: &str) -> Result<Self, BadCatalogue> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            clause: Vec<Clause>,
        }

        let mut clauses = toml::from_str::<File>(text)?.clause;
        clauses.sort_by(|a, b| (&a.id, a.from).cmp(&(&b.id, b.from)));
        let bad = |clause: &Clause, problem| BadCatalogue::Row {
            id: clause.id.clone(),
            from: clause.from,
            problem,
        };
        for clause in &clauses {
            let texts = [&clause.id, &clause.title, &clause.text, &clause.stage, &clause.source];
            if texts.iter().any(|text| text.trim().is_empty()) {
                return Err(bad(clause, "a text is empty"));
            }
            if clause.to.is_some_and(|to| to < clause.from) {
                return Err(bad(clause, "ends before it begins"));
            }
        }
        for pair in clauses.windows(2) {
            if pair[0].id == pair[1].id && pair[0].to.is_none_or(|to| to >= pair[1].from) {
                return Err(bad(&pair[1], "two versions are in force on one day"));
            }
        }
        Ok(Self(clauses))
    }

    /// Every clause, or those in force on `day`.
    pub fn clauses(&self, day: Option<Date>) -> impl Iterator<Item = &Clause> {
        self.0.iter().filter(move |clause| day.is_none_or(|day| clause.is_in_force(day)))
    }

    /// The clause `id` that conduct of `day` falls under.
    pub fn find(&self, id: &str, day: Date) -> Option<&Clause> {
        self.clauses(Some(day)).find(|clause| clause.id == id)
    }
}
