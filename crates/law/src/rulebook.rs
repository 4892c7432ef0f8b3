//! All rules, read once from the files in `rules/` and checked as a whole.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::{Amount, Confidence, Count, Extension, LawError, Lead, Rule, Unit};

const BUILTIN: [&str; 5] = [
    include_str!("../rules/intake.toml"),
    include_str!("../rules/remedies.toml"),
    include_str!("../rules/custody.toml"),
    include_str!("../rules/measures.toml"),
    include_str!("../rules/accountability.toml"),
];

/// A rule file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadRulebook {
    /// Not the form of a rule file.
    #[error("a rule file cannot be read")]
    Form(#[from] toml::de::Error),
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

/// Every rule in every version.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// By id, then by the first day in force.
    versions: BTreeMap<String, Vec<Rule>>,
}

impl Rulebook {
    /// The rules this build carries.
    pub fn builtin() -> &'static Self {
        static BOOK: LazyLock<Rulebook> = LazyLock::new(|| {
            Rulebook::parse(&BUILTIN).expect("the rule files of the build pass their test")
        });
        &BOOK
    }

    /// Reads rule files and checks every row.
    pub fn parse(files: &[&str]) -> Result<Self, BadRulebook> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            rule: Vec<Rule>,
        }

        let mut versions: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
        for text in files {
            for rule in toml::from_str::<File>(text)?.rule {
                check(&rule).map_err(|problem| row(&rule, problem))?;
                if rule.also_held {
                    let id = format!("{}.held", rule.id);
                    let held = Rule { id: id.clone(), custody: true, ..rule.clone() };
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
        Ok(Self { versions })
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
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.versions.values().flatten()
    }

    fn versions_of(&self, id: &str) -> Result<&[Rule], LawError> {
        self.versions.get(id).map(Vec::as_slice).ok_or_else(|| LawError::UnknownRule(id.to_owned()))
    }
}

fn row(rule: &Rule, problem: &'static str) -> BadRulebook {
    BadRulebook::Row { id: rule.id.clone(), from: rule.from, problem }
}

/// What a row must hold beyond its form.
fn check(rule: &Rule) -> Result<(), &'static str> {
    let unit = rule.count.unit();
    let in_hours = unit == Some(Unit::Hour);
    let in_days_or_longer = matches!(unit, Some(Unit::Day | Unit::Month | Unit::Year));
    let warns_in_days = matches!(rule.warn_before, Some(Lead::Days(_)));
    let refused = [
        (rule.source.is_empty(), "no source"),
        (rule.to.is_some_and(|to| to < rule.from), "ends before it begins"),
        (unit.is_some() != (rule.period > 0), "a period needs a number, and only a period"),
        (
            unit.is_some() != rule.warn_before.is_some(),
            "a period needs a warning, and only a period",
        ),
        (in_hours && warns_in_days, "a period in hours warns in hours"),
        (rule.custody && !rule.count.is_strict(), "custody is counted by a code with !"),
        (rule.also_held && rule.count.is_strict(), "a code with ! is for persons held already"),
        (!rule.pauses.is_empty() && !in_days_or_longer, "only days, months and years are stopped"),
        (unit.is_none() && !rule.extensions.is_empty(), "nothing to extend"),
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
    let refused = [
        (named(&extension.name), "two extensions of one name"),
        (
            extension.after.as_deref().is_some_and(|name| !named(name)),
            "`after` names no earlier one",
        ),
        (extension.times == 0, "an extension is granted at least once"),
        (!goes_on, "an extension lengthens the period"),
        (needs_cap != extension.cap.is_some(), "what is added needs a cap, and only that"),
        (
            adds_days && !matches!(count.unit(), Some(Unit::Month | Unit::Year)),
            "days are added to months and years only",
        ),
    ];
    refused.iter().find(|(wrong, _)| *wrong).map_or(Ok(()), |(_, problem)| Err(*problem))
}
