//! The books at the end: what there is, and whether it fits together.

use std::collections::BTreeMap;

use anyhow::Context as _;
use gongxin_proto::intake::v1::{GetReportRequest, ListReportsRequest, ReportLine};
use gongxin_proto::operations::v1::GetStatusResponse;
use gongxin_proto::review::v1::{ExitStage, GetCaseRequest, ListCasesRequest};
use gongxin_transparency::{Receipt, VerifierKey};
use serde::Deserialize;

use crate::season::{Ledger, local};
use crate::suite::Suite;

/// Who closes the books: a supervision officer of the legal department.
const READER: &str = "619005";

/// Lines of the reconciliation.
#[derive(Default)]
struct Books {
    balanced: bool,
}

impl Books {
    fn line(&mut self, what: &str, fits: bool, numbers: &str) {
        self.balanced &= fits;
        let mark = if fits { "✓" } else { "✗ 不平" };
        println!("  {mark}  {what}：{numbers}");
    }
}

/// Prints summary and reconciliation; false when the books do not balance.
pub(crate) async fn print(suite: &mut Suite, ledger: &Ledger) -> anyhow::Result<bool> {
    suite.settle().await?;
    let statuses = suite.statuses().await?;
    let reports = list_reports(suite).await?;
    summary(suite, ledger, &reports);

    println!("\n核对 reconciliation（{}）", local(ledger.ended_at));
    let mut books = Books { balanced: true };
    registered(&mut books, ledger, &reports);
    receipts(suite, &mut books, ledger)?;
    let revisions = intake_revisions(suite, &reports).await?;
    log_line(&mut books, "执法管理：记录版本 = 日志条目", &statuses, "intake", revisions);
    let (revisions, exits) = review_case_files(suite).await?;
    log_line(&mut books, "执法运行：记录版本 = 日志条目", &statuses, "review", revisions);
    cursors(&mut books, &statuses);
    exchange(suite, &mut books, ledger, &exits).await?;
    deadlines(&mut books, &statuses);
    println!("{}", if books.balanced { "全部相符。" } else { "有不相符之处。" });
    Ok(books.balanced)
}

fn summary(suite: &Suite, ledger: &Ledger, reports: &[ReportLine]) {
    println!("\n汇总 summary");
    let mut stages: BTreeMap<&str, usize> = BTreeMap::new();
    for report in reports {
        *stages.entry(report.stage().as_str_name()).or_default() += 1;
    }
    for (stage, count) in stages {
        println!("  {count:>4}  {}", stage.trim_start_matches("REPORT_STAGE_").to_lowercase());
    }
    let overdue = reports.iter().filter(|report| report.overdue).count();
    println!("  {overdue:>4}  立案审查超期（倒查自动启动）");
    println!("  {:>4}  次操作；{} 次按规定被拒绝：", ledger.acts, ledger.refusals.len());
    for refusal in &ledger.refusals {
        println!("        {refusal}");
    }
    if let Some((key, entry)) = ledger.entries.iter().find(|(_, entry)| !entry.exits.is_empty()) {
        println!("  链路示例 {key}：{}/case/{}", suite.places.traces, entry.case_number);
    }
}

async fn list_reports(suite: &mut Suite) -> anyhow::Result<Vec<ReportLine>> {
    let (mut all, mut token) = (Vec::new(), String::new());
    loop {
        let call =
            suite.call(READER, ListReportsRequest { page_size: 50, page_token: token }).await?;
        let page = suite.intake.list_reports(call).await?.into_inner();
        all.extend(page.reports);
        token = page.next_page_token;
        if token.is_empty() {
            return Ok(all);
        }
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
    let text = std::fs::read_to_string(suite.places.folder.join("log-keys"))?;
    let keys: Vec<VerifierKey> = text.lines().map(str::parse).collect::<Result<_, _>>()?;
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
        let call = suite.call(READER, message).await?;
        let report = suite.intake.get_report(call).await?.into_inner().report;
        sum += u64::from(report.context("a report")?.revision);
    }
    Ok(sum)
}

/// Exits by document number, with whether the procuratorate has answered.
type Exits = BTreeMap<String, ExitStage>;

async fn review_case_files(suite: &mut Suite) -> anyhow::Result<(u64, Exits)> {
    let (mut sum, mut exits, mut token) = (0, Exits::new(), String::new());
    loop {
        let call =
            suite.call(READER, ListCasesRequest { page_size: 50, page_token: token }).await?;
        let page = suite.review.list_cases(call).await?.into_inner();
        for line in page.cases {
            let call = suite.call(READER, GetCaseRequest { case_id: line.case_id }).await?;
            let case = suite.review.get_case(call).await?.into_inner().case.context("a case")?;
            sum += u64::from(case.revision);
            let stages = case.exits.iter().map(|exit| (exit.document_number.clone(), exit.stage()));
            exits.extend(stages);
        }
        token = page.next_page_token;
        if token.is_empty() {
            return Ok((sum, exits));
        }
    }
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
    books.line(what, revisions == size && waiting == 0, &format!("{revisions} = {size}"));
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
    let numbers = format!(
        "审批 {made}，出口 {}，检察机关收到 {received}，已决定 {answered}，决定已回 {back}",
        exits.len()
    );
    let fits = [exits.len(), theirs.papers.len(), received, answered, back]
        .iter()
        .all(|count| *count == made);
    books.line("统一出口：发出 = 收到 = 决定 = 回复", fits, &numbers);
    Ok(())
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
        println!(
            "     {rule}：按期 {}，逾期完成 {}，不再适用 {}，未到期 {}，逾期未结 {}",
            of("met"),
            of("met_late"),
            of("cancelled"),
            of("running"),
            of("overdue"),
        );
    }
    let running: u64 = rules.values().filter_map(|states| states.get("running")).sum();
    let numbers = format!("未到期 {running}（期限未满），逾期未结 {overdue_open}");
    books.line("期限已结，或因未到期而开放", overdue_open == 0, &numbers);
}
