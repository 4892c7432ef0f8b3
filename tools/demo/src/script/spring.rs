//! From the Spring Festival to the first days of May.

use anyhow::{Context as _, ensure};
use gongxin_law::first_instant;
use gongxin_proto::accountability::v1::{
    ClueSource, ClueStage, Conduct, Liability, NoFaultGround, Outcome,
};
use gongxin_proto::disclosure::v1::Holder;
use gongxin_proto::intake::v1::{FilingOutcome, ReceivingOrgan};
use gongxin_proto::supervision::v1::{Determination, FindingKind, Measure};
use jiff::civil::date;

use super::winter::names_matter_only;
use crate::office::account::{DISCIPLINE, PETITIONS, REVIEWER, no_fault};
use crate::office::register::ONLINE;
use crate::office::{LEGAL, Office};
use crate::sample::Path;
use crate::season::local;

pub(super) async fn play(office: &mut Office<'_>) -> anyhow::Result<()> {
    at_the_kiosk(office).await?;
    turned_away(office).await?;
    overdue_at_fault(office).await?;
    why_not_filed(office).await?;
    not_for_the_police(office).await?;
    about_a_reviewer(office).await?;
    answered_late(office).await?;
    appealed(office).await?;
    scored(office).await?;
    followed_to_the_end(office).await
}

/// A woman who was sent away at a station reports at the kiosk and has a receipt at once; the same
/// day a complainant asks to look again at a report that was not filed.
async fn at_the_kiosk(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-02-25", 10).await?;
    let facts = "我的摊位被人砸了，去派出所报案，值班的人让我回去等，什么也没给我。";
    let receipt = office.report_at_kiosk(facts).await?;
    let checked = office.check_receipt(&receipt).await?;
    ensure!(checked.contains("回执真实"), "{checked}");
    office.verify_offline(&receipt)?;
    let changed = receipt.replacen("portal-number: 网报", "portal-number: 网服", 1);
    ensure!(changed != receipt, "the receipt tells its number");
    let checked = office.check_receipt(&changed).await?;
    ensure!(!checked.contains("回执真实"), "a changed receipt is accepted: {checked}");
    office.say("网报", "自助终端报案", "当场出具可离线验证的回执");

    let index = office.nth(Path::NotFiled, 1)?;
    let number = office.entry(index)?.number.clone();
    let due = office.ask_reconsideration(index).await?;
    office.say(&number, "申请复议", &format!("{} 前决定", local(due)));

    office.until("2026-02-25", 14).await?;
    let report = office.register_portal(facts).await?;
    office.say(&report, "网报转为接报登记", "内网民警核实登记");
    Ok(())
}

/// The unit that sent her away.
const SENT_AWAY_BY: &str = "619921530000";

/// What she says of the station is a finding on that station, and no clue by itself.
async fn turned_away(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-02-25", 15).await?;
    let told = "上午去白石派出所报案，值班的人让我回去等。";
    let report = office.turned_away(ONLINE, SENT_AWAY_BY, told).await?;
    office.suite.settle().await?;
    let finding = office.finding_on(&report, FindingKind::ReportTurnedAway).await?;
    let unit = finding.unit.clone().context("a unit")?;
    ensure!(unit.code == SENT_AWAY_BY, "the finding is on the unit she names: {unit:?}");
    office.say(&finding.case_number, "拒绝受理报案", &unit.name);
    let ground = "值班室录像显示未登记即让其离开。";
    office.determine(&finding, Determination::Violation, ground).await?;
    let by = first_instant(date(2026, 3, 1))?;
    office.order(&finding, "当面致歉，组织学习受案规定。", by).await?;
    office.until("2026-02-27", 10).await?;
    let head = office.head_of(SENT_AWAY_BY)?;
    office.rectify(&finding, &head, "已当面致歉，并组织全所学习。").await?;
    office.until("2026-02-27", 16).await?;
    office.confirm(&finding, "报案人表示接受。").await?;
    office.close(&finding, "已整改。").await?;
    let clues = office.clues_on(&finding.case_number).await?.len();
    ensure!(clues == 0, "what a reporter says is no clue by itself");
    Ok(())
}

