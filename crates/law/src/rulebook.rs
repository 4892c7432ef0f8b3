//! All rules, read once from the files in `rules/` and checked as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::basis::digest;
use crate::{Amount, Bound, Confidence, Count, Extension, LawError, Lead, Rule, Unit};

const BUILTIN: [(&str, &str); 20] = [
    ("intake", include_str!("../rules/intake.toml")),
    ("transfers", include_str!("../rules/transfers.toml")),
    ("remedies", include_str!("../rules/remedies.toml")),
    ("incidents", include_str!("../rules/incidents.toml")),
    ("custody", include_str!("../rules/custody.toml")),
    ("measures", include_str!("../rules/measures.toml")),
    ("exit", include_str!("../rules/exit.toml")),
    ("court", include_str!("../rules/court.toml")),
    ("administrative", include_str!("../rules/administrative.toml")),
    ("recordings", include_str!("../rules/recordings.toml")),
    ("assessment", include_str!("../rules/assessment.toml")),
    ("accountability", include_str!("../rules/accountability.toml")),
    ("petitions", include_str!("../rules/petitions.toml")),
    ("compensation", include_str!("../rules/compensation.toml")),
    ("publication", include_str!("../rules/publication.toml")),
    ("hearings", include_str!("../rules/hearings.toml")),
    ("reconsideration", include_str!("../rules/reconsideration.toml")),
    ("information", include_str!("../rules/information.toml")),
    ("security", include_str!("../rules/security.toml")),
    ("periods", include_str!("../rules/periods.toml")),
];

/// A rule file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadRulebook {
    /// Not the form of a rule file.
    #[error("rules/{file}.toml: {cause}")]
    Form {
        /// The file without its ending.
        file: String,
        /// What is wrong, and where.
        cause: toml::de::Error,
    },
    /// A row that contradicts itself or another row.
    #[error("rule {id} from {from}: {problem}")]
    Row {
        /// The rule.
        id: String,
        /// The version.
        from: Date,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// A value of a bureau that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadParameter {
    /// No rule takes it.
    #[error("no rule has the parameter {0}")]
    Unknown(String),
    /// It would hold a person, or restrain one, for longer than the default.
    #[error("{key} may be at most {most}: it may shorten custody, never lengthen it")]
    HoldsLonger {
        /// The key.
        key: String,
        /// The default.
        most: u16,
    },
    /// It would undercut a minimum, or the time that a person has to act.
    #[error("{key} is at least {least}")]
    Undercuts {
        /// The key.
        key: String,
        /// The default.
        least: u16,
    },
    /// A period is a number above zero, and no longer than its extensions reach.
    #[error("{0} leaves its rule without sense")]
    Senseless(String),
}

/// Ids by the row of the fact base and its part.
type Ids = BTreeMap<(String, Option<String>), BTreeSet<String>>;

/// Every rule in every version.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// By id, then by the first day in force.
    versions: BTreeMap<String, Vec<Rule>>,
    facts: Ids,
    digest: String,
    parameters: BTreeMap<String, u16>,
}

