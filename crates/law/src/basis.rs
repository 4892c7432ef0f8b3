//! What a due date rests on: which rules, which notices of days off, what the bureau has set.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Law, Text};

/// Names the law that a due date was computed by. Two laws that could give different dates in one
/// program differ here; what differs can be said in words. The program itself is not named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Digest of the rule files.
    pub rules: String,
    /// Digest of the notices of days off.
    pub calendar: String,
    /// Version of each year's table, e.g. `2025.1 2026.1`.
    pub years: String,
    /// Readings other than the default ones, by name.
    pub readings: BTreeSet<String>,
    /// Values that the bureau has set, by key.
    pub parameters: BTreeMap<String, u16>,
}

impl Law<'_> {
    /// What its dates rest on.
    pub fn basis(&self) -> Basis {
        Basis {
            rules: self.rules.digest().to_owned(),
            calendar: self.calendar.digest().to_owned(),
            years: self.calendar.version(),
            readings: self.readings.iter().map(|reading| reading.key().to_owned()).collect(),
            parameters: self.rules.parameters().clone(),
        }
    }
}

impl Basis {
    /// A short name, in hexadecimal, that no other basis has.
    pub fn id(&self) -> String {
        let Self { rules, calendar, years: _, readings, parameters } = self;
        let set = parameters.iter().map(|(key, value)| format!("{key}={value}"));
        let parts = [rules.clone(), calendar.clone()];
        let parts: Vec<String> =
            parts.into_iter().chain(readings.iter().cloned()).chain(set).collect();
        digest(parts.iter().map(String::as_str))
    }

    /// What is other than in `before`, for whoever asks why a date has moved.
    pub fn differs_from(&self, before: &Self) -> Text {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        let mut say = |chinese: String, english: String| {
            zh.push(chinese);
            en.push(english);
        };
        let (old, new) = (tables(&before.years), tables(&self.years));
        for (year, version) in &new {
            match old.get(year) {
                None => say(
                    format!("{year}年放假安排已公布"),
                    format!("the days off of {year} were published"),
                ),
                Some(other) if other != version => say(
                    format!("{year}年放假安排由第{other}版改为第{version}版"),
                    format!("the days off of {year}: version {version} after version {other}"),
                ),
                Some(_) => {}
            }
        }
        for year in old.keys().filter(|year| !new.contains_key(*year)) {
            say(
                format!("{year}年放假安排已撤下"),
                format!("the days off of {year} were taken back"),
            );
        }
        if self.years == before.years && self.calendar != before.calendar {
            say("放假安排的数据有更正".into(), "the table of days off was corrected".into());
        }
        if self.rules != before.rules {
            say("期限规则有新版本".into(), "the rules of periods have a new version".into());
        }
        if self.readings != before.readings {
            say("本局选用的解读有变更".into(), "the bureau has set other readings".into());
        }
        let keys: BTreeSet<&String> =
            self.parameters.keys().chain(before.parameters.keys()).collect();
        for key in keys {
            let (old, new) = (before.parameters.get(key), self.parameters.get(key));
            if old != new {
                let said = |value: Option<&u16>, none: &str| {
                    value.map_or(none.to_owned(), ToString::to_string)
                };
                say(
                    format!("本局参数{key}由{}改为{}", said(old, "默认值"), said(new, "默认值")),
                    format!("{key}: {} after {}", said(new, "default"), said(old, "default")),
                );
            }
        }
        Text { zh: zh.join("；"), en: en.join("; ") }
    }
}

fn tables(years: &str) -> BTreeMap<&str, &str> {
    years.split(' ').filter_map(|table| table.split_once('.')).collect()
}

/// Sixteen hexadecimal digits over texts, each with its length, so that no two lists run together.
pub(crate) fn digest<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize()[..8].iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use crate::{Calendar, Law, Reading, Rulebook};

    fn with<'a>(rules: &'a Rulebook, calendar: &'a Calendar) -> Law<'a> {
        Law { rules, calendar, readings: crate::Readings::default() }
    }

    const NOTICE: &str = "year = 2031\nversion = 1\nnotice = \"甲\"\npublished = \"2030-11-02\"\noff = []\nwork = []\n";

    #[test]
    fn the_same_law_has_one_basis_and_each_change_another() {
        let plain = Law::builtin().basis();
        assert_eq!(plain.id(), Law::builtin().basis().id());

        let calendar = Calendar::with(&[NOTICE]).unwrap();
        let corrected = Calendar::with(&[&NOTICE.replace('甲', "乙")]).unwrap();
        let rules = Rulebook::builtin();
        let known = with(rules, &calendar).basis();
        let again = with(rules, &corrected).basis();
        let reading =
            Law { readings: [Reading::TravelIgnored].into_iter().collect(), ..Law::builtin() };
        let ids = [plain.id(), known.id(), again.id(), reading.basis().id()];
        let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "{ids:?}");

        assert_eq!(known.differs_from(&plain).zh, "2031年放假安排已公布");
        assert_eq!(plain.differs_from(&known).en, "the days off of 2031 were taken back");
        assert_eq!(again.differs_from(&known).zh, "放假安排的数据有更正");
        assert_eq!(reading.basis().differs_from(&plain).zh, "本局选用的解读有变更");
        assert_eq!(plain.differs_from(&plain).zh, "");
    }

    #[test]
    fn what_a_bureau_has_set_is_named_with_both_values() {
        let key = Rulebook::builtin().iter().find_map(|rule| rule.parameter_key()).unwrap();
        let default = Law::builtin().basis();
        let mut other = default.clone();
        other.parameters.insert(key.to_owned(), 9);

        assert_eq!(other.differs_from(&default).zh, format!("本局参数{key}由默认值改为9"));
        assert_ne!(other.id(), default.id());
    }
}
