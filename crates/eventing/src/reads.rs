//! Reads that wait to be recorded at the same time share one commit.
//!
//! The chain of a bureau has one writer at a time. If each read took its own turn, a bureau could
//! read as often as the disk can be flushed; the reads that wait are entered together instead.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gongxin_kernel::{BureauCode, Fault};
use tokio::sync::oneshot;

use crate::store::audit::{self, Read};
use crate::{Db, Scope, reasons};

/// Most reads in one transaction.
const BATCH: usize = 200;

/// Reads that wait for the writer of this replica.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reads {
    queue: Arc<Mutex<Queue>>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Whether a task enters them.
    written: bool,
}

#[derive(Debug)]
struct Waiting {
    bureau: BureauCode,
    read: Read,
    done: oneshot::Sender<Result<(), Fault>>,
}

impl Reads {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing is half done in there, whoever panicked.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next reads of one bureau; none ends the writer's work.
    fn next(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let Some(bureau) = queue.waiting.first().map(|first| first.bureau.clone()) else {
            queue.written = false;
            return Vec::new();
        };
        let mut taken = 0;
        let fits = |one: &mut Waiting| {
            let fits = one.bureau == bureau && taken < BATCH;
            taken += usize::from(fits);
            fits
        };
        queue.waiting.extract_if(.., fits).collect()
    }
}

impl Db {
    /// Records a read for good; returns once it is committed.
    pub(crate) async fn record_read(&self, bureau: BureauCode, read: Read) -> Result<(), Fault> {
        let (done, told) = oneshot::channel();
        let is_first = {
            let mut queue = self.reads().queue();
            queue.waiting.push(Waiting { bureau, read, done });
            !std::mem::replace(&mut queue.written, true)
        };
        if is_first {
            let db = self.clone();
            // On a task of its own: the reader that came first may go away, the others stay.
            self.tasks().spawn(async move { db.enter_reads().await });
        }
        told.await.map_err(|error| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(error))?
    }

    async fn enter_reads(&self) {
        loop {
            let batch = self.reads().next();
            let Some(first) = batch.first() else { return };
            let bureau = first.bureau.clone();
            let reads: Arc<[Read]> = batch.iter().map(|waiting| waiting.read.clone()).collect();
            let entered = self
                .transaction("record_reads", Scope::Bureau(bureau.clone()), move |tx| {
                    let (bureau, reads) = (bureau.clone(), Arc::clone(&reads));
                    Box::pin(async move { audit::append(tx.conn(), &bureau, &reads).await })
                })
                .await;
            for waiting in batch {
                let told = match &entered {
                    Ok(()) => Ok(()),
                    Err(fault) => Err(Fault::new(fault.reason)),
                };
                // Whoever went away is recorded all the same.
                let _ = waiting.done.send(told);
            }
        }
    }
}
