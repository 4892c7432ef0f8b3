//! `report_words`: what reporters said of units.

use gongxin_eventing::{OrFault as _, Ts, Tx};
use gongxin_intake_domain::{Report, ReportId, ReportersWord, Unit, Word};
use gongxin_kernel::Fault;

use super::reconsiderations::{Error, columns, officer};
use crate::reasons;

/// A row as stored; officers as number, name, unit and name of the unit.
#[derive(sqlx::FromRow)]
struct Row {
    word: String,
    unit_code: String,
    unit_name: String,
    happened_at: Ts,
    told: String,
    recorded_by: Vec<String>,
    recorded_at: Ts,
}

/// Adds what was said, with the revision of `report` that it made.
pub(crate) async fn insert(
    tx: &mut Tx,
    report: &Report,
    said: &ReportersWord,
) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    sqlx::query(
        "insert into report_words (bureau, report, revision, word, unit_code, unit_name,
                happened_at, told, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(bureau.as_str())
    .bind(report.id().0)
    .bind(report.state().revision.0.cast_signed())
    .bind(said.word.code())
    .bind(said.unit.code.as_str())
    .bind(&said.unit.name)
    .bind(Ts(said.happened_at))
    .bind(&said.told)
    .bind(columns(&said.recorded_by))
    .bind(Ts(said.at))
    .execute(tx.conn())
    .await
    .or_fault()?;
    Ok(())
}

/// What the reporter of a report said, oldest first.
pub(crate) async fn of(tx: &mut Tx, report: ReportId) -> Result<Vec<ReportersWord>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select word, unit_code, unit_name, happened_at, told, recorded_by, recorded_at
           from report_words where report = $1 order by revision",
    )
    .bind(report.0)
    .fetch_all(tx.conn())
    .await
    .or_fault()?;
    let words = rows.into_iter().map(Row::into_word).collect::<Result<_, Error>>();
    words.map_err(|e| Fault::new(&reasons::REPORT_INCONSISTENT).caused_by(e))
}

impl Row {
    fn into_word(self) -> Result<ReportersWord, Error> {
        Ok(ReportersWord {
            word: Word::of_code(&self.word).ok_or("word")?,
            unit: Unit { code: self.unit_code.parse()?, name: self.unit_name },
            happened_at: self.happened_at.0,
            told: self.told,
            recorded_by: officer(self.recorded_by)?,
            at: self.recorded_at.0,
        })
    }
}
