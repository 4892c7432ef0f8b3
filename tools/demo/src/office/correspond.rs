//! What the procuratorate writes by itself, and what the detention house writes to it.

use anyhow::{Context as _, ensure};
use gongxin_proto::review::v1::{
    AnswerViolationNoticeRequest, ItemAnswer, ItemResult, ListChannelsRequest,
    ListOpenSendingsRequest, ListViolationNoticesRequest, OpenSending, SendByOpenChannelRequest,
    ViolationNotice,
};
use jiff::Timestamp;
use serde_json::json;

use super::account::REVIEWER;
use super::supervise::SUPERVISOR;
use super::{Office, request_id};
use crate::suite::Suite;

/// An officer of the detention house.
const DETENTION: &str = "619063";

impl Suite {
    /// The notices of the procuratorate, newest first.
    pub(crate) async fn notices(&mut self) -> anyhow::Result<Vec<ViolationNotice>> {
        let message = ListViolationNoticesRequest { page_size: 200, page_token: String::new() };
        let call = self.call(SUPERVISOR, message).await?;
        Ok(self.correspondence.list_violation_notices(call).await?.into_inner().notices)
    }

    /// What was sent by open channels, newest first.
    pub(crate) async fn sendings(&mut self) -> anyhow::Result<Vec<OpenSending>> {
        let message = ListOpenSendingsRequest { page_size: 200, page_token: String::new() };
        let call = self.call(SUPERVISOR, message).await?;
        Ok(self.correspondence.list_open_sendings(call).await?.into_inner().sendings)
    }
}

impl Office<'_> {
    /// The procuratorate finds a violation in a case and sets a time for the answer.
    pub(crate) async fn notice_comes(
        &mut self,
        index: usize,
        due: Timestamp,
    ) -> anyhow::Result<ViolationNotice> {
        let case = &self.sample.cases[index];
        let unit = self.unit_of(&case.unit);
        let number = "明检纠违〔2026〕1号";
        let order = json!({
            "to": "police:619921",
            "notice_number": number,
            "case_number": self.entry(index)?.case_number,
            "unit_code": unit.code,
            "unit_name": unit.name,
            "items": [
                {
                    "fact": "拘留通知书未注明送达家属的时间。",
                    "basis": "《刑事诉讼法》第八十五条",
                    "demand": "补正送达记录。",
                },
                {
                    "fact": "扣押清单缺见证人签名。",
                    "basis": "《刑事诉讼法》第一百四十二条",
                    "demand": "补正并说明情况。",
                },
            ],
            "answer_due_at": due.to_string(),
        });
        self.suite.order_notice(&order).await?;
        self.suite.settle().await?;
        let notices = self.suite.notices().await?;
        notices.into_iter().find(|notice| notice.number == number).context("the notice came")
    }

    /// The legal department answers each item; gives the number and whether it was late.
    pub(crate) async fn answer_notice(&mut self, notice: &str) -> anyhow::Result<(String, bool)> {
        let item = |result: ItemResult, text: &str| ItemAnswer {
            result: result.into(),
            text: text.to_owned(),
        };
        let message = AnswerViolationNoticeRequest {
            request_id: request_id(),
            notice_id: notice.to_owned(),
            items: vec![
                item(ItemResult::Corrected, "已补正送达记录并附家属签收回证。"),
                item(ItemResult::NotAccepted, "见证人已在笔录签名，清单为副本，附原件影印。"),
            ],
        };
        let call = self.suite.call(REVIEWER, message).await?;
        let answer = self.suite.correspondence.answer_violation_notice(call).await?.into_inner();
        self.suite.settle().await?;
        Ok((answer.document_number, answer.late))
    }

    /// The detention house writes to its resident procurators: nobody reviews it, nothing stops
    /// it.
    pub(crate) async fn write_to_residents(&mut self, index: usize) -> anyhow::Result<()> {
        let call = self.suite.call(DETENTION, ListChannelsRequest {}).await?;
        let channels = self.suite.correspondence.list_channels(call).await?.into_inner().channels;
        let channel = channels.iter().find(|one| one.code == "resident_procurators");
        let channel = channel.context("the residents' channel is listed")?.clone();
        ensure!(!channel.ground.is_empty(), "each channel says its ground");
        let entry = self.entry(index)?.clone();
        let message = SendByOpenChannelRequest {
            request_id: request_id(),
            channel: channel.code,
            document_number: "明看期通〔2026〕1号".to_owned(),
            title: "羁押期限即将届满通知书".to_owned(),
            about: "该在押人员羁押期限将于近日届满，请监督。".to_owned(),
            case_id: entry.report_id,
            suspect_id: entry.suspects.first().context("a suspect")?.clone(),
        };
        let call = self.suite.call(DETENTION, message).await?;
        self.suite.correspondence.send_by_open_channel(call).await?;
        self.suite.settle().await?;
        let sent = self.suite.sendings().await?;
        let arrived = sent.first().is_some_and(|one| !one.received_at.is_empty());
        ensure!(arrived, "the resident procurators have the paper: {sent:?}");
        self.say("看守所", "直达驻所检察", &format!("{}；{}", channel.name, channel.ground));
        Ok(())
    }
}
