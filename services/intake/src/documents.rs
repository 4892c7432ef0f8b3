//! The papers of the register: what happens to a report is told in them, and they are issued with it.

use futures::future::BoxFuture;
use gongxin_chassis::DocumentRules;
use gongxin_documents::{Clock, Draft, Kind, Role};
use gongxin_eventing::Tx;
use gongxin_intake_domain::{Channels, Event, Nature, Officer, Period, Reconsidered, Report};
use gongxin_kernel::{Fault, Power, Staff};
use gongxin_law::{DocumentNumber, Rulebook, legal_day};
use gongxin_pages::{Link, NavItem, local_time};
use jiff::Timestamp;
use uuid::Uuid;

use crate::commands::{broken, next_acceptance};
use crate::{deadlines, pages};

const FILING: &str = "《中华人民共和国刑事诉讼法》第112条";
const ACCEPTANCE: &str = "《公安机关办理刑事案件程序规定》第171条";
const TRANSFER: &str = "《公安机关办理刑事案件程序规定》第175条";
const FILING_REVIEW: &str = "《公安机关办理刑事案件程序规定》第178条";
/// The complainant asks the next level (复核).
const REVIEW: &str = "intake.non_filing.review.request";
const SUPERVISION: &str = "被害人认为应当立案侦查而不立案的，可以请求人民检察院进行立案监督；\
                           属于可以自诉的案件，可以直接向人民法院提起自诉。";

/// Issues the papers that `event` of `report` calls for, in the transaction that records it.
pub(crate) async fn issue(tx: &mut Tx, report: &Report, event: &Event) -> Result<(), Fault> {
    let (at, rules) = (tx.at(), tx.law().rules);
    let matter = report.id().0;
    let draft = match event {
        Event::Registered { number, channels, repeats, .. } => {
            let receipt = receipt(report, channels, repeats.as_deref());
            tx.issue(matter, receipt).await?;
            let criminal = report.state().content.nature == Nature::Criminal;
            if !criminal || report.state().content.reporter.is_none() {
                return Ok(());
            }
            let receipt: DocumentNumber = number.parse().map_err(broken)?;
            let number = next_acceptance(tx, &receipt).await?;
            acceptance(report, &number, channels)
        }
        Event::Filed { decision_number, decided_by, .. } => {
            filing(report, decision_number, decided_by)
        }
        Event::NotFiled { notice_number, .. } => non_filing(report, notice_number, at, rules)?,
        Event::Transferred { document_number, .. } => transfer(report, document_number),
        Event::ReconsiderationDecided { reconsidered, .. } => {
            reconsideration(report, reconsidered, at, rules)?
        }
        Event::NonFilingExplained { document_number, .. } => {
            explanation(report, document_number, at, rules)?
        }
        Event::FilingReviewExtended { .. }
        | Event::PeriodRecomputed { .. }
        | Event::FilingReviewOverdue { .. }
        | Event::NoticeServed { .. }
        | Event::NoticeOverdue { .. }
        | Event::ReconsiderationRequested { .. }
        | Event::ReconsiderationOverdue { .. }
        | Event::NonFilingQuestioned { .. }
        | Event::ExplanationOverdue { .. }
        | Event::TurnedAway { .. }
        | Event::ReconsiderationEnded { .. } => return Ok(()),
    };
    tx.issue(matter, draft).await?;
    Ok(())
}

/// 接报案回执, which everybody gets who reports anything.
fn receipt(report: &Report, channels: &Channels, repeats: Option<&str>) -> Draft {
    let state = report.state();
    let content = &state.content;
    let shown = report.reporter_shown();
    let mut draft = Draft::new(Kind::ReportReceipt, &state.number).by(&content.unit);
    if content.reporter.is_some() {
        draft = draft.to(Role::Reporter, shown.as_deref());
    }
    let draft = draft
        .say("你（单位）反映的情况已经登记，登记内容如下：")
        .fact("来源", content.source.zh())
        .fact("性质", content.nature.zh())
        .fact("案由", content.charge.as_deref().unwrap_or_default())
        .fact("接报时间", local_time(content.told_at))
        .fact("登记时间", local_time(state.registered_at))
        .fact("接受证据", content.evidence.join("；"))
        .fact("案件编号", case_number(report))
        .fact("关联的原接报案", repeats.unwrap_or_default())
        .fact("告知事项", content.told.as_deref().unwrap_or_default());
    asked(draft, report, channels)
}