/// A notice of the procuratorate is answered after its time: taken, marked as late, one finding.
async fn answered_late(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-03-19", 10).await?;
    let index = office.nth(Path::FiledArrestRefused, 0)?;
    let due = first_instant(date(2026, 3, 23))?;
    let notice = office.notice_comes(index, due).await?;
    office.say(&notice.number, "纠正违法通知书", &format!("{} 前回复", local(due)));

    office.until("2026-03-23", 9).await?;
    let case = office.entry(index)?.report_id.clone();
    let finding = office.finding_on(&case, FindingKind::ViolationNoticeOverdue).await?;
    let (paper, late) = office.answer_notice(&notice.notice_id).await?;
    ensure!(late, "an answer after its time says so");
    office.say(&notice.number, "逾期回复", &paper);
    let ground = "承办人出差，法制大队未催办，属工作疏忽。";
    office.determine(&finding, Determination::Blemish, ground).await?;
    let by = first_instant(date(2026, 3, 30))?;
    office.order(&finding, "建立检察文书到期提醒。", by).await?;
    office.until("2026-03-23", 16).await?;
    let head = office.unit_head(index)?;
    office.rectify(&finding, &head, "已建立登记和提醒。").await?;
    office.until("2026-03-24", 9).await?;
    office.confirm(&finding, "登记簿属实。").await?;
    office.close(&finding, "已整改。").await
}

/// A filing review that nobody decided in time: all four hands, to a decision.
async fn overdue_at_fault(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-03-02", 9).await?;
    let index = office.nth(Path::OverdueThenFiled, 1)?;
    let case = office.entry(index)?.report_id.clone();
    let finding = office.finding_on(&case, FindingKind::FilingReviewOverdue).await?;
    names_matter_only(&finding)?;
    let ground = "无延长手续，值班交接遗漏，超期无正当理由。";
    office.determine(&finding, Determination::Violation, ground).await?;
    office.send_clue(&finding, "filing.late", ground).await?;
    let by = first_instant(date(2026, 3, 10))?;
    office.order(&finding, "清理未审结接报案并报结果。", by).await?;

    office.until("2026-03-04", 9).await?;
    let clue = office.clue_of_finding(&finding.case_number).await?;
    office.say(&clue.number, "线索由发现自动受理", &finding.case_number);
    let who = office.desk(index)?;
    let ground = "当日主办并负责该案立案审查，未提请延长。";
    let findings = "调取交接班记录和系统日志，超期属实。";
    office.verify_clue(&clue.clue_id, findings, &[(&who, ground)], false).await?;
    office.until("2026-03-05", 15).await?;
    office.hear(&clue.clue_id, &who, "春节期间警情较多，交接时漏看了该案。").await?;
    let opinion = "构成超期审查立案的执法过错，情节较轻。";
    office.until("2026-03-09", 10).await?;
    office.opine(REVIEWER, &clue.clue_id, opinion).await??;
    let head = office.unit_head(index)?;
    office.rectify(&finding, &head, "已清理，无其他超期。").await?;
    office.until("2026-03-11", 10).await?;
    office.confirm(&finding, "清理结果属实。").await?;
    office.close(&finding, "已整改，线索另行办理。").await?;
    let decision = liable(&who, Liability::AdmonitionTalk, "过失，未造成后果。");
    let papers = office.decide_clue(&clue.clue_id, decision).await?;
    let paper = papers.first().context("a decision on liability has its paper")?;
    office.say(&clue.number, "决定", paper);
    office.until("2026-03-12", 10).await?;
    let until = office.serve_decision(&clue.clue_id, &who).await?;
    office.say(&clue.number, "送达", &format!("可申诉至 {}", local(until)));
    ensure!(office.own_file(&who).await?.is_empty(), "nothing enters the file before it is final");
    office.until("2026-03-16", 9).await?;
    office.appeal(&clue.clue_id, &who, "当日已口头报告带班领导。").await
}

fn liable(who: &str, liability: Liability, reason: &str) -> Outcome {
    Outcome {
        police_number: who.to_owned(),
        liability: liability.into(),
        clause_id: "filing.late".to_owned(),
        reason: reason.to_owned(),
        ..Outcome::default()
    }
}

/// Not filed: the complainant asks for reconsideration, the procuratorate asks why.
async fn why_not_filed(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-03-16", 10).await?;
    let index = office.nth(Path::NotFiled, 1)?;
    let number = office.entry(index)?.number.clone();
    let paper = office.uphold(index).await?;
    office.say(&number, "复议维持不予立案", &paper);
    office.until("2026-03-16", 11).await?;
    let due = office.asked_why(index).await?;
    office.say(&number, "检察机关要求说明不立案理由", &format!("{} 前答复", local(due)));
    office.until("2026-03-16", 13).await?;
    let paper = office.answer_why(index).await?;
    office.say(&number, "不立案理由说明书", &paper);
    Ok(())
}

