//! `deadlines`: what is overdue and what is due next.

use gongxin_eventing::operator;
use serde_json::json;

use crate::deployment::Deployment;
use crate::output::Output;
use crate::words::Words;

const LIMIT: u64 = 20;

/// Shows the open periods. One that is overdue is a matter of the bureau, not of the machine: the
/// exit code stays 0.
pub(crate) async fn run(mut words: Words, output: Output) -> anyhow::Result<bool> {
    let deployment = Deployment::open(&mut words)?;
    let chosen = words.option("--service");
    let limit = u32::try_from(words.number("--limit")?.unwrap_or(LIMIT))?;
    words.end()?;
    for service in deployment.chosen(chosen.as_deref())? {
        let (periods, counts) = operator::periods(&service.db, limit).await?;
        let name = service.name;
        for (rule, state, count) in counts {
            let text = format!("{name}: {count} {state} of {rule}");
            let value = json!({ "service": name, "rule": rule, "state": state, "count": count });
            output.line(&text, &value);
        }
        for period in periods {
            let text = format!(
                "  due {} {} {} of {}, looked at next {}",
                period.due_at, period.state, period.rule, period.aggregate, period.next_at
            );
            let value = json!({
                "service": name, "rule": period.rule, "state": period.state,
                "aggregate": period.aggregate.to_string(), "due_at": period.due_at.to_string(),
                "next_at": period.next_at.to_string(),
            });
            output.line(&text, &value);
        }
    }
    Ok(true)
}
