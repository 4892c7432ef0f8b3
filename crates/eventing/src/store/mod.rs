//! SQL over the tables that every service's schema has, one file per table.

pub(crate) mod audit;
pub(crate) mod counters;
pub(crate) mod cursors;
pub(crate) mod deadlines;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod laws;
pub(crate) mod leases;
pub(crate) mod log;
pub(crate) mod operator;
pub(crate) mod quarantine;
pub(crate) mod requests;
pub(crate) mod sessions;
pub(crate) mod verify;

use gongxin_kernel::{BureauCode, Fault};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::reasons;

/// Turns a failed statement into a fault that says what the caller can do.
pub trait OrFault<T> {
    /// The value, or the fault with the database's error as its cause.
    fn or_fault(self) -> Result<T, Fault>;
}

impl<T> OrFault<T> for Result<T, sqlx::Error> {
    fn or_fault(self) -> Result<T, Fault> {
        self.map_err(|error| {
            let reason = match &error {
                sqlx::Error::Database(database) => {
                    let code = database.code().unwrap_or_default();
                    match &*code {
                        // Serialization failure, deadlock, unique violation by a transaction
                        // that came first.
                        "40001" | "40P01" | "23505" => &reasons::DATABASE_CONFLICT,
                        // Whoever holds the lock still has it: trying at once would only keep a
                        // connection longer, and no message is to blame.
                        // So it is when the session was cut because it did nothing for too long.
                        "55P03" | "25P03" => &reasons::DATABASE_UNAVAILABLE,
                        // Shutting down, statement time-out, out of connections or disk, a disk
                        // that fails.
                        c if ["57", "53", "08", "58"].contains(&c.get(..2).unwrap_or_default()) => {
                            &reasons::DATABASE_UNAVAILABLE
                        }
                        _ => &reasons::DATABASE_REFUSED,
                    }
                }
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => &reasons::DATABASE_UNAVAILABLE,
                _ => &reasons::DATABASE_REFUSED,
            };
            Fault::new(reason).caused_by(error)
        })
    }
}

/// Begins a transaction and names the bureau whose rows it may see, in one message.
pub(crate) async fn begin(
    pool: &PgPool,
    bureau: Option<&BureauCode>,
) -> Result<Transaction<'static, Postgres>, Fault> {
    let statement = match bureau {
        // A code is six digits and nothing else, so it can stand in the text.
        Some(bureau) => format!("begin; select set_config('gongxin.bureau', '{bureau}', true)"),
        None => "begin".to_owned(),
    };
    pool.begin_with(AssertSqlSafe(statement)).await.or_fault()
}

/// Takes the transaction's locks on `aggregates`, in the order given.
pub(crate) async fn lock(conn: &mut PgConnection, aggregates: &[Uuid]) -> Result<(), Fault> {
    // The schema is part of the key: advisory locks belong to the database, not to a schema.
    sqlx::query(
        "select pg_advisory_xact_lock(hashtextextended(current_schema() || a.id::text, 0))
           from unnest($1::uuid[]) with ordinality as a(id, n) order by a.n",
    )
    .bind(aggregates)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Takes the transaction's shared lock on one aggregate.
pub(crate) async fn lock_shared(conn: &mut PgConnection, aggregate: Uuid) -> Result<(), Fault> {
    sqlx::query(
        "select pg_advisory_xact_lock_shared(hashtextextended(current_schema() || $1::uuid::text, 0))",
    )
    .bind(aggregate)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}
