//! `IntakeService`: from messages to commands and queries, and back.

pub(crate) mod calls;
pub(crate) mod convert;
mod parse;

use gongxin_chassis::{Answer, Context, IntoStatus as _, PageSize, Place, caller, command};
use gongxin_intake_domain::Law;
use gongxin_kernel::{Fault, Power, Staff};
use gongxin_law::identifiers::Regions;
use gongxin_proto::intake::v1::intake_service_server::IntakeService;
use gongxin_proto::intake::v1::{
    AnswerWhyNotFiledRequest, AnswerWhyNotFiledResponse, AskWhyNotFiledRequest,
    AskWhyNotFiledResponse, DecideFilingRequest, DecideFilingResponse,
    DecideReconsiderationRequest, DecideReconsiderationResponse, ExtendFilingReviewRequest,
    ExtendFilingReviewResponse, GetCallRequest, GetCallResponse, GetReceiptRequest,
    GetReceiptResponse, GetReportRequest, GetReportResponse, JustifyCallRequest,
    JustifyCallResponse, ListCallsRequest, ListCallsResponse, ListReportsRequest,
    ListReportsResponse, RecordCallRequest, RecordCallResponse, RecordNoticeServedRequest,
    RecordNoticeServedResponse, RecordReportersWordRequest, RecordReportersWordResponse,
    RegisterReportRequest, RegisterReportResponse, RequestReconsiderationRequest,
    RequestReconsiderationResponse,
};
use tonic::{Request, Response};

use crate::IntakeSettings;
use crate::commands::{
    AnswerWhyNotFiled, AskWhyNotFiled, DecideFiling, DecideReconsideration, ExtendFilingReview,
    JustifyCall, RecordCall, RecordNoticeServed, RecordReportersWord, RegisterReport,
    RequestReconsideration,
};
use crate::queries::Register;

/// The API of the register.
#[derive(Debug)]
pub(crate) struct Api {
    register: Register,
    settings: IntakeSettings,
    law: Law<'static>,
    regions: Regions,
}

impl Api {
    pub(crate) fn new(register: Register, settings: IntakeSettings, context: &Context) -> Self {
        Self { register, settings, law: context.law, regions: context.regions }
    }

    async fn read_report(
        &self,
        request: Request<GetReportRequest>,
    ) -> Result<GetReportResponse, Fault> {
        let staff = reader(&request)?;
        let id = parse::report_id(&request.get_ref().report_id)?;
        let reading = self.register.report(&staff, id).await?;
        Ok(GetReportResponse { report: Some(convert::report(&reading)) })
    }

    async fn read_list(
        &self,
        request: Request<ListReportsRequest>,
    ) -> Result<ListReportsResponse, Fault> {
        let staff = reader(&request)?;
        let ListReportsRequest { page_size, page_token } = request.into_inner();
        let after = Place::of_token(&page_token)?;
        let page = self.register.list(&staff, after, PageSize::asked(page_size)).await?;
        Ok(ListReportsResponse {
            reports: page.reports.into_iter().map(convert::line).collect(),
            next_page_token: page.next.map(|place| place.token()).unwrap_or_default(),
        })
    }

    async fn read_call(&self, request: Request<GetCallRequest>) -> Result<GetCallResponse, Fault> {
        let staff = reader(&request)?;
        let id = calls::call(&staff.bureau, &request.get_ref().call_number)?;
        let reading = self.register.call(&staff, id).await?;
        Ok(GetCallResponse { call: Some(calls::full(&reading)) })
    }

    async fn read_calls(
        &self,
        request: Request<ListCallsRequest>,
    ) -> Result<ListCallsResponse, Fault> {
        let staff = reader(&request)?;
        let ListCallsRequest { page_size, page_token, filter } = request.into_inner();
        let after = Place::of_token(&page_token)?;
        let which = calls::which(filter)?;
        let page = self.register.calls(&staff, which, after, PageSize::asked(page_size)).await?;
        Ok(ListCallsResponse {
            calls: page.calls.into_iter().map(calls::line).collect(),
            next_page_token: page.next.map(|place| place.token()).unwrap_or_default(),
        })
    }

    async fn read_receipt(
        &self,
        request: Request<GetReceiptRequest>,
    ) -> Result<GetReceiptResponse, Fault> {
        let staff = reader(&request)?;
        let id = parse::report_id(&request.get_ref().report_id)?;
        let receipt = self.register.receipt(&staff, id).await?;
        Ok(GetReceiptResponse { receipt: receipt.to_text() })
    }
}

fn reader<T>(request: &Request<T>) -> Result<Staff, Fault> {
    caller(request)?.officer(Power::ReadReports).cloned()
}

#[tonic::async_trait]
impl IntakeService for Api {
    async fn register_report(
        &self,
        request: Request<RegisterReportRequest>,
    ) -> Answer<RegisterReportResponse> {
        command(&self.register.db, request, Power::RegisterReport, |staff, message| {
            let content = parse::new_report(message)?;
            let warnings = parse::doubtful_regions(&content, self.regions);
            RegisterReport::new(staff, content, warnings, &self.settings, self.law)
        })
        .await
    }

    async fn extend_filing_review(
        &self,
        request: Request<ExtendFilingReviewRequest>,
    ) -> Answer<ExtendFilingReviewResponse> {
        command(&self.register.db, request, Power::ExtendFilingReview, |staff, message| {
            let report = parse::report_id(&message.report_id)?;
            Ok(ExtendFilingReview::new(staff, report, message.extension, message.ground, self.law))
        })
        .await
    }

