//! The books at the end: what there is, and whether it fits together.

use std::collections::BTreeMap;

use anyhow::Context as _;
use gongxin_proto::accountability::v1::{ClueStage, ListCluesRequest};
use gongxin_proto::intake::v1::{CallStage, GetReportRequest, ReportLine, ReportStage};
use gongxin_proto::operations::v1::GetStatusResponse;
use gongxin_proto::review::v1::ExitStage;
use gongxin_proto::supervision::v1::{FindingKind, FindingStage};
use gongxin_transparency::Receipt;
use serde::Deserialize;

use crate::office::account::HEAD;
use crate::office::supervise::SUPERVISOR;
use crate::season::{Ledger, local};
use crate::suite::Suite;

/// Lines of the reconciliation.
struct Books {
    balanced: bool,
    narrator: fn(&str),
}

impl Books {
    fn line(&mut self, what: &str, fits: bool, numbers: &str) {
        self.balanced &= fits;
        let mark = if fits { "✓" } else { "✗ 不平" };
        (self.narrator)(&format!("  {mark}  {what}：{numbers}"));
    }
}

/// Prints summary and reconciliation; false when the books do not balance.
///
/// # Errors
/// When a service does not answer.
pub async fn print(suite: &mut Suite, ledger: &Ledger) -> anyhow::Result<bool> {
    suite.settle().await?;
    let statuses = suite.statuses().await?;
    let reports = suite.reports().await?;
    summary(suite, ledger, &reports);

    suite.tell(&format!("\n核对 reconciliation（{}）", local(ledger.ended_at)));
    let mut books = Books { balanced: true, narrator: suite.places.narrator };
    registered(&mut books, ledger, &reports);
    receipts(suite, &mut books, ledger)?;
    let revisions = intake_revisions(suite, &reports).await?;
    log_line(&mut books, "执法管理：记录版本 = 日志条目", &statuses, "intake", revisions);
    let filed = reports.iter().filter(|report| report.stage() == ReportStage::Filed).count();
    let received = suite.cases().await?.len();
    let numbers = format!("立案 {filed}，法制部门收案 {received}");
    books.line("每件立案都到法制部门", filed == received, &numbers);
    let (revisions, exits) = review_case_files(suite).await?;
    log_line(&mut books, "执法运行：记录版本 = 日志条目", &statuses, "review", revisions);
    cursors(&mut books, &statuses);
    exchange(suite, &mut books, ledger, &exits).await?;
    supervised(suite, &mut books, ledger, &reports).await?;
    deadlines(&mut books, &statuses);
    suite.tell(if books.balanced { "全部相符。" } else { "有不相符之处。" });
    Ok(books.balanced)
}

fn summary(suite: &Suite, ledger: &Ledger, reports: &[ReportLine]) {
    suite.tell("\n汇总 summary");
    let mut stages: BTreeMap<&str, usize> = BTreeMap::new();
    for report in reports {
        *stages.entry(report.stage().as_str_name()).or_default() += 1;
    }
    for (stage, count) in stages {
        suite.tell(&format!(
            "  {count:>4}  {}",
            stage.trim_start_matches("REPORT_STAGE_").to_lowercase()
        ));
    }
    let overdue = reports.iter().filter(|report| report.overdue).count();
    suite.tell(&format!("  {overdue:>4}  立案审查超期（倒查自动启动）"));
    suite.tell(&format!(
        "  {:>4}  次操作；{} 次按规定被拒绝：",
        ledger.acts,
        ledger.refusals.len()
    ));
    for refusal in &ledger.refusals {
        suite.tell(&format!("        {refusal}"));
    }
    if let Some((key, entry)) = ledger.entries.iter().find(|(_, entry)| !entry.exits.is_empty()) {
        suite
            .tell(&format!("  链路示例 {key}：{}/case/{}", suite.places.traces, entry.case_number));
    }
}

fn registered(books: &mut Books, ledger: &Ledger, reports: &[ReportLine]) {
    let ours = ledger.entries.values();
    let all_there =
        ours.clone().all(|entry| reports.iter().any(|report| report.number == entry.number));
    let numbers = format!("接报 {}，登记 {}", ledger.entries.len(), reports.len());
    books.line("每件接报都在册", all_there && ledger.entries.len() == reports.len(), &numbers);
}

/// Every receipt, by the public keys alone.
fn receipts(suite: &Suite, books: &mut Books, ledger: &Ledger) -> anyhow::Result<()> {
    let keys = suite.log_keys()?;
    let good = |entry: &&crate::season::Entry| {
        Receipt::parse(&entry.receipt).is_ok_and(|receipt| {
            receipt.verify(&keys).is_ok()
                && receipt.view.get("number") == Some(entry.number.as_str())
        })
    };
    let count = ledger.entries.values().filter(good).count();
    let numbers = format!("回执 {}，离线验证通过 {count}", ledger.entries.len());
    books.line("每件接报都有可验证的回执", count == ledger.entries.len(), &numbers);
    Ok(())
}

