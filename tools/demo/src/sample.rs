//! The sample: reports, officers and units of 明川县, which does not exist.

use std::collections::BTreeMap;

use anyhow::Context as _;
use gongxin_kernel::Post;
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
struct Officer {
    police_number: String,
    unit: String,
    posts: Vec<Post>,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) cases: Vec<Case>,
    units: BTreeMap<String, Unit>,
    officers: Vec<Officer>,
}

impl Sample {
    pub(crate) fn read() -> anyhow::Result<Self> {
        let cases = include_str!("../data/cases.jsonl").lines();
        let cases: Vec<Case> = cases
            .map(|line| serde_json::from_str(line).context("data/cases.jsonl"))
            .collect::<Result<_, _>>()?;
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
        let of_unit = |officer: &&Officer| officer.unit == unit && officer.posts.contains(&post);
        let found: Vec<&Officer> = self.officers.iter().filter(of_unit).collect();
        let chosen = (!found.is_empty()).then(|| found[nth % found.len()]);
        let chosen = chosen.with_context(|| format!("no {} in {unit}", post.code()))?;
        Ok(chosen.police_number.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_the_sample_has_officers_for_its_way() {
        let sample = Sample::read().unwrap();
        assert_eq!(sample.cases.len(), 72);
        for case in &sample.cases {
            for post in [Post::ReportOfficer, Post::CaseOfficer] {
                sample.officer(&case.unit, post, 0).unwrap();
            }
            assert!(!sample.unit_name(&case.unit).is_empty(), "{}", case.key);
        }
    }
}
