//! Reads on record without anything around them: each in a commit of its own, and together.

use std::time::Duration;

use gongxin_eventing::Scope;
use gongxin_kernel::{Actor, Staff, new_uuid};

use super::Facts;
use crate::latency;

/// Reads a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    /// Each enters itself in its own transaction, as pages with one of their own do.
    pub(crate) singly: f64,
    /// Those that wait are entered together (ADR 0020).
    pub(crate) together: f64,
}

impl Facts {
    /// Reads with `readers` at once, for `time` each way.
    pub(crate) async fn reads(
        &self,
        reader: &Staff,
        readers: usize,
        time: Duration,
    ) -> anyhow::Result<Rates> {
        let db = self.db("source")?;
        let (own, officer) = (db.clone(), reader.clone());
        let (singly, _) = latency::closed_loop(readers, time, move |_| {
            let (db, officer) = (own.clone(), officer.clone());
            async move {
                let actor = Actor::Staff(officer.clone()).label();
                let (scope, item) = (Scope::Bureau(officer.bureau), new_uuid());
                let read = db.transaction("get_item", scope, move |tx| {
                    let actor = actor.clone();
                    Box::pin(async move {
                        tx.lock_to_read(item).await?;
                        tx.audit(&actor, "get_item", item).await
                    })
                });
                read.await.map_err(|fault| anyhow::anyhow!("{fault}"))
            }
        })
        .await?;
        let officer = reader.clone();
        let (together, _) = latency::closed_loop(readers, time, move |_| {
            let (db, officer) = (db.clone(), officer.clone());
            async move {
                let read =
                    db.read("get_item", &officer, new_uuid(), |_| Box::pin(async { Ok(()) }));
                read.await.map_err(|fault| anyhow::anyhow!("{fault}"))
            }
        })
        .await?;
        Ok(Rates { singly, together })
    }
}
