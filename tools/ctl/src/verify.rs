//! `verify`: the log against its tree, its followers, and the rows.

use std::path::Path;

use anyhow::Context as _;
use gongxin_eventing::verify::{Follower, Report};
use gongxin_eventing::{verify, verify as verification};
use gongxin_transparency::VerifierKey;
use serde_json::json;

use crate::deployment::Deployment;
use crate::output::Output;
use crate::words::Words;

/// Verifies the chosen services and prints everything that is wrong.
pub(crate) async fn run(mut words: Words, output: Output) -> anyhow::Result<bool> {
    let deployment = Deployment::open(&mut words)?;
    let chosen = words.option("--service");
    let published =
        words.option("--log-keys").map(|file| published(Path::new(&file))).transpose()?;
    words.end()?;
    // Where the followers stand is read before the logs that they follow: those only grow.
    let mut followers: Vec<Follower> = Vec::new();
    for service in &deployment.services {
        followers.extend(verification::followed(&service.db, service.name).await?);
    }
    let mut fine = true;
    for service in deployment.chosen(chosen.as_deref())? {
        let log_id = service.log_id();
        let key = match &published {
            None => service.log_key()?,
            Some(keys) => keys
                .iter()
                .find(|key| key.name().as_str() == log_id)
                .with_context(|| format!("--log-keys has no key of {log_id}"))?
                .clone(),
        };
        let report = verify(&service.db, &key, service.records, &followers)
            .await
            .with_context(|| service.name)?;
        fine &= report.is_clean();
        print(output, &report);
    }
    Ok(fine)
}

/// The keys in a published file, one a line.
fn published(file: &Path) -> anyhow::Result<Vec<VerifierKey>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    text.lines().map(|line| line.parse().context("--log-keys")).collect()
}

fn print(output: Output, report: &Report) {
    for finding in &report.findings {
        let value = json!({
            "finding": finding.defect.code(), "service": finding.service,
            "sequence": finding.sequence, "aggregate": finding.aggregate.map(|id| id.to_string()),
            "detail": finding.detail, "says": finding.defect.says(),
        });
        output.line(&finding.to_string(), &value);
    }
    let text = format!(
        "{}: {} entries, {} checkpoints, {} aggregates, {} audited reads: {}",
        report.service,
        report.entries,
        report.checkpoints,
        report.aggregates,
        report.audited,
        match report.findings.len() {
            0 => "nothing is wrong".to_owned(),
            count => format!("{count} findings"),
        }
    );
    let value = json!({
        "service": report.service, "entries": report.entries, "checkpoints": report.checkpoints,
        "aggregates": report.aggregates, "audited": report.audited,
        "findings": report.findings.len(),
    });
    output.line(&text, &value);
}
