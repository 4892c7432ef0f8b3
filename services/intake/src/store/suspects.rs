//! `report_suspects`: who was named as a suspect, in the order of naming.

use gongxin_eventing::OrFault as _;
use gongxin_intake_domain::Report;
use gongxin_kernel::{BureauCode, Fault};
use gongxin_law::identifiers::ResidentId;
use sqlx::PgConnection;

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