/// A duty crime cannot be filed here; it goes to the supervisory commission (SL 34).
async fn not_for_the_police(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-03-16", 14).await?;
    let report = office.hear_of_duty_crime().await?;
    let organ = ReceivingOrgan::Unspecified;
    let answer = office.decide_duty_crime(FilingOutcome::Filed, organ).await?;
    office.refused("职务犯罪", "公安机关立案被拒", answer, "DUTY_CRIME")?;
    let organ = ReceivingOrgan::SupervisoryCommission;
    let paper = office.decide_duty_crime(FilingOutcome::Transferred, organ).await??;
    office.say(&report, "移送监察委员会", &paper);
    Ok(())
}

/// Where a reviewer is concerned, the legal department does not determine (ACC-13).
async fn about_a_reviewer(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-03-17", 9).await?;
    let facts = "来信反映某案审核意见拖延，影响办案进度。";
    let source = (ClueSource::Petition, Conduct::DoneLate);
    let clue = office.open_clue(PETITIONS, source.0, source.1, LEGAL, facts).await?;
    office.until("2026-03-19", 9).await?;
    let findings = "审核用时在规定期限内，反映不实。";
    office.verify_clue(&clue, findings, &[], true).await?;
    let answer = office.opine(REVIEWER, &clue, "不构成过错。").await?;
    office.refused("线索", "法制部门认定自身被拒", answer, "CONFLICT_OF_INTEREST")?;
    office.opine(DISCIPLINE, &clue, "审核在期限内完成，不构成过错。").await??;
    let outcome = no_fault("", NoFaultGround::NotEstablished, "查证不实，已答复来信人。");
    office.decide_clue(&clue, outcome).await?;
    office.say("线索", "由纪检认定，无过错", "涉及法制部门，法制部门回避");
    Ok(())
}

/// The appeal is decided by another hand; then the decision is in the officer's own file.
async fn appealed(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-03-24", 10).await?;
    let index = office.nth(Path::OverdueThenFiled, 1)?;
    let number = office.entry(index)?.case_number.clone();
    let clue = office.clue_on(&number).await?;
    let who = office.desk(index)?;
    let upheld = liable(&who, Liability::AdmonitionTalk, "口头报告查无记录，原决定适当。");
    ensure!(office.decide_appeal(&clue.clue_id, upheld).await?, "the decision stands");
    let file = office.own_file(&who).await?;
    ensure!(file.len() == 1, "the officer sees {} entries of the own file", file.len());
    let clue = office.clue(DISCIPLINE, &clue.clue_id).await?;
    ensure!(clue.stage() == ClueStage::Closed, "{:?}", clue.stage());
    office.say(&clue.number, "申诉维持，记入终身档案", &file[0].document_number);
    Ok(())
}

/// A lawful scheme: each deduction is explained by a confirmed finding.
async fn scored(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-04-10", 10).await?;
    let measures = [(Measure::FilingReviewOverdue, 5), (Measure::RecordingMissing, 3)];
    let scheme = office.define_scheme("受案立案和录音录像考评", &measures).await??;
    let index = office.nth(Path::OverdueThenFiled, 1)?;
    let unit = office.unit_of(&office.sample.cases[index].unit.clone());
    let name = unit.name.clone();
    let score = office.score(&scheme, unit, first_instant(date(2026, 1, 1))?).await?;
    ensure!(score.score == 95 && score.deductions.len() == 1, "{score:?}");
    office.say("考评", &name, "95 分，扣分逐项对应已确认的发现");
    Ok(())
}

/// The victim of the first case sees its way to the judgment, and nobody's name.
async fn followed_to_the_end(office: &mut Office<'_>) -> anyhow::Result<()> {
    office.until("2026-04-20", 10).await?;
    let index = office.nth(Path::FiledArrestApproved, 0)?;
    let number = office.entry(index)?.number.clone();
    let code = office.issue_code(index, Holder::Victim, "").await?.query_code;
    let page = office.query(&number, &code).await?;
    for step in ["移送人民检察院审查起诉", "退回补充侦查", "提起公诉", "一审判决"]
    {
        ensure!(page.contains(step), "the victim does not see {step}: {page}");
    }
    for suspect in &office.sample.cases[index].suspects {
        ensure!(!page.contains(&suspect.name), "{} stands on a public page", suspect.name);
    }
    let key = office.sample.cases[index].key.clone();
    office.say(&key, "被害人查询", "移送、退查、起诉、判决均可见");
    Ok(())
}
