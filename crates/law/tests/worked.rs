//! Dates that a person worked out on paper, each with the steps that lead to it.

use gongxin_law::Law;
use gongxin_law::question::Question;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Worked {
    question: Value,
    #[serde(default)]
    last_day: Option<String>,
    #[serde(default)]
    due: Option<String>,
    steps: String,
}

#[test]
fn every_date_worked_out_on_paper_is_found() {
    let mut checked = 0;
    for line in include_str!("worked.jsonl").lines() {
        let Worked { mut question, last_day, due, steps } = serde_json::from_str(line).unwrap();
        question.as_object_mut().unwrap().remove("id");
        let asked: Question = serde_json::from_value(question.clone()).unwrap();

        let answer = asked.ask(&Law::builtin()).unwrap_or_else(|refused| {
            panic!("{question}: {refused:?}");
        });

        assert!(last_day.is_some() || due.is_some(), "{question} has no answer");
        assert!(!steps.is_empty(), "{question} has no steps");
        if let Some(last_day) = last_day {
            let found = answer.last_day.map(|day| day.to_string());
            assert_eq!(found, Some(last_day), "{question}: {steps}\n{}", answer.en.join("\n"));
        }
        if let Some(due) = due {
            assert_eq!(answer.due, due, "{question}: {steps}\n{}", answer.en.join("\n"));
        }
        checked += 1;
    }
    assert!(checked >= 100, "{checked} only");
}
