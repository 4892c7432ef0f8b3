//! From the turn of the year to the Spring Festival.

use anyhow::{Context as _, ensure};
use gongxin_law::{first_instant, legal_day};
use gongxin_proto::accountability::v1::NoFaultGround;
use gongxin_proto::disclosure::v1::Holder;
use gongxin_proto::intake::v1::ReportSource;
use gongxin_proto::supervision::v1::{Determination, Finding, FindingKind, FindingStage, Measure};
use jiff::civil::date;

use crate::office::account::{DISCIPLINE, HEAD, REVIEWER, no_fault};
use crate::office::supervise::SUPERVISOR;
use crate::office::{ADMINISTRATOR, Office};
use crate::sample::{IN_FESTIVAL, Path};

/// The case whose interrogation nobody records in time.
pub(crate) const UNRECORDED: (Path, usize) = (Path::FiledArrestApproved, 2);

pub(super) async fn play(office: &mut Office<'_>) -> anyhow::Result<()> {
    recording_missing(office).await?;
    office.until("2026-01-05", 9).await?;
    let open = office.ledger.entries.len();
    ensure!(open > 5, "the season begins with open cases of earlier months, not with {open}");
    office.say("季初", "此前月份未结案件", &open.to_string());
    overdue_but_lawful(office).await?;
    forbidden_measure(office).await?;
    followed_by_the_victim(office).await?;
    forgotten_call(office).await?;
    sent_past_the_gate(office).await?;
    forgotten_call_registered(office).await?;
    interference(office).await?;
    handed_over(office).await?;
    never_published(office).await?;
    in_the_festival(office).await
}

/// A recording is missing: warned, alarmed, determined, supervised, rectified, confirmed, closed.
async fn recording_missing(office: &mut Office<'_>) -> anyhow::Result<()> {
    let index = office.nth(UNRECORDED.0, UNRECORDED.1)?;
    office.until("2025-12-30", 14).await?;
    let case = office.entry(index)?.report_id.clone();
    let warned = office.finding_on(&case, FindingKind::RecordingMissing).await?;
    ensure!(warned.stage() == FindingStage::Warned, "{:?}", warned.stage());
    office.say(&warned.case_number, "预警", "讯问录音录像尚未登记");

    office.until("2025-12-30", 18).await?;
    let alarmed = office.finding(&warned.finding_id).await?;
    ensure!(alarmed.stage() == FindingStage::Alarmed, "{:?}", alarmed.stage());
    office.say(&alarmed.case_number, "报警", "讯问录音录像逾期未登记");

    office.until("2025-12-31", 9).await?;
    let ground = "讯问已录制但未及时登记，违反讯问录音录像规定。";
    office.determine(&alarmed, Determination::Violation, ground).await?;
    let by = first_instant(date(2026, 1, 6))?;
    office.order(&alarmed, "补登录音录像并核对办案区监控。", by).await?;
    office.until("2025-12-31", 16).await?;
    office.record_interrogations(index).await?;
    let head = office.unit_head(index)?;
    office.rectify(&alarmed, &head, "已补登录音录像，并组织学习。").await?;
    office.until("2026-01-04", 10).await?;
    office.confirm(&alarmed, "录音录像与讯问笔录时间一致。").await?;
    office.close(&alarmed, "已整改并确认。").await
}

/// A filing review that went overdue by a lawful reason; its clue ends with no fault.
async fn overdue_but_lawful(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-06", 9).await?;
    let index = office.nth(Path::OverdueThenFiled, 0)?;
    let case = office.entry(index)?.report_id.clone();
    let finding = office.finding_on(&case, FindingKind::FilingReviewOverdue).await?;
    names_matter_only(&finding)?;
    let reason = "大雪封路致现场勘查推迟，已留有记录，系客观原因。";
    office.determine(&finding, Determination::Lawful, reason).await?;
    office.close(&finding, reason).await?;

    let clue = office.clue_of_finding(&finding.case_number).await?;
    office.say(&clue.number, "倒查线索自动受理", "只列案件和单位，不列人员");
    let findings = "经核查出警和勘查记录，延误由道路封闭造成，未发现民警过错。";
    office.verify_clue(&clue.clue_id, findings, &[], false).await?;
    office.opine(REVIEWER, &clue.clue_id, "同意核查意见，不构成执法过错。").await??;
    let outcome = no_fault("", NoFaultGround::Irresistible, "大雪封路不可抗拒，有气象和交通记录。");
    ensure!(office.decide_clue(&clue.clue_id, outcome).await?.is_empty(), "nobody is liable");
    office.say(&clue.number, "线索办结", "无过错，说明理由");
    Ok(())
}

/// Case and unit, and no officer in any step.
pub(super) fn names_matter_only(finding: &Finding) -> anyhow::Result<()> {
    let named = finding.steps.iter().any(|step| step.officer.is_some());
    ensure!(!finding.case_number.is_empty() && finding.unit.is_some() && !named, "{finding:?}");
    Ok(())
}

