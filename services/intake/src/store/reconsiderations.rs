//! `report_reconsiderations`: what complainants asked for and what was decided.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_intake_domain::{
    Deadline, Finding, Officer, Reconsideration, Reconsidered, Report, ReportId, Unit,
};
use gongxin_kernel::{BureauCode, Fault};
use sqlx::PgConnection;

/// A row as stored; officers as number, name, unit and name of the unit.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    ground: String,
    received_at: Ts,
    recorded_by: Vec<String>,
    finding: Option<String>,
    decision_ground: Option<String>,
    decided_by: Option<Vec<String>>,
    second_officer: Option<Vec<String>>,
    decided_at: Option<Ts>,
    document_number: Option<String>,
    filing_number: Option<String>,
}

pub(super) type Error = Box<dyn std::error::Error + Send + Sync>;

pub(crate) async fn of(conn: &mut PgConnection, report: ReportId) -> Result<Option<Row>, Fault> {
    sqlx::query_as(
        "select ground, received_at, recorded_by, finding, decision_ground, decided_by,
                second_officer, decided_at, document_number, filing_number
           from report_reconsiderations where report = $1",
    )
    .bind(report.0)
    .fetch_optional(conn)
    .await
    .or_fault()
}

/// Writes the request, and the decision once there is one.
pub(crate) async fn save(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: &Report,
) -> Result<(), Fault> {
    let Some(asked) = report.reconsideration() else { return Ok(()) };
    let decided = asked.decided.as_ref();
    sqlx::query(
        "insert into report_reconsiderations (bureau, report, ground, received_at, recorded_by,
                finding, decision_ground, decided_by, second_officer, decided_at, document_number,
                filing_number)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (report) do update
            set finding = excluded.finding, decision_ground = excluded.decision_ground,
                decided_by = excluded.decided_by, second_officer = excluded.second_officer,
                decided_at = excluded.decided_at, document_number = excluded.document_number,
                filing_number = excluded.filing_number",
    )
    .bind(bureau.as_str())
    .bind(report.id().0)
    .bind(&asked.ground)
    .bind(Ts(asked.received_at))
    .bind(columns(&asked.recorded_by))
    .bind(decided.map(|decided| decided.finding.code()))
    .bind(decided.map(|decided| &decided.ground))
    .bind(decided.map(|decided| columns(&decided.decided_by)))
    .bind(decided.map(|decided| columns(&decided.second_officer)))
    .bind(decided.map(|decided| Ts(decided.decided_at)))
    .bind(decided.map(|decided| decided.document_number.to_string()))
    .bind(decided.and_then(|decided| decided.filing_number.as_ref()).map(ToString::to_string))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(super) fn columns(officer: &Officer) -> Vec<String> {
    let Officer { police_number, name, unit } = officer;
    vec![police_number.clone(), name.clone(), unit.code.as_str().to_owned(), unit.name.clone()]
}

pub(super) fn officer(columns: Vec<String>) -> Result<Officer, Error> {
    let [police_number, name, code, unit_name] =
        <[String; 4]>::try_from(columns).map_err(|_| "an officer has four columns")?;
    Ok(Officer { police_number, name, unit: Unit { code: code.parse()?, name: unit_name } })
}

impl Row {
    /// Whether it overturned non-filing, so that the case is filed.
    pub(crate) fn overturned(&self) -> bool {
        self.filing_number.is_some()
    }

    pub(crate) fn into_reconsideration(self, deadline: Deadline) -> Result<Reconsideration, Error> {
        let decided = match self.finding {
            None => None,
            Some(code) => Some(Reconsidered {
                finding: Finding::of_code(&code).ok_or("finding")?,
                ground: self.decision_ground.ok_or("decision_ground")?,
                decided_by: officer(self.decided_by.ok_or("decided_by")?)?,
                second_officer: officer(self.second_officer.ok_or("second_officer")?)?,
                decided_at: self.decided_at.ok_or("decided_at")?.0,
                document_number: self.document_number.ok_or("document_number")?.parse()?,
                filing_number: self.filing_number.map(|number| number.parse()).transpose()?,
            }),
        };
        Ok(Reconsideration {
            ground: self.ground,
            received_at: self.received_at.0,
            recorded_by: officer(self.recorded_by)?,
            deadline,
            decided,
        })
    }
}
