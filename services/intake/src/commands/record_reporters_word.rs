//! Records what a reporter says a unit did instead of taking the report.

use gongxin_chassis::reasons as chassis;
use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{Officer, ReportId, ReportersWord, Unit, Word};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::intake::v1::RecordReportersWordResponse;
use jiff::Timestamp;
use uuid::Uuid;

use crate::store;

/// A reporter's word, by the officer who writes it down.
#[derive(Debug)]
pub(crate) struct RecordReportersWord {
    report: ReportId,
    word: Word,
    unit: Unit,
    happened_at: Timestamp,
    told: String,
    officer: Officer,
}

impl RecordReportersWord {
    /// # Errors
    /// `WRONG_BUREAU` when the unit that the reporter names is of another bureau.
    pub(crate) fn new(
        staff: &Staff,
        report: ReportId,
        word: Word,
        unit: Unit,
        happened_at: Timestamp,
        told: String,
    ) -> Result<Self, Fault> {
        if unit.code.bureau() != staff.bureau {
            let what = "must be a unit of the caller's bureau";
            return Err(Fault::field(&chassis::WRONG_BUREAU, "unit.code", what));
        }
        Ok(Self { report, word, unit, happened_at, told, officer: staff.into() })
    }
}

impl Command for RecordReportersWord {
    const NAME: &'static str = "record_reporters_word";
    type Answer = RecordReportersWordResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.report.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RecordReportersWordResponse, Fault> {
        let report = store::load(tx, self.report).await?;
        let said = ReportersWord {
            word: self.word,
            unit: self.unit.clone(),
            happened_at: self.happened_at,
            told: self.told.clone(),
            recorded_by: self.officer.clone(),
            at: tx.at(),
        };
        let changed = report.reporters_word(&said)?;
        store::words::insert(tx, changed.report(), &said).await?;
        let event_id = super::record(tx, &changed).await?;
        Ok(RecordReportersWordResponse {
            event_id: event_id.map(|id| id.to_string()).unwrap_or_default(),
        })
    }
}
