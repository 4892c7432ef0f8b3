//! The 110 desk: calls, what becomes of them, and what reporters say of units.

use anyhow::Context as _;
use gongxin_proto::common::v1::Unit;
use gongxin_proto::intake::v1::{
    Call, CallJustification, GetCallRequest, JustifyCallRequest, ListCallsRequest, Nature, Person,
    RecordCallRequest, RecordReportersWordRequest, RegisterReportRequest, ReportSource, Reporter,
    ReportersWord,
};
use gongxin_proto::timestamp;
use jiff::{SignedDuration, Timestamp};

use super::supervise::SUPERVISOR;
use super::{Office, request_id};
use crate::suite::Suite;

/// Takes calls in the command centre.
const DESK: &str = "619016";
/// Key of the report of the call that nobody registered.
const FORGOTTEN: &str = "警情漏登";

impl Suite {
    /// Every call, as it stands.
    pub(crate) async fn calls(&mut self) -> anyhow::Result<Vec<Call>> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let message = ListCallsRequest { page_size: 100, page_token, ..Default::default() };
            let call = self.call(SUPERVISOR, message).await?;
            let page = self.intake.list_calls(call).await?.into_inner();
            for line in page.calls {
                let message = GetCallRequest { call_number: line.call_number };
                let call = self.call(SUPERVISOR, message).await?;
                all.push(self.intake.get_call(call).await?.into_inner().call.context("a call")?);
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(all);
            }
        }
    }
}

impl Office<'_> {
    /// The desk takes a call; gives its id and when the daily check looks for it.
    pub(crate) async fn take_call(
        &mut self,
        number: &str,
        received_at: Timestamp,
        told: &str,
        unit: Unit,
    ) -> anyhow::Result<(String, Timestamp)> {
        let message = RecordCallRequest {
            request_id: request_id(),
            call_number: number.to_owned(),
            received_at: Some(timestamp(received_at)),
            told: told.to_owned(),
            unit: Some(unit),
        };
        let call = self.suite.call(DESK, message).await?;
        let answer = self.suite.intake.record_call(call).await?.into_inner();
        let check = answer.check_at.and_then(gongxin_proto::instant).context("a daily check")?;
        Ok((answer.call_id, check))
    }

    /// The desk says why a call needs no report.
    pub(crate) async fn justify_call(&mut self, number: &str, text: &str) -> anyhow::Result<()> {
        let message = JustifyCallRequest {
            request_id: request_id(),
            call_number: number.to_owned(),
            justification: CallJustification::HelpGiven.into(),
            text: text.to_owned(),
            duplicate_of: String::new(),
        };
        let call = self.suite.call(DESK, message).await?;
        self.suite.intake.justify_call(call).await?;
        Ok(())
    }

    /// The unit registers the call that it forgot; gives the report's number.
    pub(crate) async fn register_forgotten(
        &mut self,
        number: &str,
        told: &str,
        unit: &str,
    ) -> anyhow::Result<String> {
        let desk = self.sample.officer(unit, gongxin_kernel::Post::ReportOfficer, 0)?;
        let now = self.suite.now();
        let message = RegisterReportRequest {
            request_id: request_id(),
            source: ReportSource::Police110.into(),
            call_number: number.to_owned(),
            told_at: Some(timestamp(now - SignedDuration::from_hours(41))),
            occurred_at: Some(timestamp(now - SignedDuration::from_hours(42))),
            place: "明川县青溪镇集市".to_owned(),
            facts: told.to_owned(),
            reporter: Some(Reporter {
                person: Some(Person { name: "郎秀英".to_owned(), id_number: String::new() }),
                phone: "19900005566".to_owned(),
                secret: false,
            }),
            unit: Some(self.unit_of(unit)),
            nature: Nature::Administrative.into(),
            ..RegisterReportRequest::default()
        };
        self.enter_report(FORGOTTEN, &desk, message).await
    }

    /// A reporter says that a unit sent her away.
    pub(crate) async fn turned_away(
        &mut self,
        key: &str,
        unit: &str,
        told: &str,
    ) -> anyhow::Result<String> {
        let report = self.ledger.entries.get(key).context("the report is registered")?;
        let report_id = report.report_id.clone();
        let message = RecordReportersWordRequest {
            request_id: request_id(),
            report_id: report_id.clone(),
            word: ReportersWord::TurnedAway.into(),
            unit: Some(self.unit_of(unit)),
            happened_at: Some(timestamp(self.suite.now() - SignedDuration::from_hours(6))),
            told: told.to_owned(),
        };
        let desk =
            self.sample.officer(super::register::TOWN, gongxin_kernel::Post::ReportOfficer, 0)?;
        let call = self.suite.call(&desk, message).await?;
        self.suite.intake.record_reporters_word(call).await?;
        Ok(report_id)
    }
}