impl Rulebook {
    /// The rules this build carries.
    pub fn builtin() -> &'static Self {
        static BOOK: LazyLock<Rulebook> = LazyLock::new(|| {
            Rulebook::read().expect("the rule files of the build pass their test")
        });
        &BOOK
    }

    /// Reads and checks the rule files of this build; for those who change them.
    ///
    /// # Errors
    /// The first file that has not the form, or row that contradicts itself or another one.
    pub fn read() -> Result<Self, BadRulebook> {
        Self::parse(&BUILTIN)
    }

    /// Reads rule files, each with its name, and checks every row.
    ///
    /// # Errors
    /// As [`Rulebook::read`].
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, BadRulebook> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            rule: Vec<Rule>,
        }

        let mut versions: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
        for (file, text) in files {
            let read = toml::from_str::<File>(text);
            let read =
                read.map_err(|cause| BadRulebook::Form { file: (*file).to_owned(), cause })?;
            for rule in read.rule {
                check(&rule).map_err(|problem| row(&rule, problem))?;
                if rule.also_held {
                    let id = format!("{}.held", rule.id);
                    let count = rule.count.held();
                    let held = Rule { id: id.clone(), custody: true, count, ..rule.clone() };
                    versions.entry(id).or_default().push(held);
                }
                versions.entry(rule.id.clone()).or_default().push(rule);
            }
        }
        for rules in versions.values_mut() {
            rules.sort_by_key(|rule| rule.from);
            for pair in rules.windows(2) {
                if pair[0].to.is_none_or(|to| to >= pair[1].from) {
                    return Err(row(&pair[1], "two versions are in force on one day"));
                }
            }
        }
        let facts = by_fact(&versions)?;
        for rule in versions.values().flatten() {
            for id in rule.later_of.iter().chain(&rule.earlier_of) {
                let others = versions.get(id).map_or(&[][..], Vec::as_slice);
                if others.is_empty() || others.iter().any(|rule| rule.count == Count::OfOthers) {
                    return Err(row(rule, "a comparison names rules with an end of their own"));
                }
            }
        }
        let digest = digest(files.iter().flat_map(|(file, text)| [*file, *text]));
        Ok(Self { versions, facts, digest, parameters: BTreeMap::new() })
    }

    /// The same rules with the values that a bureau has set, by key; versions that have ended keep
    /// theirs.
    ///
    /// # Errors
    /// A key that no rule has; a value that holds a person longer than the default does, undercuts
    /// a minimum or a person's own time, or leaves nothing to its extensions.
    pub fn with_parameters(&self, values: &BTreeMap<String, u16>) -> Result<Self, BadParameter> {
        let mut book = self.clone();
        book.parameters.clone_from(values);
        for (key, value) in values {
            let mut known = false;
            let rules = book.versions.values_mut().flatten();
            // What is no more in force stays as it was: old cases are computed by it.
            let open = rules.filter(|rule| rule.to.is_none());
            for rule in open.filter(|rule| rule.parameter_key() == Some(key)) {
                known = true;
                let default = rule.period;
                let held = rule.custody || rule.also_held || rule.measure || rule.count.is_strict();
                if held && *value > default {
                    return Err(BadParameter::HoldsLonger { key: key.clone(), most: default });
                }
                if (rule.bound == Bound::AtLeast || rule.right) && *value < default {
                    return Err(BadParameter::Undercuts { key: key.clone(), least: default });
                }
                rule.period = *value;
                check(rule).map_err(|_| BadParameter::Senseless(key.clone()))?;
            }
            if !known {
                return Err(BadParameter::Unknown(key.clone()));
            }
        }
        Ok(book)
    }

    /// Digest of the rule files, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The values that the bureau has set, by key.
    pub fn parameters(&self) -> &BTreeMap<String, u16> {
        &self.parameters
    }

    /// The version in force on the day of the act of a rule by its id, or of a row of the fact base
    /// (`REV-07`, or `INT-05:notice` with its part); its held variant, where it has one and the
    /// person is held.
    ///
    /// # Errors
    /// As [`Rulebook::rule`]; [`LawError::IsExtension`] for a row that only lengthens another.
    pub fn find(&self, name: &str, act_date: Date, held: bool) -> Result<&Rule, LawError> {
        if self.versions.contains_key(name) {
            return self.rule(&self.variant(name, act_date, held), act_date);
        }
        let (fact, part) = match name.split_once(':') {
            Some((fact, part)) => (fact, Some(part)),
            None => (name, None),
        };
        let Some(ids) = self.facts.get(&(fact.to_owned(), part.map(str::to_owned))) else {
            return Err(self.no_such_row(name));
        };
        let not_in_force = || LawError::NotInForce { rule: name.to_owned(), on: act_date };
        let of_row = |rule: &&Rule| rule.fact == fact && rule.part.as_deref() == part;
        let found = ids.iter().find_map(|id| self.rule(id, act_date).ok().filter(of_row));
        let rule = found.ok_or_else(not_in_force)?;
        self.rule(&self.variant(&rule.id, act_date, held), act_date)
    }

    fn variant(&self, id: &str, act_date: Date, held: bool) -> String {
        let variant = format!("{id}.held");
        if held && self.rule(&variant, act_date).is_ok() { variant } else { id.to_owned() }
    }

    fn no_such_row(&self, name: &str) -> LawError {
        let extended = self.iter().rev().find_map(|rule| {
            let named = |extension: &&Extension| extension.fact.as_deref() == Some(name);
            rule.extensions.iter().find(named).map(|extension| (rule, extension))
        });
        match extended {
            Some((rule, extension)) => LawError::IsExtension {
                asked: name.to_owned(),
                rule: rule.id.clone(),
                extension: extension.name.clone(),
            },
            None => LawError::UnknownRule(name.to_owned()),
        }
    }

    /// The version in force on the day of the act.
    ///
    /// # Errors
    /// [`LawError::UnknownRule`]; [`LawError::NotInForce`] when no version governs that day.
    pub fn rule(&self, id: &str, act_date: Date) -> Result<&Rule, LawError> {
        self.versions_of(id)?
            .iter()
            .find(|rule| rule.in_force(act_date))
            .ok_or_else(|| LawError::NotInForce { rule: id.to_owned(), on: act_date })
    }

    /// The version of that name, for a deadline that was stored with it.
    ///
    /// # Errors
    /// [`LawError::UnknownRule`]; [`LawError::UnknownVersion`].
    pub fn rule_version(&self, id: &str, version: &str) -> Result<&Rule, LawError> {
        self.versions_of(id)?.iter().find(|rule| rule.version() == version).ok_or_else(|| {
            LawError::UnknownVersion { rule: id.to_owned(), version: version.to_owned() }
        })
    }

    /// Every rule in every version, by id and then by the first day in force.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Rule> + Clone {
        self.versions.values().flatten()
    }

    fn versions_of(&self, id: &str) -> Result<&[Rule], LawError> {
        self.versions.get(id).map(Vec::as_slice).ok_or_else(|| LawError::UnknownRule(id.to_owned()))
    }
}

