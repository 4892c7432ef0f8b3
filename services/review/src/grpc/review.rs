//! `ReviewService`.

use std::sync::Arc;

use gongxin_chassis::{Answer, IntoStatus, PageSize, caller, command};
use gongxin_eventing::{Db, LogSetup};
use gongxin_kernel::{Fault, Power, Staff};
use gongxin_proto::review::v1::review_service_server::ReviewService;
use gongxin_proto::review::v1::{
    AnswerCorrectionRequest, AnswerCorrectionResponse, ConcludeExaminationRequest,
    ConcludeExaminationResponse, ConcludeInvestigationRequest, ConcludeInvestigationResponse,
    DecideRequestRequest, DecideRequestResponse, EnterMeasureRequest, EnterMeasureResponse,
    ExtendDetentionRequest, ExtendDetentionResponse, GetCaseRequest, GetCaseResponse,
    GetReceiptRequest, GetReceiptResponse, GiveOpinionRequest, GiveOpinionResponse,
    ListCasesRequest, ListCasesResponse, RecordArrestRequest, RecordArrestResponse,
    RecordReleaseRequest, RecordReleaseResponse, ReturnForCorrectionRequest,
    ReturnForCorrectionResponse, SendDirectlyRequest, SendDirectlyResponse, SubmitRequestRequest,
    SubmitRequestResponse,
};
use gongxin_review_domain::reasons::ONLY_EXIT;
use gongxin_review_domain::{DetentionExtension, Law, Officer, ReviewRequestId, Submission};
use tonic::{Request, Response};

use super::{incoming, outgoing};
use crate::commands::{
    AnswerCorrection, ConcludeExamination, ConcludeInvestigation, DecideRequest, EnterMeasure,
    ExtendDetention, GiveOpinion, RecordArrest, RecordRelease, ReturnForCorrection, SendDirectly,
    SubmitRequest,
};
use crate::organ::Organ;
use crate::queries;

/// The service over its database.
pub(crate) struct ReviewApi {
    pub(crate) db: Db,
    pub(crate) log: Arc<LogSetup>,
    pub(crate) organ: Arc<Organ>,
    pub(crate) law: Law<'static>,
}

/// The officer who asks to read cases.
fn reader<T>(request: &Request<T>) -> Result<Staff, Fault> {
    Ok(caller(request)?.officer(Power::ReadCases)?.clone())
}

#[tonic::async_trait]
impl ReviewService for ReviewApi {
    async fn enter_measure(
        &self,
        request: Request<EnterMeasureRequest>,
    ) -> Answer<EnterMeasureResponse> {
        command(&self.db, request, Power::EnterMeasure, |staff, message| {
            let started = ("started_at", message.started_at);
            let number = message.document_number;
            Ok(EnterMeasure {
                case: incoming::id("case_id", &message.case_id)?,
                kind: incoming::measure_kind(message.kind)?,
                act: incoming::carried_out(staff, &message.suspect_id, number, started)?,
                law: self.law,
            })
        })
        .await
    }

    async fn extend_detention(
        &self,
        request: Request<ExtendDetentionRequest>,
    ) -> Answer<ExtendDetentionResponse> {
        command(&self.db, request, Power::Approve, |staff, message| {
            Ok(ExtendDetention {
                case: incoming::id("case_id", &message.case_id)?,
                grant: DetentionExtension {
                    suspect: incoming::id("suspect_id", &message.suspect_id)?,
                    extension: message.extension,
                    days: incoming::days_granted(message.days),
                    ground: message.ground,
                    approver: Officer::from(staff),
                },
                law: self.law,
            })
        })
        .await
    }

    async fn record_release(
        &self,
        request: Request<RecordReleaseRequest>,
    ) -> Answer<RecordReleaseResponse> {
        command(&self.db, request, Power::EnterMeasure, |staff, message| {
            let served = ("served_at", message.served_at);
            let number = message.document_number;
            Ok(RecordRelease {
                case: incoming::id("case_id", &message.case_id)?,
                act: incoming::carried_out(staff, &message.suspect_id, number, served)?,
                law: self.law,
            })
        })
        .await
    }

    async fn record_arrest(
        &self,
        request: Request<RecordArrestRequest>,
    ) -> Answer<RecordArrestResponse> {
        command(&self.db, request, Power::EnterMeasure, |staff, message| {
            let executed = ("executed_at", message.executed_at);
            let number = message.document_number;
            Ok(RecordArrest {
                case: incoming::id("case_id", &message.case_id)?,
                act: incoming::carried_out(staff, &message.suspect_id, number, executed)?,
                law: self.law,
            })
        })
        .await
    }

    async fn conclude_examination(
        &self,
        request: Request<ConcludeExaminationRequest>,
    ) -> Answer<ConcludeExaminationResponse> {
        command(&self.db, request, Power::SubmitForReview, |staff, message| {
            Ok(ConcludeExamination {
                case: incoming::id("case_id", &message.case_id)?,
                document_number: message.document_number,
                concluded_at: incoming::instant("concluded_at", message.concluded_at)?,
                officer: Officer::from(staff),
            })
        })
        .await
    }