    async fn decide_filing(
        &self,
        request: Request<DecideFilingRequest>,
    ) -> Answer<DecideFilingResponse> {
        command(&self.register.db, request, Power::DecideFiling, |staff, message| {
            let report = parse::report_id(&message.report_id)?;
            let outcome = parse::outcome(message.outcome, message.receiving_organ)?;
            let organ = &self.settings.organ_word;
            Ok(DecideFiling::new(staff, report, outcome, message.ground, organ, self.law))
        })
        .await
    }

    async fn record_notice_served(
        &self,
        request: Request<RecordNoticeServedRequest>,
    ) -> Answer<RecordNoticeServedResponse> {
        command(&self.register.db, request, Power::RegisterReport, |_, message| {
            let report = parse::report_id(&message.report_id)?;
            let served_at = parse::instant("served_at", message.served_at)?;
            Ok(RecordNoticeServed { report, served_at, law: self.law })
        })
        .await
    }

    async fn request_reconsideration(
        &self,
        request: Request<RequestReconsiderationRequest>,
    ) -> Answer<RequestReconsiderationResponse> {
        command(&self.register.db, request, Power::RegisterReport, |staff, message| {
            Ok(RequestReconsideration {
                report: parse::report_id(&message.report_id)?,
                received_at: parse::instant("received_at", message.received_at)?,
                ground: message.ground,
                recorded_by: staff.into(),
                law: self.law,
            })
        })
        .await
    }

    async fn decide_reconsideration(
        &self,
        request: Request<DecideReconsiderationRequest>,
    ) -> Answer<DecideReconsiderationResponse> {
        command(&self.register.db, request, Power::DecideFiling, |staff, message| {
            let report = parse::report_id(&message.report_id)?;
            let (finding, second) = parse::reconsidered(message.outcome, message.second_officer)?;
            let organ = &self.settings.organ_word;
            DecideReconsideration::new(staff, report, finding, message.ground, second, organ)
        })
        .await
    }

    async fn ask_why_not_filed(
        &self,
        request: Request<AskWhyNotFiledRequest>,
    ) -> Answer<AskWhyNotFiledResponse> {
        command(&self.register.db, request, Power::AnswerProcuratorate, |staff, message| {
            Ok(AskWhyNotFiled {
                report: parse::report_id(&message.report_id)?,
                received_at: parse::instant("received_at", message.received_at)?,
                notice_number: message.document_number,
                recorded_by: staff.into(),
                law: self.law,
            })
        })
        .await
    }

    async fn answer_why_not_filed(
        &self,
        request: Request<AnswerWhyNotFiledRequest>,
    ) -> Answer<AnswerWhyNotFiledResponse> {
        command(&self.register.db, request, Power::AnswerProcuratorate, |staff, message| {
            Ok(AnswerWhyNotFiled {
                report: parse::report_id(&message.report_id)?,
                reasons: message.reasons,
                answered_by: staff.into(),
                organ: self.settings.organ_word.clone(),
            })
        })
        .await
    }

    async fn record_call(&self, request: Request<RecordCallRequest>) -> Answer<RecordCallResponse> {
        command(&self.register.db, request, Power::RecordCall, |staff, message| {
            RecordCall::new(
                staff,
                calls::new_call(message)?,
                self.settings.call_check_hour,
                self.law,
            )
        })
        .await
    }

    async fn justify_call(
        &self,
        request: Request<JustifyCallRequest>,
    ) -> Answer<JustifyCallResponse> {
        command(&self.register.db, request, Power::JustifyCall, |staff, message| {
            let (justification, duplicate_of) =
                calls::why(message.justification, &message.duplicate_of)?;
            Ok(JustifyCall {
                call: calls::call(&staff.bureau, &message.call_number)?,
                justification,
                text: message.text,
                duplicate_of,
                officer: staff.into(),
            })
        })
        .await
    }

    async fn record_reporters_word(
        &self,
        request: Request<RecordReportersWordRequest>,
    ) -> Answer<RecordReportersWordResponse> {
        command(&self.register.db, request, Power::RegisterReport, |staff, message| {
            let report = parse::report_id(&message.report_id)?;
            let (word, unit, at) = calls::word(message.word, message.unit, message.happened_at)?;
            RecordReportersWord::new(staff, report, word, unit, at, message.told)
        })
        .await
    }

    async fn get_call(&self, request: Request<GetCallRequest>) -> Answer<GetCallResponse> {
        let answer = self.read_call(request).await;
        answer.map(Response::new).map_err(Fault::into_status)
    }

    async fn list_calls(&self, request: Request<ListCallsRequest>) -> Answer<ListCallsResponse> {
        let answer = self.read_calls(request).await;
        answer.map(Response::new).map_err(Fault::into_status)
    }

    async fn get_report(&self, request: Request<GetReportRequest>) -> Answer<GetReportResponse> {
        let answer = self.read_report(request).await;
        answer.map(Response::new).map_err(Fault::into_status)
    }

    async fn list_reports(
        &self,
        request: Request<ListReportsRequest>,
    ) -> Answer<ListReportsResponse> {
        let answer = self.read_list(request).await;
        answer.map(Response::new).map_err(Fault::into_status)
    }

    async fn get_receipt(&self, request: Request<GetReceiptRequest>) -> Answer<GetReceiptResponse> {
        let answer = self.read_receipt(request).await;
        answer.map(Response::new).map_err(Fault::into_status)
    }
}
