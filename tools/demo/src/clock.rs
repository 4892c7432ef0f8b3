//! The manual clock: moved from one due instant to the next, never past one.

use std::time::Duration;

use anyhow::{Context as _, bail};
use gongxin_kernel::ManualClock;
use gongxin_proto::operations::v1::GetStatusResponse;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::time::Instant;

use crate::suite::Suite;

/// How long the suite may take to become level after a step of the clock.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// What waits at the procuratorate.
#[derive(Debug, Deserialize)]
pub(crate) struct Pending {
    pub(crate) unsent: u64,
    pub(crate) next_at: Option<Timestamp>,
}

impl Suite {
    /// Legal time as the suite sees it.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Goes to `to`, stopping at each instant at which something is due.
    pub(crate) async fn advance(&mut self, to: Timestamp) -> anyhow::Result<()> {
        loop {
            match self.settle().await? {
                Some(due) if due <= to => self.set_clock(due)?,
                _ => break,
            }
        }
        self.set_clock(to)?;
        self.settle().await?;
        Ok(())
    }

    fn set_clock(&mut self, at: Timestamp) -> anyhow::Result<()> {
        if at > self.now {
            ManualClock::set(&self.places.clock, at).context("the clock")?;
            self.now = at;
        }
        Ok(())
    }

    /// Waits until nothing is under way anywhere, and gives the next instant at which something is
    /// due.
    pub(crate) async fn settle(&mut self) -> anyhow::Result<Option<Timestamp>> {
        let end = Instant::now() + PATIENCE;
        // One look goes from service to service; what moved behind it is seen by a second.
        let mut level_before = false;
        loop {
            let statuses = self.statuses().await?;
            let pending = self.pending().await?;
            let due = next_due(&statuses, &pending)?;
            let unfinished = unfinished(&statuses, &pending, due, self.now);
            match unfinished {
                None if level_before => return Ok(due),
                None => level_before = true,
                Some(what) if Instant::now() > end => {
                    bail!("the suite does not become level: {what}");
                }
                Some(_) => {
                    level_before = false;
                    tokio::time::sleep(Duration::from_millis(15)).await;
                }
            }
        }
    }
}

fn next_due(
    statuses: &[GetStatusResponse],
    pending: &Pending,
) -> anyhow::Result<Option<Timestamp>> {
    let mut due = pending.next_at;
    for status in statuses {
        if !status.next_due_at.is_empty() {
            let at: Timestamp = status.next_due_at.parse()?;
            due = Some(due.map_or(at, |due| due.min(at)));
        }
    }
    Ok(due)
}

/// What is still under way, if anything.
fn unfinished(
    statuses: &[GetStatusResponse],
    pending: &Pending,
    due: Option<Timestamp>,
    now: Timestamp,
) -> Option<String> {
    for status in statuses {
        let log = &status.log_id;
        if status.quarantined > 0 {
            return Some(format!("{log} has set {} messages aside", status.quarantined));
        }
        if status.unsequenced > 0 || status.relayed != status.log_size {
            return Some(format!("{log} has events on their way"));
        }
        if status.pending_deliveries > 0 {
            return Some(format!("{log} has papers on their way"));
        }
        for cursor in &status.cursors {
            let source = statuses.iter().find(|source| source.log_id == cursor.log_id);
            if source.is_some_and(|source| source.log_size != cursor.applied) {
                return Some(format!("{log} has not read all of {}", cursor.log_id));
            }
        }
    }
    if pending.unsent > 0 {
        return Some(format!("the procuratorate has {} answers to send", pending.unsent));
    }
    due.filter(|due| *due <= now).map(|due| format!("what was due at {due} has not happened"))
}
