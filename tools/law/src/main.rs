//! `law`: due dates with their steps, the rules as a page, and proofs of the data.
//! `cargo xtask law` starts it.

mod ask;
mod table;

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufWriter, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use gongxin_law::question::{Answer, Question, Refusal};
use gongxin_law::{Calendar, Catalogue, Law, Rulebook};
use serde_json::{Value, json};

const USAGE: &str = "\
law due --rule ID --from TIME|DATE [--act DATE] [--held] [--period N] [--unit CODE]
        [--extend NAME[=N]]… [--pause FROM..TO=GROUND]… [--restart TIME=GROUND]…
        [--travel DAYS] [--reading NAME]… [--in en|zh] [--parameter KEY=N]…
        the last day of a period, and each step to it
law due --json [--parameter KEY=N]…
        one question a line, one answer a line (docs/formats/periods.md)
law table [--html]
        every rule in every version, for review
law check
        proves the data; prints what is wrong, or the number of rules";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) if command == "due" => due(rest),
        Some((command, rest)) if command == "table" => table(rest),
        Some((command, [])) if command == "check" => check(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("law: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// The rules with the values of a bureau.
fn rules(parameters: &BTreeMap<String, u16>) -> anyhow::Result<Rulebook> {
    Ok(Rulebook::builtin().with_parameters(parameters)?)
}

fn due(words: &[String]) -> anyhow::Result<ExitCode> {
    let asked = ask::read(words)?;
    let rules = rules(&asked.parameters)?;
    let law = Law { rules: &rules, ..Law::builtin() };
    let Some(question) = asked.question else {
        answer_lines(&law)?;
        return Ok(ExitCode::SUCCESS);
    };
    match answer(question, &law) {
        Ok(answer) => {
            let steps = if asked.english { &answer.en } else { &answer.zh };
            println!("{}", steps.join("\n"));
            Ok(ExitCode::SUCCESS)
        }
        Err(Refusal { reason, field, message }) => {
            eprintln!("law: {reason} ({field}): {message}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Reads a question and asks it.
fn answer(question: Value, law: &Law<'_>) -> Result<Answer, Refusal> {
    let question: Question = serde_path_to_error::deserialize(question).map_err(|error| {
        let path = error.path().to_string();
        let first = path.split(['.', '[']).next().unwrap_or_default();
        let field = ask::FIELDS.iter().find(|field| **field == first).unwrap_or(&"question");
        Refusal { reason: "BAD_QUESTION", field, message: error.to_string() }
    })?;
    question.ask(law)
}

fn answer_lines(law: &Law<'_>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let (id, outcome) = if let Ok(Value::Object(mut fields)) = serde_json::from_str(&line) {
            let id = fields.remove("id").unwrap_or_default();
            (id, answer(Value::Object(fields), law))
        } else {
            let message = "a question is one JSON object a line".to_owned();
            let refusal = Refusal { reason: "BAD_QUESTION", field: "question", message };
            (Value::Null, Err(refusal))
        };
        let mut said = match outcome {
            Ok(answer) => serde_json::to_value(answer)?,
            Err(refusal) => json!({ "error": refusal }),
        };
        said["id"] = id;
        serde_json::to_writer(&mut out, &said)?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}

fn table(words: &[String]) -> anyhow::Result<ExitCode> {
    let html = match words {
        [] => false,
        [word] if word == "--html" => true,
        _ => bail!("table takes --html and nothing else"),
    };
    let page = table::page(Rulebook::builtin(), Calendar::builtin(), html);
    print!("{}", page.context("the page cannot be made")?);
    Ok(ExitCode::SUCCESS)
}

fn check() -> anyhow::Result<ExitCode> {
    let rules = Rulebook::read()?;
    let faults = Catalogue::builtin().faults(&rules);
    for fault in &faults {
        println!("{fault}");
    }
    let rows = rules.iter().filter(|rule| !rule.is_variant());
    let facts: std::collections::BTreeSet<&str> = rows
        .clone()
        .flat_map(|rule| {
            let lengthened = rule.extensions.iter().filter_map(|e| e.fact.as_deref());
            std::iter::once(rule.fact.as_str()).chain(lengthened)
        })
        .collect();
    let years: Vec<String> =
        Calendar::builtin().notices().map(|(year, ..)| year.to_string()).collect();
    println!("{} rows of the fact base, calendars of {}", facts.len(), years.join(" "));
    println!("{} rules", rows.count());
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
