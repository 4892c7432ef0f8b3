//! From a command's intended start to the committed effect at another service, at a steady rate.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::time::Instant;
use uuid::Uuid;

use super::{Facts, PATIENCE, produce};
use crate::latency::{self, Times};
use crate::store::{self, NEWEST_EFFECT};

/// How often committed effects are looked for: the error of each latency.
const LOOK: Duration = Duration::from_millis(1);

impl Facts {
    /// Latencies at `rate` commands a second for `time`.
    pub(crate) async fn delay(&mut self, rate: u32, time: Duration) -> anyhow::Result<Times> {
        let source = self.source().await?;
        let sink = self.sink(&source.runtime, Arc::new(AtomicBool::new(true))).await?;
        // Leases and the consumer stand, and whatever earlier measurements left has been applied, once
        // a first fact of our own has arrived.
        let before = store::number(&mut self.admin, NEWEST_EFFECT).await?;
        let db = source.runtime.db().clone();
        let first = gongxin_kernel::new_uuid();
        produce::put(&db, first).await?;
        self.arrived(first, before).await?;

        let begun: Arc<Mutex<HashMap<Uuid, Instant>>> = Arc::default();
        let mut watch = self.watch().await?;
        let newest = store::number(&mut watch, NEWEST_EFFECT).await?;
        let expected = u64::from(rate) * time.as_secs();
        let watcher = tokio::spawn(look(watch, Arc::clone(&begun), newest, expected));
        let (_, failed) = latency::open_loop(rate, time, |intended| {
            let item = gongxin_kernel::new_uuid();
            begun.lock().expect("nobody panics with it").insert(item, intended);
            let db = db.clone();
            async move { produce::put(&db, item).await }
        })
        .await?;
        ensure!(failed == 0, "{failed} of {expected} commands were refused");
        let times = watcher.await.context("the watcher")??;
        sink.stop().await?;
        source.stop().await?;
        Ok(times)
    }
}

impl Facts {
    /// Waits for the effect of `item`, which comes after the effect number `after`.
    async fn arrived(&mut self, item: Uuid, mut after: u64) -> anyhow::Result<()> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            for (n, of) in store::effects_after(&mut self.admin, after).await? {
                if of == item {
                    return Ok(());
                }
                after = n.unsigned_abs();
            }
            ensure!(Instant::now() < give_up, "the first effect did not come");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Notes when each effect is first seen committed.
async fn look(
    mut watch: sqlx::PgConnection,
    begun: Arc<Mutex<HashMap<Uuid, Instant>>>,
    mut newest: u64,
    expected: u64,
) -> anyhow::Result<Times> {
    let mut times = latency::times()?;
    let give_up = Instant::now() + PATIENCE;
    while times.len() < expected {
        let effects = store::effects_after(&mut watch, newest).await?;
        let now = Instant::now();
        for (n, item) in effects {
            newest = n.unsigned_abs();
            if let Some(intended) = begun.lock().expect("nobody panics with it").remove(&item) {
                latency::note(&mut times, now - intended);
            }
        }
        if now > give_up {
            bail!("{} of {expected} effects came", times.len());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(times)
}