fn row(rule: &Rule, problem: &'static str) -> BadRulebook {
    BadRulebook::Row { id: rule.id.clone(), from: rule.from, problem }
}

/// A row of the fact base and its part name one rule on any day.
fn by_fact(versions: &BTreeMap<String, Vec<Rule>>) -> Result<Ids, BadRulebook> {
    let mut facts = Ids::new();
    let mut named: BTreeMap<_, Vec<&Rule>> = BTreeMap::new();
    for rule in versions.values().flatten().filter(|rule| !rule.is_variant()) {
        let key = (rule.fact.clone(), rule.part.clone());
        let others = named.entry(key.clone()).or_default();
        let clashes = |other: &&Rule| {
            let starts_before = rule.to.is_none_or(|to| other.from <= to);
            starts_before && other.to.is_none_or(|to| rule.from <= to)
        };
        if others.iter().any(clashes) {
            return Err(row(rule, "its fact and part name another rule on the same day"));
        }
        others.push(rule);
        facts.entry(key).or_default().insert(rule.id.clone());
    }
    Ok(facts)
}

/// What a row must hold beyond its form.
fn check(rule: &Rule) -> Result<(), &'static str> {
    let unit = rule.count.unit();
    let clock = unit.is_some();
    let annual = rule.count == Count::Annual;
    let compares = rule.count == Count::OfOthers;
    let in_hours = unit.is_some_and(Unit::is_short);
    let warns_in_days = matches!(rule.warn_before, Some(Lead::Days(_)));
    let limit = (clock || annual) && !rule.backward && rule.bound == Bound::AtMost;
    let held = rule.custody || rule.count.is_strict();
    let refused = [
        (rule.source.is_empty(), "no source"),
        (rule.to.is_some_and(|to| to < rule.from), "ends before it begins"),
        (clock != (rule.period > 0), "a period needs a number, and only a period"),
        (annual != rule.annual.is_some(), "an annual duty needs its day, and only that"),
        (
            compares == (rule.later_of.is_empty() && rule.earlier_of.is_empty()),
            "a comparison has no count, and everything else has one",
        ),
        (
            !rule.later_of.is_empty() && !rule.earlier_of.is_empty(),
            "either the later or the earlier end counts",
        ),
        (
            limit != rule.warn_before.is_some(),
            "a limit that runs forward needs a warning, and only that",
        ),
        (in_hours && warns_in_days, "a period in hours warns in hours"),
        (rule.custody && !rule.count.is_strict(), "custody is counted by a code with !"),
        (
            rule.also_held && !rule.custody && rule.count.is_strict(),
            "a code with ! is for persons held already",
        ),
        (rule.plus_days > 0 && unit != Some(Unit::Month), "days are added to months only"),
        (rule.bound == Bound::Window && !rule.backward, "a window is counted back"),
        (held && rule.bound == Bound::AtLeast && rule.custody, "custody has no minimum"),
        (
            rule.unit.is_some_and(|unit| rule.count != Count::Set || unit.unit().is_none()),
            "the unit of a number that the paper names, and only of that",
        ),
        (
            rule.paper_sets && !clock,
            "a paper names the number of a period; where there is none, `set` says so",
        ),
        (
            !rule.pauses.is_empty() && in_hours,
            "only days, working days, months and years are stopped",
        ),
        (!rule.extensions.is_empty() && !clock, "nothing to extend"),
        (
            rule.confidence == Confidence::MemoryLow && rule.parameter.is_none(),
            "a value from unsure memory is a parameter",
        ),
    ];
    if let Some((_, problem)) = refused.iter().find(|(wrong, _)| *wrong) {
        return Err(problem);
    }
    rule.extensions.iter().enumerate().try_for_each(|(place, extension)| {
        check_extension(rule.count, rule.period, extension, &rule.extensions[..place])
    })
}

fn check_extension(
    count: Count,
    period: u16,
    extension: &Extension,
    before: &[Extension],
) -> Result<(), &'static str> {
    let named = |name: &str| before.iter().any(|earlier| earlier.name == name);
    let adds_days = matches!(extension.amount, Amount::PlusDays(_));
    let (goes_on, needs_cap) = match extension.amount {
        Amount::Total(total) => (total > period, false),
        Amount::Plus(more) => (more > 0, true),
        Amount::PlusDays(days) => (days > 0, false),
    };
    let repeats = extension.times > 1;
    let refused = [
        (named(&extension.name), "two extensions of one name"),
        (
            extension.after.as_deref().is_some_and(|name| !named(name)),
            "`after` names no earlier one",
        ),
        (extension.times == 0, "an extension is granted at least once"),
        (!goes_on, "an extension lengthens the period"),
        (needs_cap && extension.cap.is_none(), "what is added needs a cap"),
        (
            matches!(extension.amount, Amount::Total(_)) && (extension.cap.is_some() || repeats),
            "a total is its own cap, and reached once",
        ),
        (
            adds_days && !matches!(count.unit(), Some(Unit::Month | Unit::Year)),
            "days are added to months and years only",
        ),
    ];
    refused.iter().find(|(wrong, _)| *wrong).map_or(Ok(()), |(_, problem)| Err(*problem))
}
