//! What follows a decision not to file: reconsideration, and the procuratorate's question why.

use anyhow::Context as _;
use gongxin_proto::intake::v1::{
    AnswerWhyNotFiledRequest, AskWhyNotFiledRequest, DecideReconsiderationRequest,
    ReconsiderationOutcome, RequestReconsiderationRequest,
};
use gongxin_proto::timestamp;
use jiff::{SignedDuration, Timestamp};

use super::account::{DEPUTY, HEAD, REVIEWER};
use super::supervise::LEGAL_HEAD;
use super::{Office, request_id};

impl Office<'_> {
    /// The complainant asks for reconsideration; gives its end.
    pub(crate) async fn ask_reconsideration(&mut self, index: usize) -> anyhow::Result<Timestamp> {
        let desk = self.desk(index)?;
        let message = RequestReconsiderationRequest {
            request_id: request_id(),
            report_id: self.entry(index)?.report_id.clone(),
            ground: "现场还有目击的人没有找，请求重新审查。".to_owned(),
            received_at: Some(timestamp(self.suite.now() - SignedDuration::from_mins(10))),
        };
        let call = self.suite.call(&desk, message).await?;
        let answer = self.suite.intake.request_reconsideration(call).await?.into_inner();
        Ok(answer.decision.context("time to decide")?.due_at.parse()?)
    }

    /// The leader who did not refuse to file upholds it, with an officer who took no part either.
    pub(crate) async fn uphold(&mut self, index: usize) -> anyhow::Result<String> {
        let refused_by = self.leader(index)?;
        let leader = if refused_by == HEAD { DEPUTY } else { HEAD };
        let message = DecideReconsiderationRequest {
            request_id: request_id(),
            report_id: self.entry(index)?.report_id.clone(),
            outcome: ReconsiderationOutcome::Upheld.into(),
            ground: "已补充询问目击人，仍无犯罪事实，维持不予立案决定。".to_owned(),
            second_officer: Some(self.officer(REVIEWER)?),
        };
        let call = self.suite.call(leader, message).await?;
        let answer = self.suite.intake.decide_reconsideration(call).await?.into_inner();
        Ok(answer.document_number)
    }

    /// The procuratorate's notice is entered; gives the end of the time to answer.
    pub(crate) async fn asked_why(&mut self, index: usize) -> anyhow::Result<Timestamp> {
        let message = AskWhyNotFiledRequest {
            request_id: request_id(),
            report_id: self.entry(index)?.report_id.clone(),
            document_number: "明检要不立〔2026〕1号".to_owned(),
            received_at: Some(timestamp(self.suite.now() - SignedDuration::from_hours(1))),
        };
        let call = self.suite.call(LEGAL_HEAD, message).await?;
        let answer = self.suite.intake.ask_why_not_filed(call).await?.into_inner();
        Ok(answer.answer.context("time to answer")?.due_at.parse()?)
    }

    /// The legal department answers with its reasons.
    pub(crate) async fn answer_why(&mut self, index: usize) -> anyhow::Result<String> {
        let message = AnswerWhyNotFiledRequest {
            request_id: request_id(),
            report_id: self.entry(index)?.report_id.clone(),
            reasons: "经审查和复议，现有证据不能证明有犯罪事实，理由如复议决定书所述。".to_owned(),
        };
        let call = self.suite.call(LEGAL_HEAD, message).await?;
        let answer = self.suite.intake.answer_why_not_filed(call).await?.into_inner();
        Ok(answer.document_number)
    }
}