/// Each event makes one revision, so the revisions of all reports together are the log's length.
async fn intake_revisions(suite: &mut Suite, reports: &[ReportLine]) -> anyhow::Result<u64> {
    let mut sum = 0;
    for report in reports {
        let message = GetReportRequest { report_id: report.report_id.clone() };
        let call = suite.call(SUPERVISOR, message).await?;
        let report = suite.intake.get_report(call).await?.into_inner().report;
        sum += u64::from(report.context("a report")?.revision);
    }
    Ok(sum + suite.calls().await?.iter().map(|call| u64::from(call.revision)).sum::<u64>())
}

/// Exits by document number, with whether the procuratorate has answered.
type Exits = BTreeMap<String, ExitStage>;

async fn review_case_files(suite: &mut Suite) -> anyhow::Result<(u64, Exits)> {
    let cases = suite.cases().await?;
    let mut sum: u64 = cases.iter().map(|case| u64::from(case.revision)).sum();
    // A notice comes, may be overdue, is answered and its answer signed for; a paper of an open
    // channel is sent and signed for.
    for notice in suite.notices().await? {
        let answer = notice.answer.unwrap_or_default();
        let steps =
            [true, notice.overdue, !answer.exit_id.is_empty(), !answer.received_at.is_empty()];
        sum += steps.iter().map(|step| u64::from(*step)).sum::<u64>();
    }
    for sending in suite.sendings().await? {
        sum += 1 + u64::from(!sending.received_at.is_empty());
    }
    let exits = cases.iter().flat_map(|case| &case.exits);
    Ok((sum, exits.map(|exit| (exit.document_number.clone(), exit.stage())).collect()))
}

fn log_line(
    books: &mut Books,
    what: &str,
    statuses: &[GetStatusResponse],
    service: &str,
    revisions: u64,
) {
    let status = statuses.iter().find(|status| status.log_id.ends_with(service));
    let size = status.map_or(0, |status| status.log_size);
    let waiting = status.map_or(1, |status| status.unsequenced + status.quarantined);
    let heads = status.map_or(0, |status| status.audit_heads);
    let papers = status.map_or(0, |status| status.documents);
    let numbers = format!("{revisions} + 文书 {papers} + 查阅链头 {heads} = {size}");
    books.line(what, revisions + papers + heads == size && waiting == 0, &numbers);
}

fn cursors(books: &mut Books, statuses: &[GetStatusResponse]) {
    for status in statuses {
        let relayed = format!("{} / {}", status.relayed, status.log_size);
        books.line(
            &format!("{} 已全部发布", status.log_id),
            status.relayed == status.log_size,
            &relayed,
        );
        for cursor in &status.cursors {
            let source = statuses.iter().find(|source| source.log_id == cursor.log_id);
            let size = source.map_or(0, |source| source.log_size);
            let what = format!("{} 已读完 {}", status.log_id, cursor.log_id);
            books.line(&what, cursor.applied == size, &format!("{} / {size}", cursor.applied));
        }
    }
}

/// What the procuratorate says it has, against what we say we sent.
async fn exchange(
    suite: &mut Suite,
    books: &mut Books,
    ledger: &Ledger,
    exits: &Exits,
) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Office {
        papers: Vec<Paper>,
    }
    #[derive(Deserialize)]
    struct Paper {
        document_number: String,
        answer: Option<serde_json::Value>,
    }
    let body = suite.get(&suite.places.procuratorate, "/").await?;
    let theirs: Office = serde_json::from_slice(&body)?;
    let made: usize = ledger.entries.values().map(|entry| entry.exits.len()).sum();
    let received = theirs.papers.iter().filter(|p| exits.contains_key(&p.document_number)).count();
    let answered = theirs.papers.iter().filter(|paper| paper.answer.is_some()).count();
    let back = exits.values().filter(|stage| **stage == ExitStage::Answered).count();
    let out = exits.values().filter(|stage| **stage == ExitStage::Delivered).count();
    let numbers = format!(
        "审批 {made}，出口 {}，检察机关收到 {received}，已决定 {answered}，决定已回 {back}，审查中 {out}",
        exits.len()
    );
    let sent = [exits.len(), theirs.papers.len(), received].iter().all(|count| *count == made);
    let fits = sent && answered == back && back + out == made;
    books.line("统一出口：发出 = 收到 = 回复 + 审查期限内", fits, &numbers);
    Ok(())
}