/// A rate of arrests can be no measure.
async fn forbidden_measure(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-08", 10).await?;
    let wanted = [(Measure::RecordingMissing, 2), (Measure::ArrestRate, 5)];
    let answer = office.define_scheme("刑侦专项考评（草案）", &wanted).await?;
    office.refused("考评", "以批捕率考评被拒", answer, "FORBIDDEN_MEASURE")
}

/// The victim follows the case; a relative who is the opposing party sees what a stranger sees.
async fn followed_by_the_victim(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-09", 15).await?;
    let index = office.nth(Path::FiledArrestApproved, 0)?;
    let number = office.entry(index)?.number.clone();
    let victim = office.issue_code(index, Holder::Victim, "").await?;
    let page = office.query(&number, &victim.query_code).await?;
    ensure!(page.contains(&number) && page.contains("立案"), "the victim sees the steps: {page}");
    let case = &office.sample.cases[index];
    let private = case.suspects.iter().map(|suspect| &suspect.name).chain([&case.told]);
    for secret in private {
        ensure!(!page.contains(secret.as_str()), "{secret} stands on a public page");
    }
    office.say(&case.key.clone(), "被害人查询", "只见公开环节");

    let relative = office.issue_code(index, Holder::Family, "户口簿").await?;
    office.shut_out(index, &relative.code_id).await?;
    let after = office.query(&number, &relative.query_code).await?;
    let wrong = office.query(&number, "AAAAABBBBB").await?;
    ensure!(after == wrong && !after.contains("立案"), "the answer tells a shut-out relative");
    office.say("查询", "对方当事人查询", "与输错查询码的答复逐字节相同");
    Ok(())
}

/// A penalty decision of 2026 is sealed; nobody can publish it.
async fn never_published(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-20", 10).await?;
    let index = office.nth(Path::FiledBail, 0)?;
    let answer = office.propose_penalty(index).await?;
    office.refused("公开", "治安处罚决定公开被拒", answer, "NOT_PUBLISHABLE")
}

/// Inside the Spring Festival (15 to 23 February) a period of procedure moves, and custody does
/// not (CPL 105); the pages say why.
async fn in_the_festival(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-02-17", 9).await?;
    let index = office.by_key(IN_FESTIVAL)?;
    let case = office.get_case(index).await?;
    let custody = case.suspects[0].period.clone().context("a custody clock runs")?;
    let ends = legal_day(custody.due_at.parse()?);
    ensure!(date(2026, 2, 15) <= ends && ends <= date(2026, 2, 23), "custody ends on {ends}");
    let path = format!("/cases/{}", case.case_id);
    let page = office.suite.page(SUPERVISOR, "review", &path).await?;
    ensure!(page.contains("不顺延"), "the page does not say why custody is not moved");
    office.say(IN_FESTIVAL, "春节期间羁押期限不顺延", &ends.to_string());

    let index = office.nth(Path::OverdueThenFiled, 1)?;
    let entry = office.entry(index)?.clone();
    let ends = legal_day(entry.due_at.context("a filing review runs")?);
    ensure!(ends == date(2026, 2, 24), "the filing review ends on {ends}");
    let path = format!("/reports/{}", entry.report_id);
    let page = office.suite.page(SUPERVISOR, "intake", &path).await?;
    ensure!(page.contains("跳过") && !page.contains("不顺延"), "the page does not say it is moved");
    office.say(&entry.case_number, "立案审查期限遇春节顺延", &ends.to_string());
    Ok(())
}

/// The attempt to send past the legal department is a finding, never a clue by itself.
async fn sent_past_the_gate(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-13", 20).await?;
    let index = office.nth(Path::FiledArrestRefused, 0)?;
    let case = office.entry(index)?.report_id.clone();
    let finding = office.finding_on(&case, FindingKind::DirectSendingRefused).await?;
    office.determine(&finding, Determination::Blemish, "首次使用系统，误选移送方式。").await?;
    let by = first_instant(date(2026, 1, 20))?;
    office.order(&finding, "组织学习统一出口规定。", by).await?;
    make_up_for_the_call(office).await?;
    office.until("2026-01-15", 15).await?;
    let head = office.unit_head(index)?;
    office.rectify(&finding, &head, "已组织全所学习。").await?;
    office.until("2026-01-16", 9).await?;
    office.confirm(&finding, "学习记录属实。").await?;
    office.close(&finding, "已整改。").await?;
    let clues = office.clues_on(&finding.case_number).await?.len();
    ensure!(clues == 0, "a refused attempt is a finding only");

    // What the law leaves open is no attempt to go past the gate.
    let before = office.suite.findings().await?.len();
    office.write_to_residents(office.nth(Path::FiledArrestApproved, 0)?).await?;
    let after = office.suite.findings().await?.len();
    ensure!(before == after, "an open channel opened a finding");
    Ok(())
}

/// The unit that forgot a call, its number and what was told.
const FORGOTTEN: (&str, &str, &str) = (
    "619921520000",
    "J6199210000202601120177",
    "在青溪镇集市被人扒走手机一部，打了110，民警来看了一眼就走了。",
);

