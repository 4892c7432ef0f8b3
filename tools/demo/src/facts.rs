//! What is left at the end, in words that two runs of the same season share: no random name, and
//! no order of what happened to several suspects at one instant.

use anyhow::Context as _;
use gongxin_proto::accountability::v1::ListCluesRequest;
use gongxin_proto::intake::v1::{GetReportRequest, ListReportsRequest, ReportLine};
use gongxin_proto::review::v1::{Case, GetCaseRequest, ListCasesRequest, NoticeStage};

use crate::office::account::HEAD;
use crate::office::supervise::SUPERVISOR;
use crate::suite::Suite;

/// One line for each step of each matter, sorted.
pub type Facts = Vec<String>;

/// Reads every matter of the suite.
///
/// # Errors
/// When a service does not answer.
pub async fn facts(suite: &mut Suite) -> anyhow::Result<Facts> {
    suite.settle().await?;
    let mut facts = Facts::new();
    for line in suite.reports().await? {
        let message = GetReportRequest { report_id: line.report_id };
        let call = suite.call(SUPERVISOR, message).await?;
        let report = suite.intake.get_report(call).await?.into_inner().report;
        let report = report.context("a report")?;
        let name = format!("{} {:?}", report.number, report.stage());
        facts.extend(
            report
                .history
                .iter()
                .map(|step| format!("{name} {:?} {} {}", step.at, step.what, step.actor)),
        );
    }
    for case in suite.cases().await? {
        let name = case.case_number.clone();
        facts.extend(case.suspects.iter().map(|s| format!("{name} {:?}", s.stage())));
        facts.extend(case.exits.iter().map(|exit| {
            format!("{name} {} {:?} {}", exit.document_number, exit.stage(), exit.answer_number)
        }));
        facts.extend(
            case.history
                .iter()
                .map(|step| format!("{name} {:?} {} {}", step.at, step.what, step.actor)),
        );
    }
    for call in suite.calls().await? {
        let name = format!("警情 {} {:?} {}", call.call_number, call.stage(), call.report_number);
        facts.extend(
            call.history
                .iter()
                .map(|step| format!("{name} {:?} {} {}", step.at, step.what, step.actor)),
        );
    }
    for notice in suite.notices().await? {
        let answer = notice.answer.unwrap_or_default();
        let (number, stage) = (&notice.number, NoticeStage::try_from(notice.stage));
        facts.push(format!("{number} {stage:?} {} {}", answer.document_number, answer.late));
    }
    for sending in suite.sendings().await? {
        let number = &sending.document_number;
        facts.push(format!("{number} {} {}", sending.sent_at, sending.received_at));
    }
    for finding in suite.findings().await? {
        let name = format!("{} {:?}", finding.case_number, finding.kind());
        facts.push(format!("{name} {:?} {:?}", finding.opened_at, finding.stage()));
    }
    let message = ListCluesRequest { page_size: 200, page_token: String::new() };
    let call = suite.call(HEAD, message).await?;
    for clue in suite.accountability.list_clues(call).await?.into_inner().clues {
        // Clues of one instant are numbered as they arrive, which is nobody's word.
        let opened = clue.opened_at;
        facts.push(format!("线索 {} {opened:?} {:?}", clue.case_number, clue.stage()));
    }
    facts.sort_unstable();
    Ok(facts)
}

impl Suite {
    /// Every report of the register.
    pub(crate) async fn reports(&mut self) -> anyhow::Result<Vec<ReportLine>> {
        let (mut all, mut token) = (Vec::new(), String::new());
        loop {
            let message = ListReportsRequest { page_size: 50, page_token: token };
            let call = self.call(SUPERVISOR, message).await?;
            let page = self.intake.list_reports(call).await?.into_inner();
            all.extend(page.reports);
            token = page.next_page_token;
            if token.is_empty() {
                return Ok(all);
            }
        }
    }

    /// Every case of the legal department.
    pub(crate) async fn cases(&mut self) -> anyhow::Result<Vec<Case>> {
        let (mut all, mut token) = (Vec::new(), String::new());
        loop {
            let message = ListCasesRequest { page_size: 50, page_token: token };
            let call = self.call(SUPERVISOR, message).await?;
            let page = self.review.list_cases(call).await?.into_inner();
            for line in page.cases {
                let call = self.call(SUPERVISOR, GetCaseRequest { case_id: line.case_id }).await?;
                let case = self.review.get_case(call).await?.into_inner().case;
                all.push(case.context("a case")?);
            }
            token = page.next_page_token;
            if token.is_empty() {
                return Ok(all);
            }
        }
    }
}
