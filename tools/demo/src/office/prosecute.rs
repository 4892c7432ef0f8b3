//! From the conclusion of an investigation to the judgment.

use anyhow::{Context as _, ensure};
use gongxin_proto::review::v1::{
    Case, ConcludeExaminationRequest, ConcludeInvestigationRequest, DossierPart, MeasureStage,
    ReviewItem, SubmitRequestRequest,
};
use gongxin_proto::timestamp;
use jiff::SignedDuration;
use serde_json::json;

use super::{Office, request_id};
use crate::sample::Path;
use crate::season::{last_day, later};
use crate::story::{Act, Next};

const PARTS: [DossierPart; 6] = [
    DossierPart::Draft,
    DossierPart::ConclusionReport,
    DossierPart::LitigationFile,
    DossierPart::TransferList,
    DossierPart::EvidenceList,
    DossierPart::Identity,
];
/// What the procuratorate wants to know when it returns a case.
const TASKS: [&str; 2] = ["补充被盗财物价格认定", "核实赃物去向"];
/// How long the court takes after the prosecution, with an hour to spare.
const COURT: SignedDuration = SignedDuration::from_hours(481);

impl Office<'_> {
    /// The pre-trial examination is concluded and the report on the conclusion approved. The
    /// first case of the season is sent off too early before, and refused.
    pub(crate) async fn conclude(&mut self, index: usize) -> anyhow::Result<()> {
        let case = self.get_case(index).await?;
        let handler = self.handler(index)?;
        if self.is_first(index, Path::FiledArrestApproved) {
            let suspect = case.suspects.first().context("a suspect")?;
            let item = ReviewItem::ProsecutionTransfer;
            let message = asks(&case, &suspect.suspect_id, item, Vec::new());
            let call = self.suite.call(&handler, message).await?;
            let answer = self.suite.review.submit_request(call).await;
            let key = self.case(index).key.clone();
            let what = "未终结侦查即移送起诉被拒";
            self.refused(&key, what, answer, "INVESTIGATION_NOT_CONCLUDED")?;
        }
        let record = self.paper("预审");
        let message = ConcludeExaminationRequest {
            request_id: request_id(),
            case_id: case.case_id.clone(),
            document_number: record,
            concluded_at: Some(timestamp(self.suite.now() - SignedDuration::from_mins(30))),
        };
        let call = self.suite.call(&handler, message).await?;
        self.suite.review.conclude_examination(call).await?;
        let report = self.paper("侦终");
        let message = ConcludeInvestigationRequest {
            request_id: request_id(),
            case_id: case.case_id,
            document_number: report.clone(),
        };
        let leader = self.leader(index)?;
        let call = self.suite.call(&leader, message).await?;
        self.suite.review.conclude_investigation(call).await?;
        self.tell(index, "侦查终结", &report);
        Ok(())
    }

    /// Every suspect's case is put to the legal department for the transfer.
    pub(crate) async fn transfer(&mut self, index: usize) -> anyhow::Result<()> {
        if self.is_first(index, Path::FiledArrestApproved) {
            self.plan(index, json!([{ "decision": "return", "tasks": TASKS }]))?;
        }
        if self.nth(Path::FiledBail, 1).is_ok_and(|one| one == index) {
            let reasons = "犯罪情节轻微，依照刑法不需要判处刑罚。";
            self.plan(index, json!({ "decision": "not_prosecute", "reasons": reasons }))?;
        }
        let count = self.ask(index, ReviewItem::ProsecutionTransfer, &[]).await?;
        self.tell(index, "报请审核", &format!("移送审查起诉 {count} 人"));
        Ok(())
    }

    /// Each task of the return is answered.
    pub(crate) async fn report_back(&mut self, index: usize) -> anyhow::Result<()> {
        let findings = ["价格认定书已补充入卷", "赃物已由收购人退回，附扣押清单"];
        self.ask(index, ReviewItem::SupplementaryReport, &findings).await?;
        self.tell(index, "报请审核", "补充侦查报告，逐项答复");
        Ok(())
    }

    async fn ask(
        &mut self,
        index: usize,
        item: ReviewItem,
        findings: &[&str],
    ) -> anyhow::Result<usize> {
        let case = self.get_case(index).await?;
        let handler = self.handler(index)?;
        let mut requests = Vec::new();
        for suspect in &case.suspects {
            let findings = findings.iter().map(|text| (*text).to_owned()).collect();
            let message = asks(&case, &suspect.suspect_id, item, findings);
            let call = self.suite.call(&handler, message).await?;
            let answer = self.suite.review.submit_request(call).await?.into_inner();
            requests.push(answer.review_request_id);
        }
        let count = requests.len();
        self.entry_mut(index).requests = requests;
        Ok(count)
    }

    /// Reviewed, approved, out by the one exit.
    pub(crate) async fn send_off(&mut self, index: usize) -> anyhow::Result<()> {
        self.review(index).await?;
        self.approve(index).await
    }

    /// What the procuratorate has decided, and what follows: a report on each task of a return,
    /// the court, or nothing more.
    pub(crate) async fn look_for_ruling(&mut self, index: usize) -> anyhow::Result<Next> {
        let now = self.suite.now();
        let case = self.get_case(index).await?;
        let last = case.exits.last().context("an exit")?;
        let stage = one_stage(&case)?;
        let next = match stage {
            MeasureStage::Supplementing => {
                ensure!(last.tasks == TASKS, "the tasks of the return: {:?}", last.tasks);
                let due = last.report.as_ref().context("a period of the return")?.due_at.parse()?;
                let more = format!(
                    "{}，{} 项，{} 前报告",
                    last.answer_number,
                    last.tasks.len(),
                    last_day(due)
                );
                self.tell(index, "退回补充侦查", &more);
                Some((later(now, 9, 9, 0)?, Act::Report))
            }
            MeasureStage::Prosecuted => {
                self.tell(index, "提起公诉", &last.answer_number);
                Some((now + COURT, Act::LookForJudgment))
            }
            MeasureStage::NotProsecuted => {
                self.tell(index, "不起诉", &last.answer_number);
                None
            }
            other => anyhow::bail!("the procuratorate decided, and a suspect is at {other:?}"),
        };
        Ok(next)
    }

    pub(crate) async fn look_for_judgment(&mut self, index: usize) -> anyhow::Result<()> {
        let case = self.get_case(index).await?;
        let stage = one_stage(&case)?;
        ensure!(
            stage == MeasureStage::Convicted,
            "the court judged, and a suspect is at {stage:?}"
        );
        self.tell(index, "一审判决", &format!("{} 人有罪", case.suspects.len()));
        Ok(())
    }
}

/// The stage that all suspects of a case are at.
fn one_stage(case: &Case) -> anyhow::Result<MeasureStage> {
    let stage = case.suspects.first().context("a suspect")?.stage();
    let same = case.suspects.iter().all(|suspect| suspect.stage() == stage);
    ensure!(same, "the suspects are at several stages");
    Ok(stage)
}

fn asks(
    case: &Case,
    suspect: &str,
    item: ReviewItem,
    findings: Vec<String>,
) -> SubmitRequestRequest {
    SubmitRequestRequest {
        request_id: request_id(),
        case_id: case.case_id.clone(),
        suspect_id: suspect.to_owned(),
        item: item.into(),
        parts: PARTS.iter().map(|part| (*part).into()).collect(),
        ground: "犯罪事实清楚，证据确实、充分，依法应当追究刑事责任。".to_owned(),
        findings,
    }
}