    async fn conclude_investigation(
        &self,
        request: Request<ConcludeInvestigationRequest>,
    ) -> Answer<ConcludeInvestigationResponse> {
        command(&self.db, request, Power::Approve, |staff, message| {
            Ok(ConcludeInvestigation {
                case: incoming::id("case_id", &message.case_id)?,
                document_number: message.document_number,
                approver: Officer::from(staff),
            })
        })
        .await
    }

    async fn submit_request(
        &self,
        request: Request<SubmitRequestRequest>,
    ) -> Answer<SubmitRequestResponse> {
        command(&self.db, request, Power::SubmitForReview, |staff, message| {
            Ok(SubmitRequest {
                case: incoming::id("case_id", &message.case_id)?,
                submission: Submission {
                    request: ReviewRequestId::fresh(),
                    suspect: incoming::id("suspect_id", &message.suspect_id)?,
                    item: incoming::item(message.item)?,
                    parts: incoming::parts(&message.parts)?,
                    ground: message.ground,
                    findings: message.findings,
                    officer: Officer::from(staff),
                },
            })
        })
        .await
    }

    async fn return_for_correction(
        &self,
        request: Request<ReturnForCorrectionRequest>,
    ) -> Answer<ReturnForCorrectionResponse> {
        command(&self.db, request, Power::GiveOpinion, |staff, message| {
            Ok(ReturnForCorrection {
                case: incoming::id("case_id", &message.case_id)?,
                request: incoming::id("review_request_id", &message.review_request_id)?,
                defects: message.defects,
                reviewer: Officer::from(staff),
                law: self.law,
            })
        })
        .await
    }

    async fn answer_correction(
        &self,
        request: Request<AnswerCorrectionRequest>,
    ) -> Answer<AnswerCorrectionResponse> {
        command(&self.db, request, Power::SubmitForReview, |staff, message| {
            Ok(AnswerCorrection {
                case: incoming::id("case_id", &message.case_id)?,
                request: incoming::id("review_request_id", &message.review_request_id)?,
                answers: message.answers,
                officer: Officer::from(staff),
            })
        })
        .await
    }

    async fn give_opinion(
        &self,
        request: Request<GiveOpinionRequest>,
    ) -> Answer<GiveOpinionResponse> {
        command(&self.db, request, Power::GiveOpinion, |staff, message| {
            Ok(GiveOpinion {
                case: incoming::id("case_id", &message.case_id)?,
                request: incoming::id("review_request_id", &message.review_request_id)?,
                opinion: incoming::opinion(message.opinion)?,
                text: message.text,
                reviewer: Officer::from(staff),
            })
        })
        .await
    }

    async fn decide_request(
        &self,
        request: Request<DecideRequestRequest>,
    ) -> Answer<DecideRequestResponse> {
        command(&self.db, request, Power::Approve, |staff, message| {
            Ok(DecideRequest {
                case: incoming::id("case_id", &message.case_id)?,
                request: incoming::id("review_request_id", &message.review_request_id)?,
                approve: message.approve,
                reasons: message.reasons,
                deviation_reasons: message.deviation_reasons,
                approver: Officer::from(staff),
                organ: Arc::clone(&self.organ),
            })
        })
        .await
    }

    /// The command puts the attempt on record and commits; the caller is refused all the same.
    async fn send_directly(
        &self,
        request: Request<SendDirectlyRequest>,
    ) -> Answer<SendDirectlyResponse> {
        command(&self.db, request, Power::SubmitForReview, |staff, message| {
            Ok(SendDirectly {
                case: incoming::id("case_id", &message.case_id)?,
                document: message.document,
                unit: Officer::from(staff).unit,
            })
        })
        .await?;
        Err(Fault::new(&ONLY_EXIT).into_status())
    }

    async fn get_case(&self, request: Request<GetCaseRequest>) -> Answer<GetCaseResponse> {
        let read = async {
            let staff = reader(&request)?;
            let id = incoming::id("case_id", &request.get_ref().case_id)?;
            queries::case(&self.db, &staff, id).await
        };
        let view = read.await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(GetCaseResponse { case: Some(outgoing::case(&view)) }))
    }

    async fn list_cases(&self, request: Request<ListCasesRequest>) -> Answer<ListCasesResponse> {
        let read = async {
            let staff = reader(&request)?;
            let ask = request.get_ref();
            let after = match ask.page_token.as_str() {
                "" => None,
                token => Some(incoming::id("page_token", token)?),
            };
            let size = PageSize::asked(ask.page_size);
            queries::cases(&self.db, &staff, after, size).await
        };
        let (lines, next) = read.await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(ListCasesResponse {
            cases: lines.into_iter().map(outgoing::line).collect(),
            next_page_token: next.map(|case| case.to_string()).unwrap_or_default(),
        }))
    }

    async fn get_receipt(&self, request: Request<GetReceiptRequest>) -> Answer<GetReceiptResponse> {
        let read = async {
            let staff = reader(&request)?;
            let ask = request.get_ref();
            let case = incoming::id("case_id", &ask.case_id)?;
            let exit = incoming::id("exit_id", &ask.exit_id)?;
            queries::exit_receipt(&self.db, &self.log, &staff, case, exit).await
        };
        let receipt = read.await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(GetReceiptResponse { receipt }))
    }
}