/// 受案回执, for a criminal report with a known reporter.
fn acceptance(report: &Report, number: &DocumentNumber, channels: &Channels) -> Draft {
    let draft = to_reporter(Kind::AcceptanceReceipt, report, number)
        .say(format!("你（单位）报称的{}，我单位已经受理。", cause(report)))
        .fact("接报案回执", &report.state().number)
        .fact("受案时间", local_time(report.state().registered_at));
    asked(draft, report, channels).on(ACCEPTANCE)
}

/// Who handles it, by when it is decided, where to ask and to complain.
fn asked(draft: Draft, report: &Report, channels: &Channels) -> Draft {
    let review = report.filing_review().map(|review| day(&review.period));
    draft
        .fact("立案审查期限", review.unwrap_or_default())
        .fact("接报民警", named(&report.state().registered_by))
        .fact("查询渠道", channels.inquiry.as_deref().unwrap_or_default())
        .fact("投诉渠道", channels.complaint.as_deref().unwrap_or_default())
}

/// 立案决定书: it stays in the dossier, so it is addressed to nobody.
fn filing(report: &Report, number: &DocumentNumber, decided_by: &Officer) -> Draft {
    let overturned = report.state().stage.filed_after_all().map(|decided| decided.ground.as_str());
    let ground = overturned.or_else(|| report.decision().map(|decision| decision.ground.as_str()));
    Draft::new(Kind::FilingDecision, number.to_string())
        .by(&report.state().content.unit)
        .fact("案件编号", case_number(report))
        .fact("批准人", named(decided_by))
        .say(ground.unwrap_or_default())
        .say(format!("决定对{}立案侦查。", cause(report)))
        .on(FILING)
        .on(FILING_REVIEW)
}

/// 不予立案通知书, with what the complainant can do against it.
fn non_filing(
    report: &Report,
    number: &DocumentNumber,
    at: Timestamp,
    rules: &Rulebook,
) -> Result<Draft, Fault> {
    let request = Ruled::of(rules, deadlines::RECONSIDERATION, at)?;
    let ground = report.decision().map(|decision| decision.ground.as_str());
    let draft = to_reporter(Kind::NonFilingNotice, report, number)
        .say(format!("你（单位）报称的{}，经审查：", cause(report)))
        .say(ground.unwrap_or_default())
        .say("决定不予立案。")
        .on(FILING)
        .on(FILING_REVIEW);
    let days = request.days;
    let text = format!(
        "控告人对本决定不服的，可以自收到本通知书之日起{days}日以内向作出决定的公安机关申请复议。"
    );
    Ok(draft.remedy(text, Some(request.clock)).remedy(SUPERVISION, None))
}

/// 移送案件通知书.
fn transfer(report: &Report, number: &DocumentNumber) -> Draft {
    let receiver = report.receiver().map(gongxin_intake_domain::Receiver::zh).unwrap_or_default();
    let ground = report.decision().map(|decision| decision.ground.as_str());
    to_reporter(Kind::TransferNotice, report, number)
        .say(format!("你（单位）报称的{}，经审查：", cause(report)))
        .say(ground.unwrap_or_default())
        .say(format!("决定将该案移送{receiver}处理。"))
        .on(TRANSFER)
}

/// 刑事复议决定书; upheld, it says how to go on to the next level.
fn reconsideration(
    report: &Report,
    made: &Reconsidered,
    at: Timestamp,
    rules: &Rulebook,
) -> Result<Draft, Fault> {
    let notice = report.decision().map(|decision| decision.document_number.to_string());
    let draft = to_reporter(Kind::ReconsiderationDecision, report, &made.document_number)
        .fact("不予立案通知书", notice.unwrap_or_default())
        .say("你（单位）不服不予立案决定申请复议，经复议查明：")
        .say(&made.ground)
        .say(format!("决定：{}。", made.finding.zh()));
    let draft = Ruled::of(rules, deadlines::RECONSIDERATION_DECISION, at)?.cited(draft);
    if let Some(number) = &made.filing_number {
        return Ok(draft.fact("立案决定书", number.to_string()));
    }
    let review = Ruled::of(rules, REVIEW, at)?;
    let days = review.days;
    let text = format!(
        "控告人对复议决定不服的，可以自收到本决定书之日起{days}日以内向上一级公安机关申请复核。"
    );
    Ok(draft.remedy(text, Some(review.clock)).remedy(SUPERVISION, None))
}

