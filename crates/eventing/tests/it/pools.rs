//! Callers and loops do not take each other's connections.

use std::sync::Arc;

use gongxin_eventing::{Db, OrFault as _, Scope, checkpoint, sessions};
use tokio::task::JoinHandle;

use crate::toys::{Nothing, toy_runtime, world};

/// Holds one connection for five seconds, once it has it.
fn hold(db: &Db, scope: Scope) -> JoinHandle<bool> {
    let db = db.clone();
    tokio::spawn(async move {
        let held = db.transaction("hold", scope, |tx| {
            Box::pin(async move {
                sqlx::query("select pg_sleep(5)").execute(tx.conn()).await.or_fault()?;
                Ok(())
            })
        });
        held.await.is_ok()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_anybody_may_make_use_no_connection_of_the_loops() {
    let world = world().await;
    let runtime = toy_runtime(&world, Arc::new(Nothing)).await;
    let db = runtime.db();
    let holders: Vec<_> = (0..6).map(|_| hold(db, Scope::All)).collect();
    tokio::task::yield_now().await;

    sessions::find(db, "no such session").await.unwrap();
    checkpoint(db).await.unwrap();
    runtime.status().await.unwrap();
    runtime.replay(0, 10).await.unwrap();
    assert!(holders.iter().all(|holder| !holder.is_finished()));
    for holder in holders {
        assert!(holder.await.unwrap(), "it had a connection of the loops");
    }
}
