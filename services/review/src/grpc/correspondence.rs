//! `CorrespondenceService`.

use std::sync::Arc;

use gongxin_chassis::{Answer, IntoStatus, PageSize, Place, caller, command};
use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Officer, Power, Staff};
use gongxin_proto::review::v1 as proto;
use gongxin_proto::review::v1::correspondence_service_server::CorrespondenceService;
use gongxin_review_domain::{
    Channel, ItemAnswer, ItemResult, NoticeStage, OpenSendingId, Paper, ViolationNotice,
};
use tonic::{Request, Response};

use super::{incoming, outgoing};
use crate::commands::{AnswerViolationNotice, SendByOpenChannel};
use crate::organ::Organ;
use crate::queries::correspondence as queries;
use crate::reasons::REVIEW_VALUE_INVALID;
use crate::store::open_sendings::Sent;

/// The service over its database.
pub(crate) struct CorrespondenceApi {
    pub(crate) db: Db,
    pub(crate) organ: Arc<Organ>,
}

/// The officer who asks, with the power to.
fn officer<T>(request: &Request<T>, power: Power) -> Result<Staff, Fault> {
    Ok(caller(request)?.officer(power)?.clone())
}

#[tonic::async_trait]
impl CorrespondenceService for CorrespondenceApi {
    async fn answer_violation_notice(
        &self,
        request: Request<proto::AnswerViolationNoticeRequest>,
    ) -> Answer<proto::AnswerViolationNoticeResponse> {
        command(&self.db, request, Power::AnswerProcuratorate, |staff, message| {
            Ok(AnswerViolationNotice {
                notice: incoming::id("notice_id", &message.notice_id)?,
                items: message.items.into_iter().map(item).collect::<Result<_, Fault>>()?,
                officer: Officer::from(staff),
                organ: Arc::clone(&self.organ),
            })
        })
        .await
    }

    async fn get_violation_notice(
        &self,
        request: Request<proto::GetViolationNoticeRequest>,
    ) -> Answer<proto::GetViolationNoticeResponse> {
        let read = async {
            let staff = officer(&request, Power::ReadCases)?;
            let id = incoming::id("notice_id", &request.get_ref().notice_id)?;
            queries::notice(&self.db, &staff, id).await
        };
        let view = read.await.map_err(IntoStatus::into_status)?;
        let history = view.history.iter().map(outgoing::entry).collect();
        let notice = proto::ViolationNotice { history, ..notice(&view.notice, true) };
        Ok(Response::new(proto::GetViolationNoticeResponse { notice: Some(notice) }))
    }

    async fn list_violation_notices(
        &self,
        request: Request<proto::ListViolationNoticesRequest>,
    ) -> Answer<proto::ListViolationNoticesResponse> {
        let read = async {
            let staff = officer(&request, Power::ReadCases)?;
            let ask = request.get_ref();
            let after = Place::of_token(&ask.page_token)?;
            queries::notices(&self.db, &staff, after, PageSize::asked(ask.page_size)).await
        };
        let (notices, next) = read.await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(proto::ListViolationNoticesResponse {
            notices: notices.iter().map(|each| notice(each, false)).collect(),
            next_page_token: next.map(|place| place.token()).unwrap_or_default(),
        }))
    }

    async fn send_by_open_channel(
        &self,
        request: Request<proto::SendByOpenChannelRequest>,
    ) -> Answer<proto::SendByOpenChannelResponse> {
        command(&self.db, request, Power::SendByOpenChannel, |staff, message| {
            Ok(SendByOpenChannel {
                id: OpenSendingId::fresh(),
                paper: Paper {
                    channel: Channel::of_code(&message.channel)
                        .ok_or_else(|| invalid("channel", "应为已列明的开放渠道"))?,
                    document_number: message.document_number,
                    title: message.title,
                    about: message.about,
                    case: optional("case_id", &message.case_id)?,
                    suspect: optional("suspect_id", &message.suspect_id)?,
                    officer: Officer::from(staff),
                },
                organ: Arc::clone(&self.organ),
            })
        })
        .await
    }

    async fn list_channels(
        &self,
        request: Request<proto::ListChannelsRequest>,
    ) -> Answer<proto::ListChannelsResponse> {
        officer(&request, Power::ActAsOfficer).map_err(IntoStatus::into_status)?;
        let channel = |channel: &Channel| proto::Channel {
            code: channel.code().to_owned(),
            name: channel.zh().to_owned(),
            ground: channel.ground().to_owned(),
            by_exchange: channel.by_exchange(),
        };
        let channels = Channel::ALL.iter().map(channel).collect();
        Ok(Response::new(proto::ListChannelsResponse { channels }))
    }

    async fn list_open_sendings(
        &self,
        request: Request<proto::ListOpenSendingsRequest>,
    ) -> Answer<proto::ListOpenSendingsResponse> {
        let read = async {
            let staff = officer(&request, Power::ReadCases)?;
            let ask = request.get_ref();
            let after = Place::of_token(&ask.page_token)?;
            queries::sendings(&self.db, &staff, after, PageSize::asked(ask.page_size)).await
        };
        let (sendings, next) = read.await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(proto::ListOpenSendingsResponse {
            sendings: sendings.iter().map(sending).collect(),
            next_page_token: next.map(|place| place.token()).unwrap_or_default(),
        }))
    }
}

