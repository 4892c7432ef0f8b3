//! Commands: a business row and an event in one transaction, by many callers at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use gongxin_eventing::{Command, Db, NewEvent, Tx};
use gongxin_kernel::{Actor, Canonical, Fault, RequestId, Revision};
use gongxin_proto::intake::v1::RecordNoticeServedResponse;
use gongxin_transparency::View;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::chain::message;
use crate::latency::per_second;
use crate::store;

/// Puts one item with an id that the caller made.
struct Put(Uuid);

impl Command for Put {
    const NAME: &'static str = "put_item";
    type Answer = RecordNoticeServedResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<Self::Answer, Fault> {
        let message = message();
        store::insert_item(tx, self.0, message.notice_number.as_bytes()).await?;
        tx.append(event(self.0, &message)?).await?;
        Ok(Self::Answer::default())
    }
}

/// The first event of `item`.
pub(crate) fn event(
    item: Uuid,
    message: &gongxin_proto::intake::v1::CaseNotFiled,
) -> Result<NewEvent, Fault> {
    let view = View::new([("item", item.to_string())]).map_err(|error| {
        Fault::new(&gongxin_eventing::reasons::INVARIANT_BROKEN).caused_by(error)
    })?;
    let row = Canonical::new("bench.item").field("id", item.as_bytes()).finish();
    Ok(NewEvent::new(item, Revision(1), "item.put", message, view, &row))
}

/// Carries out one command.
pub(crate) async fn put(db: &Db, item: Uuid) -> anyhow::Result<()> {
    let actor = Actor::Service("bench".to_owned());
    let done = db.command(actor, "619921".parse()?, RequestId::fresh(), [0; 32], Put(item)).await;
    done.map(drop).map_err(|fault| anyhow::anyhow!("{fault}: {:?}", fault.cause()))
}

/// Carries out `count` commands by `callers`; gives commands a second.
pub(crate) async fn produce(db: &Db, count: u64, callers: usize) -> anyhow::Result<f64> {
    let left = Arc::new(AtomicU64::new(count));
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..callers {
        let (db, left) = (db.clone(), Arc::clone(&left));
        running.spawn(async move {
            let takes =
                || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
            while takes().is_ok() {
                put(&db, gongxin_kernel::new_uuid()).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    Ok(per_second(count, begun.elapsed()))
}

impl super::Facts {
    /// Carries out `count` commands and lets their events be applied; gives commands a second.
    pub(crate) async fn commands(&mut self, count: u64, callers: usize) -> anyhow::Result<f64> {
        let size = store::number(&mut self.admin, store::LOG_SIZE).await?;
        store::run(&mut self.admin, "checkpoint").await?;
        // Nobody else works meanwhile: each stage is measured by itself.
        let db = self.db("source")?;
        let rate = produce(&db, count, callers).await?;
        let source = self.source().await?;
        let open = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let sink = self.sink(&source.runtime, open).await?;
        self.until(store::APPLIED, size + count).await?;
        sink.stop().await?;
        source.stop().await?;
        Ok(rate)
    }
}
