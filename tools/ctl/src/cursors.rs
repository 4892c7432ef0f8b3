//! `cursors`: every log, and how far it has come everywhere.

use gongxin_eventing::operator;
use serde_json::json;

use crate::deployment::Deployment;
use crate::output::Output;

/// Shows all; something is wrong when a message is set aside or a log is not there.
pub(crate) async fn run(deployment: &Deployment, output: Output) -> anyhow::Result<bool> {
    let mut standings = Vec::new();
    for service in &deployment.services {
        standings.push((service, operator::standing(&service.db).await?));
    }
    let mut fine = true;
    for (service, standing) in &standings {
        let log_id = service.log_id();
        fine &= standing.quarantined == 0 && standing.log_id == log_id;
        let text = format!(
            "{log_id}: {} entries, {} waiting for a number, {} relayed, {} set aside here",
            standing.size, standing.unsequenced, standing.relayed, standing.quarantined
        );
        let value = json!({
            "log": log_id, "size": standing.size, "unsequenced": standing.unsequenced,
            "relayed": standing.relayed, "quarantined": standing.quarantined,
        });
        output.line(&text, &value);
        for (follower, own) in &standings {
            if !follower.records.follows().contains(&service.name) {
                continue;
            }
            let position = own.applied(&log_id);
            let lag = standing.size.saturating_sub(position);
            let text = format!("  {}: applied {position}, {lag} behind", follower.name);
            let value = json!({
                "log": log_id, "follower": follower.name, "applied": position, "lag": lag,
            });
            output.line(&text, &value);
        }
    }
    Ok(fine)
}
