//! The words of `law due` as a question.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde_json::{Map, Value, json};

/// Fields of a question, as answers name them.
pub(crate) const FIELDS: [&str; 11] = [
    "rule",
    "start",
    "act",
    "in_custody",
    "period",
    "unit",
    "extensions",
    "pauses",
    "restarts",
    "travel_days",
    "readings",
];

/// What the command line asks for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// One question; none when they come as lines.
    pub(crate) question: Option<Value>,
    /// Values of a bureau.
    pub(crate) parameters: BTreeMap<String, u16>,
    /// Explain in English.
    pub(crate) english: bool,
}

pub(crate) fn read(words: &[String]) -> anyhow::Result<Asked> {
    let mut asked = Asked::default();
    let mut question = Map::new();
    let mut lines = false;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => {
                lines = true;
                continue;
            }
            "--held" => {
                question.insert("in_custody".into(), true.into());
                continue;
            }
            _ => {}
        }
        let value = words.next().with_context(|| format!("{word} needs a value"))?.as_str();
        let number = || -> anyhow::Result<u64> {
            value.parse().with_context(|| format!("{word} needs a number"))
        };
        let pair = |by: char| {
            value.split_once(by).with_context(|| format!("{word} {value}: `{by}` is missing"))
        };
        match word.as_str() {
            "--rule" => put(&mut question, "rule", value),
            "--from" => put(&mut question, "start", value),
            "--act" => put(&mut question, "act", value),
            "--unit" => put(&mut question, "unit", value),
            "--period" => {
                question.insert("period".into(), number()?.into());
            }
            "--travel" => {
                question.insert("travel_days".into(), number()?.into());
            }
            "--extend" => {
                let granted = match value.split_once('=') {
                    Some((name, amount)) => {
                        let amount: u64 = amount.parse().context("--extend NAME=NUMBER")?;
                        json!({ "name": name, "amount": amount })
                    }
                    None => json!(value),
                };
                add(&mut question, "extensions", granted);
            }
            "--pause" => {
                let (days, ground) = pair('=')?;
                let (from, to) = days.split_once("..").context("--pause FROM..TO=GROUND")?;
                let pause = json!({ "from": from, "to": to, "ground": ground });
                add(&mut question, "pauses", pause);
            }
            "--restart" => {
                let (at, ground) = pair('=')?;
                add(&mut question, "restarts", json!({ "at": at, "ground": ground }));
            }
            "--reading" => {
                let readings = question.entry("readings").or_insert_with(|| json!({}));
                readings[value] = true.into();
            }
            "--parameter" => {
                let (key, number) = pair('=')?;
                let number = number.parse().context("--parameter KEY=NUMBER")?;
                asked.parameters.insert(key.to_owned(), number);
            }
            "--in" if value == "en" => asked.english = true,
            "--in" if value == "zh" => asked.english = false,
            _ => bail!("due takes no `{word} {value}`"),
        }
    }
    match (lines, question.is_empty()) {
        (true, false) => bail!("with --json the questions come as lines"),
        (true, true) => {}
        (false, _) => asked.question = Some(Value::Object(question)),
    }
    Ok(asked)
}

fn put(question: &mut Map<String, Value>, field: &str, value: &str) {
    question.insert(field.to_owned(), value.into());
}

fn add(question: &mut Map<String, Value>, field: &str, value: Value) {
    let list = question.entry(field).or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        list.push(value);
    }
}