fn invalid(field: &str, what: &str) -> Fault {
    Fault::field(&REVIEW_VALUE_INVALID, field, what)
}

/// An id that may be left out.
fn optional<T: std::str::FromStr>(field: &str, text: &str) -> Result<Option<T>, Fault> {
    if text.is_empty() { Ok(None) } else { incoming::id(field, text).map(Some) }
}

fn item(item: proto::ItemAnswer) -> Result<ItemAnswer, Fault> {
    let result = match item.result() {
        proto::ItemResult::Corrected => ItemResult::Corrected,
        proto::ItemResult::NotAccepted => ItemResult::NotAccepted,
        proto::ItemResult::Unspecified => {
            return Err(invalid("items.result", "应为已纠正或者不采纳"));
        }
    };
    Ok(ItemAnswer { result, text: item.text })
}

/// A notice, with its texts when it is read `whole`.
fn notice(notice: &ViolationNotice, whole: bool) -> proto::ViolationNotice {
    let came = &notice.incoming;
    let items = came.items.iter().filter(|_| whole).map(|item| proto::NoticeItem {
        fact: item.fact.clone(),
        basis: item.basis.clone(),
        demand: item.demand.clone(),
    });
    let stage = match &notice.stage {
        NoticeStage::Open => proto::NoticeStage::Open,
        NoticeStage::Answered(_) => proto::NoticeStage::Answered,
        NoticeStage::Delivered(..) => proto::NoticeStage::Delivered,
    };
    proto::ViolationNotice {
        notice_id: came.id.to_string(),
        number: came.number.clone(),
        sender: came.sender.clone(),
        case_number: came.case_number.clone(),
        case_id: came.case.map(|case| case.to_string()).unwrap_or_default(),
        unit: Some((&came.unit).into()),
        received_at: notice.received_at.to_string(),
        answer_due_at: came.answer_due_at.to_string(),
        stage: stage.into(),
        overdue: notice.overdue,
        items: items.collect(),
        answer: answer(notice, whole),
        history: Vec::new(),
    }
}

fn answer(notice: &ViolationNotice, whole: bool) -> Option<proto::NoticeAnswer> {
    let given = notice.given()?;
    let response = &given.response;
    let items = response.items.iter().filter(|_| whole).map(|item| proto::ItemAnswer {
        result: match item.result {
            ItemResult::Corrected => proto::ItemResult::Corrected,
            ItemResult::NotAccepted => proto::ItemResult::NotAccepted,
        }
        .into(),
        text: item.text.clone(),
    });
    let signed_for = notice.signed_for();
    Some(proto::NoticeAnswer {
        exit_id: response.exit.to_string(),
        document_number: response.document_number.clone(),
        items: items.collect(),
        officer: Some((&response.officer).into()),
        answered_at: given.answered_at.to_string(),
        late: given.late,
        received_at: signed_for.map(|signed| signed.received_at.to_string()).unwrap_or_default(),
    })
}

fn sending(sent: &Sent) -> proto::OpenSending {
    let Sent { sending, case_number } = sent;
    let signed_for = sending.signed_for.as_ref();
    proto::OpenSending {
        sending_id: sending.id.to_string(),
        channel: sending.paper.channel.code().to_owned(),
        ground: sending.paper.channel.ground().to_owned(),
        document_number: sending.paper.document_number.clone(),
        unit: Some((&sending.paper.officer.unit).into()),
        case_number: case_number.clone(),
        sent_at: sending.sent_at.to_string(),
        received_at: signed_for.map(|signed| signed.received_at.to_string()).unwrap_or_default(),
    }
}
