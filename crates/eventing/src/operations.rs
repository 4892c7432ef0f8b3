//! Where a service's loops stand, for operators, for the demo's reconciliation and for tests.

use std::sync::Arc;

use gongxin_kernel::Fault;
use gongxin_proto::operations::v1::{
    Cursor, DeadlineCount, Envelope, GetStatusResponse, Quarantined,
};

use crate::runtime::Runtime;
use crate::store::{cursors, deadlines, documents, log, quarantine, verify};
use crate::{Duty, Scope, Tx, audit, reasons, relay, resolution};

/// The state of one service's loops at one moment.
pub type Status = GetStatusResponse;

impl Runtime {
    /// Fails when the database does not answer. Cheap, for it is asked every few seconds and by
    /// anybody.
    pub async fn ready(&self) -> Result<(), Fault> {
        let read = self.db().transaction("ready", Scope::Call, |tx| {
            Box::pin(async move { log::size(tx.conn()).await })
        });
        read.await.map(drop)
    }

    /// Where this service's loops stand.
    pub async fn status(&self) -> Result<Status, Fault> {
        let setup = self.setup();
        let mut status = Status {
            log_id: setup.log_id().to_owned(),
            incarnation: setup.incarnation().to_owned(),
            ..Default::default()
        };
        let duties = self.duties().to_vec();
        let bureaus = setup.bureaus().to_vec();
        let facts = self
            .db()
            .transaction("status", Scope::Call, move |tx| {
                let (duties, bureaus) = (duties.clone(), bureaus.clone());
                Box::pin(async move { read(tx, &duties, &bureaus).await })
            })
            .await?;
        status.pending_deliveries = facts.pending;
        status.audit_heads = facts.audit_heads;
        status.documents = facts.documents;
        status.unsequenced = facts.unsequenced;
        status.log_size = facts.log_size;
        status.quarantined = facts.quarantined;
        status.next_due_at = facts.next_due_at;
        status.deadlines = facts.deadlines;
        for (name, position) in facts.positions {
            if name == relay::CURSOR {
                status.relayed = position;
            } else {
                status.cursors.push(Cursor { log_id: name, applied: position });
            }
        }
        // A log followed but never read yet has no cursor row: say that it stands at zero.
        for log_id in self.followed() {
            if !status.cursors.iter().any(|cursor| cursor.log_id == log_id) {
                status.cursors.push(Cursor { log_id, applied: 0 });
            }
        }
        Ok(status)
    }

    /// The log from `from` on, at most `limit` entries.
    pub async fn replay(&self, from: u64, limit: u64) -> Result<Vec<Envelope>, Fault> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let entries = self
            .db()
            .transaction("replay", Scope::Call, move |tx| {
                Box::pin(async move { log::read(tx.conn(), from, limit).await })
            })
            .await?;
        let setup = self.setup();
        Ok(entries
            .into_iter()
            .map(|(seq, event)| event.envelope(seq, setup.log_id(), setup.incarnation()))
            .collect())
    }

    /// Messages set aside.
    pub async fn quarantined(&self) -> Result<Vec<Quarantined>, Fault> {
        let rows = self
            .db()
            .transaction("quarantined", Scope::Call, |tx| {
                Box::pin(async move { quarantine::open(tx.conn()).await })
            })
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| Quarantined {
                source: row.source,
                sequence: row.seq.unsigned_abs(),
                event_id: row.event_id.to_string(),
                r#type: row.type_name,
                reason: row.reason,
                parked: row.parked,
            })
            .collect())
    }

    /// Applies a quarantined message and those behind it, or closes it unapplied with a reason.
    /// Who did it, `who`, stays on record with the reason.
    pub async fn resolve_quarantined(
        &self,
        source: &str,
        sequence: u64,
        apply: bool,
        why: &str,
        who: &str,
    ) -> Result<u32, Fault> {
        if !apply && why.trim().is_empty() {
            return Err(Fault::field(&reasons::REASON_REQUIRED, "reason", "must not be empty"));
        }
        let following =
            self.following(source).ok_or_else(|| Fault::new(&reasons::QUARANTINE_NOT_FOUND))?;
        resolution::resolve(self.db(), following, sequence, apply, &format!("{who}: {why}")).await
    }
}

struct Facts {
    unsequenced: u64,
    log_size: u64,
    quarantined: u64,
    next_due_at: String,
    deadlines: Vec<DeadlineCount>,
    positions: Vec<(String, u64)>,
    pending: u64,
    audit_heads: u64,
    documents: u64,
}

async fn read(tx: &mut Tx, duties: &[Arc<dyn Duty>], bureaus: &[String]) -> Result<Facts, Fault> {
    let mut pending = 0;
    for duty in duties {
        pending += duty.pending(tx).await?;
    }
    let counts = deadlines::counts(tx.conn()).await?;
    let next_due = deadlines::next_due(tx.conn()).await?;
    Ok(Facts {
        unsequenced: verify::count_unsequenced(tx.conn()).await?,
        log_size: log::size(tx.conn()).await?,
        quarantined: quarantine::count_open(tx.conn()).await?,
        next_due_at: next_due.map(|at| at.to_string()).unwrap_or_default(),
        deadlines: counts
            .into_iter()
            .map(|(rule, state, count)| DeadlineCount { rule, state, count })
            .collect(),
        positions: cursors::all(tx.conn()).await?,
        pending,
        audit_heads: audit::heads(tx, bureaus).await?,
        documents: documents::count(tx.conn()).await?,
    })
}