/// Of two calls nobody makes a report. One was help, and the desk says so; the other is found by
/// the daily check and fed back the same day.
async fn forgotten_call(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-12", 16).await?;
    let (unit, number, told) = FORGOTTEN;
    let (at, unit) = (office.suite.now(), office.unit_of(unit));
    let (call, check) = office.take_call(number, at, told, unit.clone()).await?;
    let help = "J6199210000202601120180";
    office.take_call(help, at, "老人在路边迷路，请求帮助。", unit).await?;
    office.justify_call(help, "已将老人送回家中，家属签字。").await?;
    ensure!(legal_day(check) == date(2026, 1, 13), "the daily check of the next day: {check}");

    office.until("2026-01-13", 19).await?;
    let finding = office.finding_on(&call, FindingKind::ReportUnregistered).await?;
    names_matter_only(&finding)?;
    ensure!(finding.case_number == number, "the finding names the call");
    office.say(number, "日巡查", "警情未登记，当日反馈");
    office.determine(&finding, Determination::Violation, "出警后未登记，无正当理由。").await?;
    let by = first_instant(date(2026, 1, 15))?;
    office.order(&finding, "立即登记并向报警人出具回执。", by).await
}

/// The next morning the unit registers the call, which stays marked as late.
async fn make_up_for_the_call(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-14", 9).await?;
    let (unit, number, told) = FORGOTTEN;
    let report = office.register_forgotten(number, told, unit).await?;
    let calls = office.suite.calls().await?;
    let call = calls.iter().find(|call| call.call_number == number).context("the call")?.clone();
    let finding = office.finding_on(&call.call_id, FindingKind::ReportUnregistered).await?;
    let head = office.head_of(unit)?;
    office.rectify(&finding, &head, "已登记，并向报警人补送回执。").await?;
    office.say(&report, "补登警情", number);
    Ok(())
}

/// The unit has made up for it; the clue, which opened by itself, ends without fault.
async fn forgotten_call_registered(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-19", 9).await?;
    let (unit, number, _) = FORGOTTEN;
    let calls = office.suite.calls().await?;
    let call = calls.iter().find(|call| call.call_number == number).context("the call")?;
    ensure!(call.overdue && !call.report_number.is_empty(), "registered late: {call:?}");
    let finding = office.finding_on(&call.call_id, FindingKind::ReportUnregistered).await?;
    office.confirm(&finding, "已登记并补送回执。").await?;
    office.close(&finding, "已整改。").await?;
    let clue = office.clue_of_finding(number).await?;
    let who = office.sample.officer(unit, gongxin_kernel::Post::ReportOfficer, 0)?;
    let ground = "当日带队出警，未登记警情。";
    office
        .verify_clue(&clue.clue_id, "出警记录仪显示已到场处置。", &[(&who, ground)], false)
        .await?;
    office.hear(&clue.clue_id, &who, "报警人当场表示自行寻找，以为不用登记。").await?;
    office.opine(REVIEWER, &clue.clue_id, "报警人当场撤回请求，属可谅解的误认。").await??;
    let reason = "报警人当场表示不再要求处理，有录像为证。";
    let outcome = no_fault(&who, NoFaultGround::Counterpart, reason);
    office.decide_clue(&clue.clue_id, outcome).await?;
    office.say(&clue.number, "线索办结", "无过错，说明理由");
    Ok(())
}

/// An agency and the police of another county hand incidents over; each is registered and has its
/// receipt like every other report.
async fn handed_over(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-19", 17).await?;
    let fireworks =
        ("明川县城关镇北关仓库", "检查时发现仓库内违规存放烟花爆竹四十箱，现将案件移送。");
    let fight =
        ("明川县城关镇汽车站", "两名乘客在车上争执后互殴，车到明川下客，现移送管辖地处理。");
    for (key, source, what, told) in [
        ("行政机关移送", ReportSource::TransferAdministrative, "应急管理局移送", fireworks),
        ("外地公安移送", ReportSource::TransferPolice, "邻县公安局移送", fight),
    ] {
        let number = office.handed_in(key, source, told).await?;
        office.say(&number, what, "登记并出具回执");
    }
    Ok(())
}

/// A record of interference is seen by discipline inspection alone.
async fn interference(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-01-19", 16).await?;
    let index = office.nth(Path::FiledCorrectedThenApproved, 2)?;
    let number = office.entry(index)?.case_number.clone();
    let recorder = office.handler(index)?;
    office.record_interference(&recorder, &number).await?;
    for other in [SUPERVISOR, HEAD, ADMINISTRATOR] {
        let answer = office.interference_seen(other).await?;
        office.refused("干预记录", "非纪检人员查看被拒", answer, "POWER_MISSING")?;
    }
    let seen = office.interference_seen(DISCIPLINE).await??;
    ensure!(seen == 1, "discipline inspection sees {seen} records");
    office.say("干预记录", "仅纪检可见", "1 条");
    Ok(())
}
