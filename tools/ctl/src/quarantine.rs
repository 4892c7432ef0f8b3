//! `quarantine`: what was set aside. Looking reads the database; deciding goes through the
//! service, which asks for the power and keeps on record who decided.

use anyhow::{Context as _, bail};
use gongxin_eventing::operator::{self, SetAside};
use gongxin_proto::operations::v1::ResolveQuarantinedRequest;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use serde_json::{Value, json};
use tonic::transport::Endpoint;
use tonic::{Code, Request};
use tonic_types::StatusExt as _;

use crate::deployment::Deployment;
use crate::output::Output;
use crate::usage;
use crate::words::Words;

/// Carries out one of list, show, replay and resolve.
pub(crate) async fn run(mut words: Words, output: Output, what: &str) -> anyhow::Result<bool> {
    if !["list", "show", "replay", "resolve"].contains(&what) {
        return Err(usage("quarantine knows list, show, replay and resolve"));
    }
    let deployment = Deployment::open(&mut words)?;
    if what == "list" {
        let (chosen, all) = (words.option("--service"), words.flag("--all"));
        words.end()?;
        return list(&deployment, output, chosen.as_deref(), all).await;
    }
    let service = words.need("--service")?;
    let source = words.need("--source")?;
    let sequence = words.number("--sequence")?.ok_or_else(|| usage("--sequence is missing"))?;
    if what == "show" {
        words.end()?;
        return show(&deployment, output, &service, (&source, sequence)).await;
    }
    let apply = what == "replay";
    let reason = words.option("--reason").unwrap_or_default();
    if !apply && reason.trim().is_empty() {
        return Err(usage("to close a message unapplied needs a --reason"));
    }
    let token = token(words.option("--token-file"))?;
    words.end()?;
    let request = ResolveQuarantinedRequest { source, sequence, apply, reason };
    resolve(&deployment, output, &service, (request, &token)).await
}

/// Something is wrong while anything is set aside.
async fn list(
    deployment: &Deployment,
    output: Output,
    chosen: Option<&str>,
    all: bool,
) -> anyhow::Result<bool> {
    let mut open = 0;
    for service in deployment.chosen(chosen)? {
        for message in operator::set_aside(&service.db, all).await? {
            open += usize::from(message.state == "open");
            let text = format!(
                "{} {} #{} {} {}{}: {}",
                service.name,
                message.source,
                message.sequence,
                message.state,
                message.headers.subject,
                if message.parked { " (parked)" } else { "" },
                message.reason
            );
            output.line(&text, &of(service.name, &message));
        }
    }
    if open == 0 {
        output.note("nothing is set aside");
    }
    Ok(open == 0)
}

async fn show(
    deployment: &Deployment,
    output: Output,
    service: &str,
    (source, sequence): (&str, u64),
) -> anyhow::Result<bool> {
    let found = operator::set_aside(&deployment.service(service)?.db, true).await?;
    let wanted = |one: &SetAside| one.source == source && one.sequence == sequence;
    let Some(message) = found.into_iter().find(wanted) else {
        output.note("there is no such message");
        return Ok(false);
    };
    let value = of(service, &message);
    let text: Vec<String> = value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name}: {text}"),
            other => format!("{name}: {other}"),
        })
        .collect();
    output.line(&text.join("\n"), &value);
    Ok(true)
}

/// Headers, reason and what became of it; never its data.
fn of(service: &str, message: &SetAside) -> Value {
    let headers = &message.headers;
    json!({
        "service": service,
        "source": message.source,
        "sequence": message.sequence,
        "state": message.state,
        "reason": message.reason,
        "parked": message.parked,
        "resolution": message.resolution,
        "event": headers.event_id,
        "type": headers.r#type,
        "subject": headers.subject,
        "time": headers.time,
        "bureau": headers.bureau,
        "aggregate": headers.aggregate,
        "version": headers.version,
        "incarnation": headers.incarnation,
        "traceparent": headers.traceparent,
    })
}

fn token(file: Option<String>) -> anyhow::Result<String> {
    let text = match file {
        Some(file) => {
            std::fs::read_to_string(&file).with_context(|| format!("--token-file {file}"))?
        }
        None => std::env::var("GONGXIN_TOKEN")
            .map_err(|_| usage("a token is needed, by --token-file or in GONGXIN_TOKEN"))?,
    };
    Ok(text.trim().to_owned())
}

async fn resolve(
    deployment: &Deployment,
    output: Output,
    service: &str,
    (request, token): (ResolveQuarantinedRequest, &str),
) -> anyhow::Result<bool> {
    let url = deployment.url(service)?;
    let channel = Endpoint::from_shared(url.clone())?.connect().await;
    let channel = channel.with_context(|| format!("{service} at {url} does not answer"))?;
    let done = if request.apply { "applied" } else { "closed" };
    let mut request = Request::new(request);
    let bearer = format!("Bearer {token}").parse().context("this is no token")?;
    request.metadata_mut().insert("authorization", bearer);
    match OperationsServiceClient::new(channel).resolve_quarantined(request).await {
        Ok(answer) => {
            let count = answer.into_inner().resolved;
            let value = json!({ "service": service, "done": done, "resolved": count });
            output.line(&format!("{service}: {count} {done}"), &value);
            Ok(count > 0)
        }
        Err(status) if status.code() == Code::Unavailable => {
            bail!("{service} does not answer: {}", status.message())
        }
        Err(status) => {
            let details = status.get_error_details();
            let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
            let value = json!({ "service": service, "refused": reason });
            output.line(&format!("{service} refuses: {reason} {}", status.message()), &value);
            Ok(false)
        }
    }
}
