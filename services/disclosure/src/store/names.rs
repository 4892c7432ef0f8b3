//! `known_names`: persons of a case, so that no published text has their names.

use gongxin_disclosure_domain::ReportId;
use gongxin_eventing::OrFault as _;
use gongxin_kernel::{BureauCode, Fault};
use sqlx::PgConnection;

pub(crate) async fn add(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: ReportId,
    names: &[String],
) -> Result<(), Fault> {
    sqlx::query(
        "insert into known_names (bureau, report, name)
         select distinct $1, $2, name from unnest($3::text[]) as n(name) where name <> ''
         on conflict do nothing",
    )
    .bind(bureau.as_str())
    .bind(report.0)
    .bind(names)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(crate) async fn of(conn: &mut PgConnection, report: ReportId) -> Result<Vec<String>, Fault> {
    sqlx::query_scalar("select name from known_names where report = $1")
        .bind(report.0)
        .fetch_all(conn)
        .await
        .or_fault()
}
