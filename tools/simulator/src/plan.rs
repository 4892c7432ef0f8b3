//! The plan: which requests are not simply approved.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use gongxin_proto::exchange::v1::ArrestRequest;
use serde::Deserialize;

/// What is decided on a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Verdict {
    /// 批准逮捕
    Approve,
    /// 不批准逮捕, with reasons (CPL article 90).
    Refuse { reasons: String },
}

/// Verdicts by number of the request's document or of its case.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Plan(BTreeMap<String, Verdict>);

impl Plan {
    /// Reads the plan; without a file there is nothing but approvals.
    ///
    /// # Errors
    /// When the file cannot be read, has another form, or refuses without reasons.
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
        for (number, verdict) in &plan.0 {
            let bare = matches!(verdict, Verdict::Refuse { reasons } if reasons.trim().is_empty());
            ensure!(!bare, "{number} is refused without reasons");
        }
        Ok(plan)
    }

    /// The verdict on `request`. Its document's number counts before its case's, since one case
    /// can have several suspects.
    pub(crate) fn verdict(&self, request: &ArrestRequest) -> Verdict {
        let numbers = [&request.document_number, &request.case_number];
        let planned = numbers.into_iter().find_map(|number| self.0.get(number));
        planned.cloned().unwrap_or(Verdict::Approve)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "A6199210100002026010007";

    fn request(document_number: &str) -> ArrestRequest {
        ArrestRequest {
            document_number: document_number.into(),
            case_number: CASE.into(),
            ..ArrestRequest::default()
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
        assert_eq!(plan.verdict(&request("明公（刑）提捕字〔2026〕1号")), refused);
        assert_eq!(plan.verdict(&request("明公（刑）提捕字〔2026〕2号")), Verdict::Approve);
        let of_another_case = ArrestRequest { case_number: String::new(), ..request("") };
        assert_eq!(plan.verdict(&of_another_case), Verdict::Approve);
    }

    #[test]
    fn a_plan_that_cannot_be_meant_is_refused() {
        for text in [
            "[]",
            r#"{"A": {"decision": "refuse"}}"#,
            r#"{"A": {"decision": "refuse", "reasons": " "}}"#,
            r#"{"A": {"decision": "refuse", "reasons": "x", "reason": "y"}}"#,
            r#"{"A": {"decision": "postpone"}}"#,
        ] {
            assert!(Plan::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
