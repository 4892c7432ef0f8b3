//! Registers a report and commits its receipt.

use gongxin_chassis::reasons as chassis;
use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{
    CallId, Channels, Law, NewReport, Officer, Refusal, Registration, Report, ReportId, Settlement,
};
use gongxin_kernel::{Fault, Staff};
use gongxin_law::identifiers::CaseNumber;
use gongxin_law::legal_day;
use gongxin_proto::common::v1::Warning;
use gongxin_proto::intake::v1::RegisterReportResponse;
use uuid::Uuid;

use crate::grpc::convert;
use crate::{IntakeSettings, store};

/// A report that an officer heard, with the id it will have.
#[derive(Debug)]
pub(crate) struct RegisterReport {
    id: ReportId,
    content: NewReport,
    officer: Officer,
    /// Word of the organ in the receipt's number.
    organ: String,
    /// The word for the unit in the number of the receipt.
    department: String,
    channels: Channels,
    /// What had better be looked at again.
    warnings: Vec<Warning>,
    /// The call that it may settle, if it is there.
    call: Option<CallId>,
    law: Law<'static>,
}

impl RegisterReport {
    /// # Errors
    /// `WRONG_BUREAU` when the handling unit is of another bureau.
    pub(crate) fn new(
        staff: &Staff,
        content: NewReport,
        warnings: Vec<Warning>,
        settings: &IntakeSettings,
        law: Law<'static>,
    ) -> Result<Self, Fault> {
        if content.unit.code.bureau() != staff.bureau {
            let what = "must be a unit of the caller's bureau";
            return Err(Fault::field(&chassis::WRONG_BUREAU, "unit.code", what));
        }
        let department = settings.department(&content.unit.code).to_owned();
        let IntakeSettings { organ_word, inquiry, complaint, .. } = settings.clone();
        let channels = Channels { inquiry, complaint };
        let call = content.call_number.as_ref().map(|number| CallId::of(&staff.bureau, number));
        Ok(Self {
            id: ReportId::fresh(),
            call,
            content,
            officer: staff.into(),
            organ: organ_word,
            department,
            channels,
            warnings,
            law,
        })
    }

    /// 案件编号: a series of each unit and month.
    async fn case_number(&self, tx: &mut Tx) -> Result<CaseNumber, Fault> {
        let unit = &self.content.unit.code;
        let day = legal_day(tx.at());
        let (year, month) = (day.year(), day.month());
        let serial = tx.next_number(&format!("case:{unit}:{year}{month:02}")).await?;
        let serial = u16::try_from(serial).map_err(super::broken)?;
        CaseNumber::new(unit.clone(), year, month, serial).map_err(super::broken)
    }
}

impl Command for RegisterReport {
    const NAME: &'static str = "register_report";
    type Answer = RegisterReportResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        let call = self.call.map(|call| call.0);
        [self.id.0].into_iter().chain(call).collect()
    }

    async fn run(&self, tx: &mut Tx) -> Result<RegisterReportResponse, Fault> {
        // Checked before a number is taken, so that bad content costs no other caller a wait.
        let at = tx.at();
        self.content.check(at).map_err(Refusal::Invalid)?;
        let repeated = match self.content.repeat_of {
            Some(earlier) => Some(super::known_report(tx, earlier, "repeat_of").await?),
            None => None,
        };
        let call = match self.call {
            Some(id) => store::calls::find(tx, id).await?,
            None => None,
        };
        if let Some(call) = &call {
            call.awaits_report()?;
        }
        let registration = Registration {
            id: self.id,
            number: super::next_receipt(tx, &self.organ, &self.department).await?.to_string(),
            case_number: if self.content.nature.opens_case() {
                Some(self.case_number(tx).await?)
            } else {
                None
            },
            repeated,
            channels: self.channels.clone(),
            officer: self.officer.clone(),
            at,
        };
        let changed = Report::register(self.content.clone(), registration, self.law)?;
        let event_id = super::record(tx, &changed).await?;
        let report = changed.report();
        if let Some(call) = call {
            let settled = call.settle(settlement(report), at)?;
            super::record_call_change(tx, &settled).await?;
        }
        Ok(RegisterReportResponse {
            report_id: self.id.to_string(),
            number: report.state().number.clone(),
            event_id: event_id.map(|id| id.to_string()).unwrap_or_default(),
            case_number: report.case_number().map(ToString::to_string).unwrap_or_default(),
            filing_review: report.filing_review().map(|review| convert::period(&review.period)),
            warnings: self.warnings.clone(),
        })
    }
}

fn settlement(report: &Report) -> Settlement {
    let state = report.state();
    Settlement {
        report: state.id,
        number: state.number.clone(),
        registered_at: state.registered_at,
    }
}
