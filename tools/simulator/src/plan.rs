//! The plan: which requests are not simply approved.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use crate::procuratorate::{Asked, Kind};

/// What is decided on a paper.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Verdict {
    /// 批准逮捕
    Approve,
    /// 不批准逮捕, with reasons (CPL article 90).
    Refuse { reasons: String },
    /// 提起公诉
    Prosecute,
    /// 不起诉, with reasons (CPL article 177).
    NotProsecute { reasons: String },
    /// 退回补充侦查, with its tasks (CPL article 175).
    Return { tasks: Vec<String> },
}

impl Verdict {
    fn kind(&self) -> Kind {
        match self {
            Self::Approve | Self::Refuse { .. } => Kind::Arrest,
            Self::Prosecute | Self::NotProsecute { .. } | Self::Return { .. } => Kind::Prosecution,
        }
    }

    /// Whether it says what such a decision must say.
    fn is_whole(&self) -> bool {
        match self {
            Self::Approve | Self::Prosecute => true,
            Self::Refuse { reasons } | Self::NotProsecute { reasons } => !reasons.trim().is_empty(),
            Self::Return { tasks } => {
                !tasks.is_empty() && tasks.iter().all(|task| !task.trim().is_empty())
            }
        }
    }
}

/// One verdict, or several in the order of the papers they are on.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Planned {
    One(Verdict),
    Several(Vec<Verdict>),
}

impl Planned {
    fn verdicts(&self) -> &[Verdict] {
        match self {
            Self::One(verdict) => std::slice::from_ref(verdict),
            Self::Several(verdicts) => verdicts,
        }
    }
}

/// Verdicts by number of the paper's document or of its case.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Plan(BTreeMap<String, Planned>);

impl Plan {
    /// Reads the plan; without a file every arrest is approved and every case prosecuted.
    ///
    /// # Errors
    /// When the file cannot be read, has another form, or a verdict lacks its reasons or tasks.
    pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let plan = std::fs::read(file)
            .map_err(anyhow::Error::from)
            .and_then(|text| Self::parse(&text))
            .with_context(|| format!("the plan {}", file.display()))?;
        Ok(plan)
    }

    fn parse(text: &[u8]) -> anyhow::Result<Self> {
        let plan: Self = serde_json::from_slice(text)?;
        for (number, planned) in &plan.0 {
            let whole = planned.verdicts().iter().all(Verdict::is_whole);
            ensure!(whole, "a verdict on {number} lacks its reasons or tasks");
        }
        Ok(plan)
    }

    /// The verdict on `paper`. Its document's number counts before its case's, since one case
    /// can have several suspects. By the case's number the same suspect's `earlier` papers for
    /// prosecution have used up as many verdicts of that kind.
    pub(crate) fn verdict(&self, paper: &Asked, earlier: usize) -> Verdict {
        let planned = |number: &str, nth: usize| {
            let verdicts = self.0.get(number)?.verdicts().iter();
            verdicts.filter(|verdict| verdict.kind() == paper.kind).nth(nth).cloned()
        };
        let (nth, otherwise) = match paper.kind {
            Kind::Arrest => (0, Verdict::Approve),
            Kind::Prosecution => (earlier, Verdict::Prosecute),
        };
        planned(&paper.document_number, 0)
            .or_else(|| planned(&paper.case_number, nth))
            .unwrap_or(otherwise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "A6199210100002026010007";

    fn request(document_number: &str) -> Asked {
        Asked {
            kind: Kind::Arrest,
            document_number: document_number.into(),
            case_number: CASE.into(),
            suspect_name: "龚小军".into(),
        }
    }

    #[test]
    fn a_document_is_decided_by_its_own_number_before_its_cases() {
        let text = format!(
            r#"{{"{CASE}": {{"decision": "refuse", "reasons": "证据不足"}},
                "明公（刑）提捕字〔2026〕2号": {{"decision": "approve"}}}}"#
        );
        let plan = Plan::parse(text.as_bytes()).unwrap();

        let refused = Verdict::Refuse { reasons: "证据不足".into() };
        assert_eq!(plan.verdict(&request("明公（刑）提捕字〔2026〕1号"), 0), refused);
        assert_eq!(plan.verdict(&request("明公（刑）提捕字〔2026〕2号"), 0), Verdict::Approve);
        let of_another_case = Asked { case_number: String::new(), ..request("") };
        assert_eq!(plan.verdict(&of_another_case, 0), Verdict::Approve);
    }

    #[test]
    fn the_papers_for_prosecution_use_up_the_verdicts_of_their_kind() {
        let text = format!(
            r#"{{"{CASE}": [{{"decision": "return", "tasks": ["补充价格认定"]}},
                {{"decision": "approve"}},
                {{"decision": "not_prosecute", "reasons": "情节轻微"}}]}}"#
        );
        let plan = Plan::parse(text.as_bytes()).unwrap();
        let transfer =
            Asked { kind: Kind::Prosecution, ..request("明公（刑）诉字〔2026〕1号") };

        assert_eq!(plan.verdict(&request(""), 0), Verdict::Approve);
        let tasks = vec!["补充价格认定".to_owned()];
        assert_eq!(plan.verdict(&transfer, 0), Verdict::Return { tasks });
        let reasons = "情节轻微".to_owned();
        assert_eq!(plan.verdict(&transfer, 1), Verdict::NotProsecute { reasons });
        assert_eq!(plan.verdict(&transfer, 2), Verdict::Prosecute);
    }

    #[test]
    fn a_plan_that_cannot_be_meant_is_refused() {
        for text in [
            "[]",
            r#"{"A": {"decision": "refuse"}}"#,
            r#"{"A": {"decision": "refuse", "reasons": " "}}"#,
            r#"{"A": {"decision": "refuse", "reasons": "x", "reason": "y"}}"#,
            r#"{"A": {"decision": "postpone"}}"#,
            r#"{"A": [{"decision": "approve"}, {"decision": "return", "tasks": []}]}"#,
        ] {
            assert!(Plan::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
