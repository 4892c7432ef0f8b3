//! Each stage by itself: number what is committed, publish what is numbered, apply what came.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::ensure;
use gongxin_proto::intake::v1::CaseNotFiled;
use prost::{Message as _, Name as _};

use super::{Facts, Quiet};
use crate::store::{self, APPLIED, EFFECTS, LOG_SIZE, RELAYED};

/// Bytes of an event's message, as in the limits.
pub(crate) const PAYLOAD: usize = 512;

/// What is done to the server while a chain runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    /// A long read-only transaction on the same database.
    Reader,
    /// A long writing transaction on another database of the server.
    Writer,
}

/// Events a second of each stage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    pub(crate) sequence: f64,
    pub(crate) relay: f64,
    pub(crate) consume: f64,
}

/// A message of [`PAYLOAD`] bytes.
pub(crate) fn message() -> CaseNotFiled {
    let filler = "凭".repeat((PAYLOAD - 10) / 3);
    CaseNotFiled { notice_number: filler, ..Default::default() }
}

impl Facts {
    /// Sends `count` events through all stages, one stage after the other.
    pub(crate) async fn chain(&mut self, count: u64, beside: Beside) -> anyhow::Result<Rates> {
        let size = store::number(&mut self.admin, LOG_SIZE).await?;
        let effects = store::number(&mut self.admin, EFFECTS).await?;
        let other = self.begin_beside(beside).await?;
        let data = message().encode_to_vec();
        store::put_events(&mut self.admin, count, &CaseNotFiled::full_name(), &data).await?;
        store::run(&mut self.admin, "checkpoint").await?;

        let source = self.source_alone(Arc::new(Quiet)).await?;
        let sequence = self.rate_until(LOG_SIZE, size + count).await?;
        source.stop().await?;
        let source = self.source().await?;
        let relay = self.rate_until(RELAYED, size + count).await?;
        drop(other);
        // What the stream brings is measured, not what a replay would bring.
        let closed = Arc::new(AtomicBool::new(false));
        let sink = self.sink(&source.runtime, closed).await?;
        let consume = self.rate_until(APPLIED, size + count).await?;
        sink.stop().await?;
        source.stop().await?;

        let distinct = store::number(&mut self.admin, EFFECTS).await? - effects;
        ensure!(distinct == count, "{distinct} distinct effects of {count} events");
        Ok(Rates { sequence, relay, consume })
    }

    async fn begin_beside(&self, beside: Beside) -> anyhow::Result<Option<sqlx::PgConnection>> {
        let (database, sql) = match beside {
            Beside::Nothing => return Ok(None),
            Beside::Reader => (
                super::DATABASE,
                "begin isolation level repeatable read read only; select count(*) from source.log",
            ),
            Beside::Writer => ("postgres", "begin; create temporary table held (n int)"),
        };
        let mut conn = self.connect(database).await?;
        store::run(&mut conn, sql).await?;
        Ok(Some(conn))
    }
}
