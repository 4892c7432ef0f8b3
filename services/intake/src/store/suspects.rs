//! `report_suspects`: who was named as a suspect, in the order of naming.

use gongxin_eventing::OrFault as _;
use gongxin_intake_domain::{Person, Report, ReportId};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_law::identifiers::ResidentId;
use sqlx::PgConnection;

use crate::reasons;

pub(crate) async fn of(conn: &mut PgConnection, report: ReportId) -> Result<Vec<Person>, Fault> {
    let rows: Vec<(String, Option<String>)> = sqlx::query_as(
        "select name, id_number from report_suspects where report = $1 order by position",
    )
    .bind(report.0)
    .fetch_all(conn)
    .await
    .or_fault()?;
    rows.into_iter()
        .map(|(name, id_number)| {
            let id_number = id_number.as_deref().map(str::parse).transpose();
            let id_number =
                id_number.map_err(|e| Fault::new(&reasons::REPORT_INCONSISTENT).caused_by(e))?;
            Ok(Person { name, id_number })
        })
        .collect()
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: &Report,
) -> Result<(), Fault> {
    let suspects = &report.state().content.suspects;
    if suspects.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = suspects.iter().map(|person| person.name.as_str()).collect();
    let id_numbers: Vec<Option<&str>> =
        suspects.iter().map(|person| person.id_number.as_ref().map(ResidentId::expose)).collect();
    sqlx::query(
        "insert into report_suspects (bureau, report, position, name, id_number)
         select $1, $2, (n - 1)::smallint, name, id_number
           from unnest($3::text[], $4::text[]) with ordinality as s(name, id_number, n)",
    )
    .bind(bureau.as_str())
    .bind(report.id().0)
    .bind(names)
    .bind(id_numbers)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}
