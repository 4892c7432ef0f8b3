//! Reading one aggregate as a whole, on record; and what has happened to it so far.

use futures::future::BoxFuture;
use gongxin_kernel::{Actor, EventId, Fault, Revision, Staff};
use jiff::Timestamp;
use uuid::Uuid;

use crate::store::audit::Read;
use crate::store::events;
use crate::{Db, Scope, Tx};

/// One step of an aggregate's way, as the outbox keeps it for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The version it made.
    pub version: Revision,
    /// Legal time.
    pub at: Timestamp,
    /// `entity.event`
    pub subject: String,
    /// Label of who acted, e.g. `staff:619003`.
    pub actor: String,
}

impl Db {
    /// Reads `aggregate` for `reader`, of his or her own bureau. The rows of an aggregate stand in
    /// several tables: no command commits between the statements of `work`, so that it never sees
    /// half of a change. The read is recorded under `name`, for good, before anything is given out;
    /// one that finds nothing is not recorded.
    pub async fn read<T, F>(
        &self,
        name: &'static str,
        reader: &Staff,
        aggregate: Uuid,
        work: F,
    ) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + Sync + 'static,
    {
        let bureau = reader.bureau.clone();
        let actor = Actor::Staff(reader.clone()).label();
        let work = std::sync::Arc::new(work);
        let (found, at) = self
            .transaction(name, Scope::Bureau(bureau.clone()), move |tx| {
                let work = std::sync::Arc::clone(&work);
                Box::pin(async move {
                    tx.lock_to_read(aggregate).await?;
                    let found = work(tx).await?;
                    Ok((found, tx.at()))
                })
            })
            .await?;
        self.record_read(bureau, Read { at, actor, action: name, subject: aggregate }).await?;
        Ok(found)
    }
}

impl Tx {
    /// What has happened to an aggregate of this transaction's bureau, oldest first.
    pub async fn history(&mut self, aggregate: Uuid) -> Result<Vec<Past>, Fault> {
        events::history(self.conn(), aggregate).await
    }

    /// The event that made an aggregate this version, if there is one.
    pub async fn event_of(
        &mut self,
        aggregate: Uuid,
        version: Revision,
    ) -> Result<Option<EventId>, Fault> {
        events::of_version(self.conn(), aggregate, version).await
    }
}