/// 不立案理由说明书, for the procuratorate that asked.
fn explanation(
    report: &Report,
    number: &DocumentNumber,
    at: Timestamp,
    rules: &Rulebook,
) -> Result<Draft, Fault> {
    let mut draft = Draft::new(Kind::NonFilingReasons, number.to_string())
        .by(&report.state().content.unit)
        .to(Role::Procuratorate, None)
        .fact("案件编号", case_number(report));
    if let Some(question) = report.question() {
        draft = draft
            .fact("来文文号", &question.notice_number)
            .fact("收到时间", local_time(question.received_at));
        let reasons = question.answer.as_ref().map(|answer| answer.reasons.as_str());
        draft = draft
            .say(format!("现将{}不立案的理由说明如下：", cause(report)))
            .say(reasons.unwrap_or_default());
    }
    Ok(Ruled::of(rules, deadlines::EXPLANATION, at)?.cited(draft))
}

fn to_reporter(kind: Kind, report: &Report, number: &DocumentNumber) -> Draft {
    let draft = Draft::new(kind, number.to_string()).by(&report.state().content.unit);
    let draft = match report.reporter_shown() {
        Some(name) => draft.to(Role::Reporter, Some(&name)),
        None => draft,
    };
    draft.fact("案件编号", case_number(report))
}

/// What the case is called by its charge, e.g. 盗窃案.
fn cause(report: &Report) -> String {
    let charge = report.state().content.charge.as_deref().unwrap_or_default();
    let name = charge.trim_end_matches(['罪', '案']);
    format!("{name}案")
}

fn case_number(report: &Report) -> String {
    report.case_number().map(ToString::to_string).unwrap_or_default()
}

fn named(officer: &Officer) -> String {
    format!("{}（{}）", officer.name, officer.police_number)
}

fn day(period: &Period) -> String {
    let day = legal_day(period.due_at);
    format!("至{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A rule of the rulebook as a paper cites it.
struct Ruled {
    days: u16,
    clock: Clock,
    articles: Vec<String>,
}

impl Ruled {
    /// The rule in the version that governs an act at `at`; its period must be in calendar days.
    fn of(rules: &Rulebook, rule: &str, at: Timestamp) -> Result<Self, Fault> {
        let rule = rules.rule(rule, legal_day(at)).map_err(broken)?;
        let days = rule.calendar_days();
        let days = days.ok_or_else(|| broken(format!("{} has no calendar days", rule.id)))?;
        let numbered = rule.source.iter().filter(|source| source.article.starts_with('第'));
        let cite =
            |source: &gongxin_law::Source| format!("《{}》{}", source.instrument, source.article);
        Ok(Self {
            days,
            clock: Clock { rule: rule.id.clone(), version: rule.version() },
            articles: numbered.map(cite).collect(),
        })
    }

    /// The draft with the articles of the rule.
    fn cited(self, draft: Draft) -> Draft {
        self.articles.into_iter().fold(draft, Draft::on)
    }
}

/// Who may read a report may read its papers.
#[derive(Debug)]
pub(crate) struct ReportDocuments;

impl DocumentRules for ReportDocuments {
    const POWER: Power = Power::ReadReports;

    fn admits<'t>(
        &'t self,
        _: &'t mut Tx,
        _: &'t Staff,
        _: Uuid,
        _: &'t str,
    ) -> BoxFuture<'t, Result<bool, Fault>> {
        Box::pin(async { Ok(true) })
    }

    fn matter(&self, matter: Uuid) -> Link {
        Link::new(pages::REPORTS, format!("/reports/{matter}"))
    }

    fn nav(&self) -> Vec<NavItem> {
        pages::nav("/reports")
    }
}
