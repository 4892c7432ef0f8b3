//! `counters`: gapless numbers.

use gongxin_kernel::{BureauCode, Fault};
use sqlx::PgConnection;

use super::OrFault as _;
use crate::reasons;

pub(crate) async fn bump(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    name: &str,
) -> Result<u64, Fault> {
    let last: i64 = sqlx::query_scalar(
        "insert into counters as c (bureau, name, last) values ($1, $2, 1)
         on conflict (bureau, name) do update set last = c.last + 1 returning last",
    )
    .bind(bureau.as_str())
    .bind(name)
    .fetch_one(conn)
    .await
    .or_fault()?;
    u64::try_from(last).map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))
}
