//! The sample: reports, officers and units of 明川县, which does not exist.

use std::collections::BTreeMap;

use anyhow::Context as _;
use gongxin_kernel::{Post, Staff};
use serde::Deserialize;

/// A report of the sample and the way it takes.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) key: String,
    pub(crate) source: String,
    pub(crate) call_number: Option<String>,
    pub(crate) told_offset_minutes: i64,
    pub(crate) occurred_before_minutes: i64,
    pub(crate) unit: String,
    pub(crate) place: String,
    pub(crate) reporter: Option<Reporter>,
    pub(crate) told: String,
    pub(crate) nature: String,
    pub(crate) charge: Option<String>,
    pub(crate) evidence: Vec<String>,
    pub(crate) suspects: Vec<Suspect>,
    pub(crate) path: Path,
    pub(crate) repeat_of: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reporter {
    pub(crate) name: String,
    pub(crate) id_number: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) secret: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Suspect {
    pub(crate) name: String,
    pub(crate) id_number: Option<String>,
}

/// The way a report takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Path {
    FiledArrestApproved,
    FiledCorrectedThenApproved,
    FiledArrestRefused,
    FiledBail,
    FiledNoSuspect,
    NotFiled,
    OverdueThenFiled,
    NotPolice,
    Administrative,
    Repeat,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Unit {
    code: String,
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Listed {
    police_number: String,
    name: String,
    unit: String,
    unit_name: String,
    bureau: String,
    posts: Vec<Post>,
}

/// The case whose custody runs inside the Spring Festival.
pub(crate) const IN_FESTIVAL: &str = "C034";

/// How much of the sample goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Every report.
    Whole,
    /// Three reports of each path and the one of the festival: enough for the whole script.
    Small,
}

/// Reports, units and officers.
#[derive(Debug)]
pub struct Sample {
    pub(crate) cases: Vec<Case>,
    units: BTreeMap<String, Unit>,
    officers: Vec<Listed>,
}

impl Sample {
    /// Reads the sample.
    ///
    /// # Errors
    /// When a file of the sample is not what this version reads.
    pub fn read(size: Size) -> anyhow::Result<Self> {
        let cases = include_str!("../data/cases.jsonl").lines();
        let mut cases: Vec<Case> = cases
            .map(|line| serde_json::from_str(line).context("data/cases.jsonl"))
            .collect::<Result<_, _>>()?;
        if size == Size::Small {
            let mut taken: BTreeMap<Path, usize> = BTreeMap::new();
            cases.retain(|case| {
                let count = taken.entry(case.path).or_default();
                *count += 1;
                (*count <= 3 && case.path != Path::Repeat) || case.key == IN_FESTIVAL
            });
        }
        let units: Vec<Unit> = serde_json::from_str(include_str!("../data/units.json"))?;
        let officers = serde_json::from_str(include_str!("../data/staff.json"))?;
        let units = units.into_iter().map(|unit| (unit.code.clone(), unit)).collect();
        Ok(Self { cases, units, officers })
    }

    /// Name of a unit.
    pub(crate) fn unit_name(&self, code: &str) -> &str {
        self.units.get(code).map_or("", |unit| unit.name.as_str())
    }

    /// The `nth` officer with this post in a unit, by police number; counted round.
    pub(crate) fn officer(&self, unit: &str, post: Post, nth: usize) -> anyhow::Result<String> {
        let of_unit = |officer: &&Listed| officer.unit == unit && officer.posts.contains(&post);
        let found: Vec<&Listed> = self.officers.iter().filter(of_unit).collect();
        let chosen = (!found.is_empty()).then(|| found[nth % found.len()]);
        let chosen = chosen.with_context(|| format!("no {} in {unit}", post.code()))?;
        Ok(chosen.police_number.clone())
    }

    /// The officer with this police number, as the identity provider knows him or her.
    ///
    /// # Errors
    /// When the sample has none.
    pub fn staff(&self, police_number: &str) -> anyhow::Result<Staff> {
        let found = self.officers.iter().find(|officer| officer.police_number == police_number);
        found.with_context(|| format!("the sample has no officer {police_number}"))?.staff()
    }

    /// Every officer.
    ///
    /// # Errors
    /// When a code of the sample is none.
    pub fn officers(&self) -> anyhow::Result<Vec<Staff>> {
        self.officers.iter().map(Listed::staff).collect()
    }
}

impl Listed {
    fn staff(&self) -> anyhow::Result<Staff> {
        Ok(Staff {
            police_number: self.police_number.clone(),
            name: self.name.clone(),
            unit: self.unit.parse()?,
            unit_name: self.unit_name.clone(),
            bureau: self.bureau.parse()?,
            posts: self.posts.iter().copied().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_the_sample_has_officers_for_its_way() {
        let sample = Sample::read(Size::Whole).unwrap();
        assert_eq!(sample.cases.len(), 72);
        for case in &sample.cases {
            for post in [Post::ReportOfficer, Post::CaseOfficer] {
                sample.officer(&case.unit, post, 0).unwrap();
            }
            assert!(!sample.unit_name(&case.unit).is_empty(), "{}", case.key);
        }
    }
}
