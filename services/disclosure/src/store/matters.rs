//! `matters`: one row a report, as far as disclosure needs to know it.

use gongxin_disclosure_domain::{Matter, ReportId, Unit};
use gongxin_eventing::{OrFault as _, reasons};
use gongxin_kernel::{BureauCode, Fault, Revision};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::broken;

#[derive(sqlx::FromRow)]
struct Row {
    report: Uuid,
    number: String,
    case_number: Option<String>,
    unit_code: String,
    unit_name: String,
    revision: i32,
}

impl Row {
    fn read(self) -> Result<(Matter, Revision), Fault> {
        let unit = Unit { code: self.unit_code.parse().map_err(broken)?, name: self.unit_name };
        let (id, number, case_number) = (ReportId(self.report), self.number, self.case_number);
        Ok((Matter { id, number, case_number, unit }, Revision(self.revision.unsigned_abs())))
    }
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    matter: &Matter,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into matters (report, bureau, number, case_number, unit_code, unit_name, revision)
         values ($1, $2, $3, $4, $5, $6, 0)",
    )
    .bind(matter.id.0)
    .bind(bureau.as_str())
    .bind(&matter.number)
    .bind(&matter.case_number)
    .bind(matter.unit.code.as_str())
    .bind(&matter.unit.name)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// The matter of a report, with the revision of its query access.
pub(crate) async fn find(
    conn: &mut PgConnection,
    report: ReportId,
) -> Result<Option<(Matter, Revision)>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select report, number, case_number, unit_code, unit_name, revision
           from matters where report = $1",
    )
    .bind(report.0)
    .fetch_optional(conn)
    .await
    .or_fault()?;
    row.map(Row::read).transpose()
}

/// The report with this receipt number, in the transaction's bureau.
pub(crate) async fn by_number(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    number: &str,
) -> Result<Option<ReportId>, Fault> {
    let id: Option<Uuid> =
        sqlx::query_scalar("select report from matters where bureau = $1 and number = $2")
            .bind(bureau.as_str())
            .bind(number)
            .fetch_optional(conn)
            .await
            .or_fault()?;
    Ok(id.map(ReportId))
}

/// The report with this case number, in the transaction's bureau.
pub(crate) async fn by_case_number(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    case_number: &str,
) -> Result<Option<ReportId>, Fault> {
    let id: Option<Uuid> =
        sqlx::query_scalar("select report from matters where bureau = $1 and case_number = $2")
            .bind(bureau.as_str())
            .bind(case_number)
            .fetch_optional(conn)
            .await
            .or_fault()?;
    Ok(id.map(ReportId))
}

/// Counts one change of the access that was loaded at the revision before.
///
/// # Errors
/// `DATABASE_CONFLICT` when it has changed since.
pub(super) async fn bump(
    conn: &mut PgConnection,
    report: ReportId,
    revision: Revision,
) -> Result<(), Fault> {
    let done =
        sqlx::query("update matters set revision = $2 where report = $1 and revision = $2 - 1")
            .bind(report.0)
            .bind(revision.0.cast_signed())
            .execute(conn)
            .await
            .or_fault()?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(Fault::new(&reasons::DATABASE_CONFLICT).caused_by("the access has another revision"))
}
