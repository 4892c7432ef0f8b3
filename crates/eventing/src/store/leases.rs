//! `leases`: loops that run once among all replicas. Machine time throughout.

use gongxin_kernel::Fault;
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;

/// Takes or renews the lease for `seconds`; gives the epoch, or nothing while another holds it.
pub(crate) async fn take(
    conn: &mut PgConnection,
    name: &str,
    holder: Uuid,
    seconds: f64,
) -> Result<Option<i64>, Fault> {
    sqlx::query_scalar(
        "insert into leases as l (name, holder, epoch, expires_at)
         values ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
         on conflict (name) do update
            set holder = $2,
                epoch = l.epoch + (l.holder <> $2)::int,
                expires_at = clock_timestamp() + make_interval(secs => $3)
          where l.holder = $2 or l.expires_at < clock_timestamp()
         returning epoch",
    )
    .bind(name)
    .bind(holder)
    .bind(seconds)
    .fetch_optional(conn)
    .await
    .or_fault()
}

/// Gives the lease back, so that another replica need not wait for its end.
pub(crate) async fn release(
    conn: &mut PgConnection,
    name: &str,
    holder: Uuid,
) -> Result<(), Fault> {
    sqlx::query("update leases set expires_at = '-infinity' where name = $1 and holder = $2")
        .bind(name)
        .bind(holder)
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

/// Whether the lease is still of this epoch; holds off a takeover until the transaction ends.
pub(crate) async fn holds(conn: &mut PgConnection, name: &str, epoch: i64) -> Result<bool, Fault> {
    let row: Option<i32> =
        sqlx::query_scalar("select 1 from leases where name = $1 and epoch = $2 for share")
            .bind(name)
            .bind(epoch)
            .fetch_optional(conn)
            .await
            .or_fault()?;
    Ok(row.is_some())
}
