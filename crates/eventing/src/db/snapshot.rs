//! Transactions that only read, and see one moment however long they take.

use std::collections::BTreeSet;
use std::sync::Arc;

use gongxin_kernel::{BureauCode, Fault};
use sqlx::AssertSqlSafe;

use super::{Db, Tx, to_microseconds};
use crate::store::OrFault as _;

const BEGIN: &str = "begin transaction isolation level repeatable read, read only";

/// Two views of one moment.
#[derive(Debug)]
pub(crate) struct Moment {
    /// As the worker role: what the loops keep, of all bureaus.
    pub(crate) machine: Tx,
    /// As the service's own role: the rows of the bureau that [`Tx::look_at`] names.
    pub(crate) rows: Tx,
}

impl Db {
    /// Opens a moment. It holds no lock that anybody waits for.
    pub(crate) async fn moment(&self, name: &'static str) -> Result<Moment, Fault> {
        let mut machine = self.reading(name, true).await?;
        let id: String = sqlx::query_scalar("select pg_export_snapshot()")
            .fetch_one(machine.conn())
            .await
            .or_fault()?;
        let mut rows = self.reading(name, false).await?;
        // A statement of this kind takes no parameters; the id is PostgreSQL's own.
        sqlx::raw_sql(AssertSqlSafe(format!("set transaction snapshot '{id}'")))
            .execute(rows.conn())
            .await
            .or_fault()?;
        Ok(Moment { machine, rows })
    }

    async fn reading(&self, name: &'static str, is_worker: bool) -> Result<Tx, Fault> {
        let pool = if is_worker { &self.pools.calls } else { &self.pools.api };
        Ok(Tx {
            inner: pool.begin_with(BEGIN).await.or_fault()?,
            name,
            bureau: None,
            at: to_microseconds(self.clock.now()),
            clock: Arc::clone(&self.clock),
            actor: String::from("auditor"),
            locked: BTreeSet::new(),
            organ: Arc::clone(&self.organ),
            law: self.law,
            basis: Arc::clone(&self.basis),
            gathered: None,
            rings: false,
        })
    }
}

impl Tx {
    /// From here on the rows of `bureau` are seen.
    pub(crate) async fn look_at(&mut self, bureau: BureauCode) -> Result<(), Fault> {
        sqlx::query("select set_config('gongxin.bureau', $1, true)")
            .bind(bureau.as_str())
            .execute(self.conn())
            .await
            .or_fault()?;
        self.bureau = Some(bureau);
        Ok(())
    }
}
