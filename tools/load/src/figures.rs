//! What was measured: samples by name, kept as JSON lines, summed up as median and range.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gongxin_kernel::{Clock as _, SystemClock};
use serde_json::json;

/// Samples by name, each with the round it came from.
#[derive(Debug)]
pub(crate) struct Figures {
    samples: BTreeMap<String, Vec<(usize, f64)>>,
    units: BTreeMap<String, String>,
    file: File,
    path: PathBuf,
    /// The round that is being measured.
    pub(crate) round: usize,
}

/// Median and range of some samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    pub(crate) runs: usize,
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Summary {
    /// Of some values; nothing of none.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 {
            values[middle]
        } else {
            f64::midpoint(values[middle - 1], values[middle])
        };
        Some(Self { runs: values.len(), median, least, most })
    }
}

impl Figures {
    /// Opens a new file of results under `folder`.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
        let stamp = SystemClock.now().to_string();
        let stamp: String =
            stamp.chars().take(19).map(|c| if c == ':' { '-' } else { c }).collect();
        let path = folder.join(format!("{stamp}.jsonl"));
        let file = File::create(&path).with_context(|| format!("{}", path.display()))?;
        Ok(Self { samples: BTreeMap::new(), units: BTreeMap::new(), file, path, round: 0 })
    }

    /// The file of results.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one line that is no sample, such as the machine.
    pub(crate) fn note(&mut self, name: &str, what: &serde_json::Value) -> anyhow::Result<()> {
        let line = json!({ "note": name, "is": what });
        writeln!(self.file, "{line}").context("the file of results")
    }

    /// Takes one sample and shows it.
    pub(crate) fn add(&mut self, name: &str, unit: &str, value: f64) -> anyhow::Result<()> {
        println!("  round {} {name:<28} {value:>12.2} {unit}", self.round);
        let line = json!({ "round": self.round, "name": name, "unit": unit, "value": value });
        writeln!(self.file, "{line}").context("the file of results")?;
        self.units.insert(name.to_owned(), unit.to_owned());
        self.samples.entry(name.to_owned()).or_default().push((self.round, value));
        Ok(())
    }

    /// Median and range of `name`.
    pub(crate) fn summary(&self, name: &str) -> Option<Summary> {
        Summary::of(self.samples.get(name)?.iter().map(|(_, value)| *value).collect())
    }

    /// Median and range of every name, with its unit.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str, Summary)> {
        self.units.iter().filter_map(|(name, unit)| Some((&**name, &**unit, self.summary(name)?)))
    }

    /// Median and range of `ours` over `theirs`, by rounds that have both.
    pub(crate) fn ratio(&self, ours: &str, theirs: &str) -> Option<Summary> {
        let (ours, theirs) = (self.samples.get(ours)?, self.samples.get(theirs)?);
        let other = |round| theirs.iter().find(|(other, _)| *other == round);
        let ratios = ours.iter().filter_map(|(round, value)| Some(value / other(*round)?.1));
        Summary::of(ratios.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        let summary = Summary::of(vec![4.0, 1.0, 3.0, 100.0]).unwrap();

        assert!((summary.median - 3.5).abs() < f64::EPSILON);
        assert!((summary.least - 1.0).abs() < f64::EPSILON);
        assert!((summary.most - 100.0).abs() < f64::EPSILON);
        assert!(Summary::of(Vec::new()).is_none());
    }

    #[test]
    fn a_ratio_takes_both_values_from_the_same_round() {
        let folder = std::env::temp_dir().join(format!("figures-{}", std::process::id()));
        let mut figures = Figures::open(&folder).unwrap();
        for (round, ours, theirs) in [(1, 10.0, 20.0), (2, 90.0, 100.0), (3, 30.0, 40.0)] {
            figures.round = round;
            figures.add("ours", "1/s", ours).unwrap();
            figures.add("theirs", "1/s", theirs).unwrap();
        }

        let ratio = figures.ratio("ours", "theirs").unwrap();

        assert!((ratio.median - 0.75).abs() < 1e-9);
        assert!((ratio.most - 0.9).abs() < 1e-9);
        assert!(figures.ratio("ours", "nobody").is_none());
        fs::remove_dir_all(folder).unwrap();
    }
}