/// Each breach has its one finding, each finding is closed, and no clue came from nowhere.
async fn supervised(
    suite: &mut Suite,
    books: &mut Books,
    ledger: &Ledger,
    reports: &[ReportLine],
) -> anyhow::Result<()> {
    let findings = suite.findings().await?;
    let of = |kind| findings.iter().filter(|finding| finding.kind() == kind).count();
    let overdue = reports.iter().filter(|report| report.overdue).count();
    let found = of(FindingKind::FilingReviewOverdue);
    let numbers = format!("超期 {overdue}，倒查 {found}");
    books.line("每次立案审查超期恰有一个倒查", overdue == found, &numbers);
    let custody = of(FindingKind::CustodyOverdue);
    books.line("无超期羁押", custody == 0, &custody.to_string());
    let breaches = breaches(suite, reports).await?;
    let numbers = format!("违规事实 {breaches}，发现 {}", findings.len());
    books.line("每项违规事实恰有一个发现", breaches == findings.len(), &numbers);
    let open = findings.iter().filter(|finding| finding.stage() != FindingStage::Closed).count();
    let numbers = format!("发现 {}，未办结 {open}", findings.len());
    books.line("监督发现均已办结", open == 0, &numbers);

    let message = ListCluesRequest { page_size: 200, page_token: String::new() };
    let call = suite.call(HEAD, message).await?;
    let clues = suite.accountability.list_clues(call).await?.into_inner().clues;
    let unregistered = of(FindingKind::ReportUnregistered);
    let calls = suite.calls().await?;
    let late = calls.iter().filter(|call| call.overdue).count();
    let open = calls.iter().filter(|call| call.stage() == CallStage::Open).count();
    let numbers =
        format!("警情 {}，未了 {open}，漏登 {late}，日巡查发现 {unregistered}", calls.len());
    books.line(
        "每起警情已登记、已说明，或恰有一个发现",
        open == 0 && late == unregistered,
        &numbers,
    );
    let expected = overdue + custody + unregistered + ledger.clues_opened;
    let closed = clues.iter().filter(|clue| clue.stage() == ClueStage::Closed).count();
    let numbers = format!(
        "线索 {}（立案审查超期 {overdue}，超期羁押 {custody}，警情漏登 {unregistered}，人工 {}），办结 {closed}",
        clues.len(),
        ledger.clues_opened
    );
    let fits = clues.len() == expected && closed == clues.len();
    books.line("线索均有来源并已办结", fits, &numbers);
    Ok(())
}

/// How many breaches the services themselves tell of, without asking supervision for findings.
async fn breaches(suite: &mut Suite, reports: &[ReportLine]) -> anyhow::Result<usize> {
    let told = |subject: &str| gongxin_proto::event_name(subject).map_or("", |(zh, _)| zh);
    let of_cases = [
        told("gate.direct_sending_refused"),
        told("suspect.custody_overdue"),
        told("request.correction_overdue"),
        told("exit.supplementary_overdue"),
    ];
    let of_reports = [
        told("case.filing_review_overdue"),
        told("case.non_filing_notice_overdue"),
        told("reconsideration.overdue"),
        told("non_filing.explanation_overdue"),
        told("report.turned_away"),
    ];
    let mut count = 0;
    for case in suite.cases().await? {
        count += case.history.iter().filter(|step| of_cases.contains(&&*step.what)).count();
    }
    for report in reports {
        let message = GetReportRequest { report_id: report.report_id.clone() };
        let call = suite.call(SUPERVISOR, message).await?;
        let report = suite.intake.get_report(call).await?.into_inner().report;
        let history = report.context("a report")?.history;
        count += history.iter().filter(|step| of_reports.contains(&&*step.what)).count();
    }
    count += suite.calls().await?.iter().filter(|call| call.overdue).count();
    count += suite.notices().await?.iter().filter(|notice| notice.overdue).count();
    let statuses = suite.statuses().await?;
    let recordings = statuses
        .iter()
        .flat_map(|status| &status.deadlines)
        .filter(|line| line.rule == "supervision.interrogation_recording")
        .filter(|line| matches!(&*line.state, "overdue" | "met_late"));
    let missing: u64 = recordings.map(|line| line.count).sum();
    Ok(count + usize::try_from(missing)?)
}

/// Every period is closed, or open because its end has not come.
fn deadlines(books: &mut Books, statuses: &[GetStatusResponse]) {
    let mut rules: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for count in statuses.iter().flat_map(|status| &status.deadlines) {
        *rules.entry(&count.rule).or_default().entry(&count.state).or_default() += count.count;
    }
    let mut overdue_open = 0;
    for (rule, states) in &rules {
        let of = |state: &str| states.get(state).copied().unwrap_or(0);
        overdue_open += of("overdue");
        (books.narrator)(&format!(
            "     {rule}：按期 {}，逾期完成 {}，不再适用 {}，未到期 {}，逾期未结 {}",
            of("met"),
            of("met_late"),
            of("cancelled"),
            of("running"),
            of("overdue"),
        ));
    }
    let running: u64 = rules.values().filter_map(|states| states.get("running")).sum();
    let numbers = format!("未到期 {running}（期限未满），逾期未结 {overdue_open}");
    books.line("期限已结，或因未到期而开放", overdue_open == 0, &numbers);
}
