//! Deadlines: how many fire a second beside a million that are not due, and how late each is.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::ensure;
use futures::future::BoxFuture;
use gongxin_eventing::{Deadlines, Due, Tx};
use gongxin_kernel::{Clock as _, Fault, SystemClock};

use super::Facts;
use super::produce::event;
use crate::latency::{self, Times};
use crate::store::{self, FIRED, FIRED_DISTINCT};

/// Effect and event in the transaction that marks the period.
struct Fire {
    late: Mutex<Times>,
}

impl Deadlines for Fire {
    fn fire<'t>(&'t self, tx: &'t mut Tx, due: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            store::insert_fired(tx, due.subject).await?;
            tx.append(event(due.aggregate, &super::chain::message())?).await?;
            let late = SystemClock.now().duration_since(due.due_at);
            let late = Duration::try_from(late).unwrap_or_default();
            latency::note(&mut self.late.lock().expect("nobody panics with it"), late);
            Ok(())
        })
    }
}

impl Facts {
    /// Arms `count` periods that are not due within a month.
    pub(crate) async fn arm(&mut self, count: u64) -> anyhow::Result<()> {
        store::put_periods(&mut self.admin, count, 30.0 * 86_400.0, 1.0).await?;
        store::run(&mut self.admin, "analyze source.deadlines").await
    }

    /// Periods a second that `replicas` fire together, of `count` that are due.
    pub(crate) async fn fire(&mut self, count: u64, replicas: usize) -> anyhow::Result<f64> {
        let before = store::number(&mut self.admin, FIRED_DISTINCT).await?;
        let from = store::number(&mut self.admin, FIRED).await?;
        store::put_periods(&mut self.admin, count, -60.0, 0.0).await?;
        store::run(&mut self.admin, "checkpoint").await?;
        let handler = Arc::new(Fire { late: Mutex::new(latency::times()?) });
        let mut running = Vec::new();
        for _ in 0..replicas {
            running.push(self.source_alone(handler.clone()).await?);
        }
        let rate = self.rate_until(FIRED, from + count).await?;
        for replica in running {
            replica.stop().await?;
        }
        let fired = store::number(&mut self.admin, FIRED_DISTINCT).await? - before;
        ensure!(fired == count, "{fired} distinct periods of {count} fired");
        Ok(rate)
    }

    /// Lateness in milliseconds, p99, of `count` periods that end 10 ms apart.
    pub(crate) async fn lateness(&mut self, count: u64) -> anyhow::Result<f64> {
        let handler = Arc::new(Fire { late: Mutex::new(latency::times()?) });
        let from = store::number(&mut self.admin, FIRED).await?;
        let source = self.source_alone(handler.clone()).await?;
        store::put_periods(&mut self.admin, count, 2.0, 0.01).await?;
        self.until(FIRED, from + count).await?;
        source.stop().await?;
        let late = handler.late.lock().expect("nobody panics with it");
        Ok(latency::at(&late, 0.99))
    }
}
