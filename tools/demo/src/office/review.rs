//! Acts of the handling unit, the legal department and the approver.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use gongxin_proto::review::v1::{
    AnswerCorrectionRequest, Case, DecideRequestRequest, DossierPart, EnterMeasureRequest,
    ExitStage, GetCaseRequest, GiveOpinionRequest, MeasureKind, MeasureStage, Opinion,
    RecordArrestRequest, RecordReleaseRequest, ReturnForCorrectionRequest, ReviewItem,
    SendDirectlyRequest, SubmitRequestRequest,
};
use gongxin_proto::timestamp;
use jiff::SignedDuration;
use serde_json::json;

use super::{Office, request_id};
use crate::sample::Path;
use crate::season::{last_day, local};

const ALL_PARTS: [DossierPart; 7] = [
    DossierPart::Draft,
    DossierPart::FilingDecision,
    DossierPart::DetentionPapers,
    DossierPart::InterrogationRecord,
    DossierPart::EvidenceList,
    DossierPart::SocialDanger,
    DossierPart::Identity,
];

impl Office<'_> {
    pub(crate) async fn get_case(&mut self, index: usize) -> anyhow::Result<Case> {
        let message = GetCaseRequest { case_id: self.entry(index)?.report_id.clone() };
        let handler = self.handler(index)?;
        let call = self.suite.call(&handler, message).await?;
        self.suite.review.get_case(call).await?.into_inner().case.context("a case")
    }

    pub(crate) async fn detain(&mut self, index: usize) -> anyhow::Result<()> {
        self.enter(index, MeasureKind::Detention, "拘", "刑事拘留").await
    }

    pub(crate) async fn bail(&mut self, index: usize) -> anyhow::Result<()> {
        self.enter(index, MeasureKind::Bail, "取保", "取保候审").await
    }

    async fn enter(
        &mut self,
        index: usize,
        kind: MeasureKind,
        word: &str,
        what: &str,
    ) -> anyhow::Result<()> {
        let case = self.get_case(index).await?;
        let handler = self.handler(index)?;
        for suspect in &case.suspects {
            let document_number = self.paper(word);
            let message = EnterMeasureRequest {
                request_id: request_id(),
                case_id: case.case_id.clone(),
                suspect_id: suspect.suspect_id.clone(),
                kind: kind.into(),
                started_at: Some(timestamp(self.suite.now() - SignedDuration::from_mins(40))),
                document_number: document_number.clone(),
            };
            let call = self.suite.call(&handler, message).await?;
            let answer = self.suite.review.enter_measure(call).await?.into_inner();
            let due = answer.period.context("a clock runs")?.due_at.parse()?;
            self.tell(index, what, &format!("{document_number}，期限至 {}", last_day(due)));
        }
        self.entry_mut(index).suspects =
            case.suspects.into_iter().map(|suspect| suspect.suspect_id).collect();
        Ok(())
    }

    /// A unit tries to send past the legal department.
    pub(crate) async fn send_directly(&mut self, index: usize) -> anyhow::Result<()> {
        let message = SendDirectlyRequest {
            request_id: request_id(),
            case_id: self.entry(index)?.report_id.clone(),
            document: "提请批准逮捕书".to_owned(),
        };
        let handler = self.handler(index)?;
        let call = self.suite.call(&handler, message).await?;
        let answer = self.suite.review.send_directly(call).await;
        let key = self.case(index).key.clone();
        self.refused(&key, "办案单位直接移送被拒", answer, "ONLY_EXIT")
    }

    /// The first attempt forgets two parts of the dossier.
    pub(crate) async fn submit_incomplete(&mut self, index: usize) -> anyhow::Result<()> {
        let suspect = self.entry(index)?.suspects.first().context("a suspect")?.clone();
        let message = self.request_for(index, &suspect, &ALL_PARTS[..5])?;
        let handler = self.handler(index)?;
        let call = self.suite.call(&handler, message).await?;
        let answer = self.suite.review.submit_request(call).await;
        let key = self.case(index).key.clone();
        self.refused(&key, "报审材料不齐被拒", answer, "DOSSIER_INCOMPLETE")
    }

    pub(crate) async fn submit(&mut self, index: usize) -> anyhow::Result<()> {
        let handler = self.handler(index)?;
        let mut requests = Vec::new();
        for suspect in self.entry(index)?.suspects.clone() {
            let message = self.request_for(index, &suspect, &ALL_PARTS)?;
            let call = self.suite.call(&handler, message).await?;
            let answer = self.suite.review.submit_request(call).await?.into_inner();
            requests.push(answer.review_request_id);
        }
        self.tell(index, "报请审核", &format!("提请批准逮捕 {} 人", requests.len()));
        self.entry_mut(index).requests = requests;
        Ok(())
    }

    fn request_for(
        &self,
        index: usize,
        suspect: &str,
        parts: &[DossierPart],
    ) -> anyhow::Result<SubmitRequestRequest> {
        Ok(SubmitRequestRequest {
            request_id: request_id(),
            case_id: self.entry(index)?.report_id.clone(),
            suspect_id: suspect.to_owned(),
            item: ReviewItem::ArrestRequest.into(),
            parts: parts.iter().map(|part| (*part).into()).collect(),
            ground:
                "有证据证明有犯罪事实，可能判处徒刑以上刑罚，采取取保候审不足以防止社会危险性。"
                    .to_owned(),
            findings: Vec::new(),
        })
    }

    pub(crate) async fn return_for_correction(&mut self, index: usize) -> anyhow::Result<()> {
        let defects = vec!["社会危险性说明缺少依据".to_owned(), "讯问笔录缺少签名".to_owned()];
        let reviewer = self.reviewer(index)?;
        for request in self.entry(index)?.requests.clone() {
            let message = ReturnForCorrectionRequest {
                request_id: request_id(),
                case_id: self.entry(index)?.report_id.clone(),
                review_request_id: request,
                defects: defects.clone(),
            };
            let call = self.suite.call(&reviewer, message).await?;
            let answer = self.suite.review.return_for_correction(call).await?.into_inner();
            let due = local(answer.answer_due_at.parse()?);
            self.tell(index, "退回补正", &format!("{} 项，{due} 前答复", defects.len()));
        }
        Ok(())
    }

    pub(crate) async fn answer_correction(&mut self, index: usize) -> anyhow::Result<()> {
        let handler = self.handler(index)?;
        for request in self.entry(index)?.requests.clone() {
            let message = AnswerCorrectionRequest {
                request_id: request_id(),
                case_id: self.entry(index)?.report_id.clone(),
                review_request_id: request,
                answers: vec!["已补充前科查询和居所证明".to_owned(), "已由被讯问人补签".to_owned()],
            };
            let call = self.suite.call(&handler, message).await?;
            self.suite.review.answer_correction(call).await?;
        }
        self.tell(index, "逐项补正", "再次报审");
        Ok(())
    }

    pub(crate) async fn review(&mut self, index: usize) -> anyhow::Result<()> {
        let reviewer = self.reviewer(index)?;
        for request in self.entry(index)?.requests.clone() {
            let message = GiveOpinionRequest {
                request_id: request_id(),
                case_id: self.entry(index)?.report_id.clone(),
                review_request_id: request,
                opinion: Opinion::Pass.into(),
                text: "事实清楚，证据确实，程序合法，同意提请。".to_owned(),
            };
            let call = self.suite.call(&reviewer, message).await?;
            self.suite.review.give_opinion(call).await?;
        }
        self.tell(index, "法制审核", "同意");
        Ok(())
    }

    pub(crate) async fn approve(&mut self, index: usize) -> anyhow::Result<()> {
        if self.case(index).path == Path::FiledArrestRefused {
            let reasons = "现有证据不足以证明有逮捕必要。";
            self.plan(index, json!({ "decision": "refuse", "reasons": reasons }))?;
        }
        if self.is_deliberated(index) && self.entry(index)?.exits.is_empty() {
            self.deliberate(index).await?;
        }
        let leader = self.leader(index)?;
        let mut exits = Vec::new();
        for request in self.entry(index)?.requests.clone() {
            let message = DecideRequestRequest {
                request_id: request_id(),
                case_id: self.entry(index)?.report_id.clone(),
                review_request_id: request,
                approve: true,
                reasons: String::new(),
                deviation_reasons: String::new(),
            };
            let call = self.suite.call(&leader, message).await?;
            let answer = self.suite.review.decide_request(call).await?.into_inner();
            self.tell(index, "审批同意，统一出口", &answer.document_number);
            exits.push(answer.exit_id);
        }
        self.entry_mut(index).exits.extend(exits);
        Ok(())
    }

    /// Tells the simulator what the procuratorate will decide on this case.
    pub(super) fn plan(&self, index: usize, verdict: serde_json::Value) -> anyhow::Result<()> {
        let file = self.suite.places.folder.join("plan.json");
        let text = std::fs::read(&file).unwrap_or_else(|_| b"{}".to_vec());
        let mut plan: BTreeMap<String, serde_json::Value> = serde_json::from_slice(&text)?;
        plan.insert(self.entry(index)?.case_number.clone(), verdict);
        let fresh = file.with_extension("new");
        std::fs::write(&fresh, serde_json::to_vec(&plan)?)?;
        Ok(std::fs::rename(fresh, file)?)
    }

    /// Whether the procuratorate has answered every exit of the case.
    pub(crate) async fn is_answered(&mut self, index: usize) -> anyhow::Result<bool> {
        let case = self.get_case(index).await?;
        let ours = &self.entry(index)?.exits;
        let answered: Vec<&str> = case
            .exits
            .iter()
            .filter(|exit| exit.stage() == ExitStage::Answered)
            .map(|exit| exit.answer_number.as_str())
            .collect();
        if answered.len() < ours.len() {
            return Ok(false);
        }
        self.tell(index, "检察机关决定", &answered.join("、"));
        Ok(true)
    }

    async fn release(
        &mut self,
        index: usize,
        case_id: &str,
        suspect_id: &str,
    ) -> anyhow::Result<()> {
        let document_number = self.paper("释");
        let handler = self.handler(index)?;
        let message = RecordReleaseRequest {
            request_id: request_id(),
            case_id: case_id.to_owned(),
            suspect_id: suspect_id.to_owned(),
            document_number: document_number.clone(),
            served_at: Some(timestamp(self.suite.now() - SignedDuration::from_mins(50))),
        };
        let call = self.suite.call(&handler, message).await?;
        self.suite.review.record_release(call).await?;
        self.tell(index, "释放", &document_number);
        Ok(())
    }

    /// Carries out what the procuratorate decided: arrest, or release.
    pub(crate) async fn carry_out(&mut self, index: usize) -> anyhow::Result<()> {
        let case = self.get_case(index).await?;
        let handler = self.handler(index)?;
        let at = self.suite.now() - SignedDuration::from_mins(20);
        let cut_off = self.is_first(index, Path::FiledArrestRefused);
        if cut_off {
            // The paper is written by hand and served; no release waits for a machine.
            self.suite.places.outage.only(&["review", "nats"]).await?;
            self.tell(index, "系统中断", "执法运行与消息总线停机；释放证明书当场手写送达");
            self.suite.places.outage.only(&[]).await?;
        }
        for suspect in &case.suspects {
            let approved = match suspect.stage() {
                MeasureStage::ArrestApproved => true,
                MeasureStage::ReleaseDue => false,
                other => anyhow::bail!("a suspect is at {other:?}"),
            };
            let refused = self.case(index).path == Path::FiledArrestRefused;
            ensure!(approved != refused, "the procuratorate decided otherwise than planned");
            if approved {
                let document_number = self.paper("捕");
                let message = RecordArrestRequest {
                    request_id: request_id(),
                    case_id: case.case_id.clone(),
                    suspect_id: suspect.suspect_id.clone(),
                    document_number: document_number.clone(),
                    executed_at: Some(timestamp(at)),
                };
                let call = self.suite.call(&handler, message).await?;
                let answer = self.suite.review.record_arrest(call).await?.into_inner();
                let due = last_day(answer.period.context("custody runs")?.due_at.parse()?);
                self.tell(index, "执行逮捕", &format!("{document_number}，侦查羁押至 {due}"));
            } else {
                self.release(index, &case.case_id, &suspect.suspect_id).await?;
            }
        }
        Ok(())
    }
}
