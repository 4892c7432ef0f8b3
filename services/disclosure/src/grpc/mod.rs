//! `DisclosureService`: from messages to commands and queries, and back.

pub(crate) mod convert;

use gongxin_chassis::{Answer, IntoStatus as _, caller, command};
use gongxin_disclosure_domain::{self as domain, CodeId, IssueCode, Officer, QueryCode, Salt};
use gongxin_eventing::{Db, reasons};
use gongxin_kernel::{Fault, Power, Staff};
use gongxin_proto::disclosure::v1::disclosure_service_server::DisclosureService;
use gongxin_proto::disclosure::v1::{
    GetAccessRequest, GetAccessResponse, GetPortalReportRequest, GetPortalReportResponse,
    GetPublicationRequest, GetPublicationResponse, IssueQueryCodeRequest, IssueQueryCodeResponse,
    ListPortalReportsRequest, ListPortalReportsResponse, ListVisitsRequest, ListVisitsResponse,
    ProposePublicationRequest, ProposePublicationResponse, RecordReturnVisitRequest,
    RecordReturnVisitResponse, RegisterPortalReportRequest, RegisterPortalReportResponse,
    ReviewPublicationRequest, ReviewPublicationResponse, RevokeAccessRequest, RevokeAccessResponse,
};
use jiff::Timestamp;
use tonic::{Request, Response};

use crate::commands::{
    IssueQueryCode, ProposePublication, RecordReturnVisit, RegisterPortalReport, ReviewPublication,
    RevokeAccess,
};
use crate::queries;

/// The API of the service.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) db: Db,
}

fn reader<T>(request: &Request<T>) -> Result<Staff, Fault> {
    caller(request)?.officer(Power::ReadDisclosure).cloned()
}

/// A fresh code with its salt.
fn draw() -> Result<(QueryCode, Salt), Fault> {
    let mut random = [0; 40 + 16];
    getrandom::fill(&mut random).map_err(|error| {
        Fault::new(&reasons::INVARIANT_BROKEN).caused_by(format!("no random bytes: {error}"))
    })?;
    let (salt, rest) = random.split_first_chunk().expect("56 bytes begin with 16");
    match QueryCode::draw(rest) {
        Some(code) => Ok((code, *salt)),
        None => draw(),
    }
}

#[tonic::async_trait]
impl DisclosureService for Api {
    /// The code is drawn here and goes out in the answer; what is stored, also as the answer for
    /// a repeated request, is its digest.
    async fn issue_query_code(
        &self,
        request: Request<IssueQueryCodeRequest>,
    ) -> Answer<IssueQueryCodeResponse> {
        let (code, salt) = draw().map_err(Fault::into_status)?;
        let digest = code.digest(&salt);
        let issued = command(&self.db, request, Power::IssueQueryCode, |staff, message| {
            Ok(IssueQueryCode {
                receipt_number: convert::number("receipt_number", &message.receipt_number)?,
                code: IssueCode {
                    id: CodeId::fresh(),
                    holder: convert::read_holder(message.holder)?,
                    kinship_proof: message.kinship_proof,
                    salt,
                    digest,
                    officer: Officer::from(staff),
                    at: Timestamp::UNIX_EPOCH, // the transaction's, once it runs
                },
            })
        })
        .await?
        .into_inner();
        let is_new = issued.digest == digest;
        let query_code = if is_new { code.expose().to_owned() } else { String::new() };
        Ok(Response::new(IssueQueryCodeResponse { code_id: issued.code_id, query_code }))
    }

    async fn revoke_access(
        &self,
        request: Request<RevokeAccessRequest>,
    ) -> Answer<RevokeAccessResponse> {
        command(&self.db, request, Power::RevokeAccess, |staff, message| {
            Ok(RevokeAccess {
                receipt_number: convert::number("receipt_number", &message.receipt_number)?,
                code: convert::id("code_id", &message.code_id)?,
                ground: convert::read_ground(message.ground)?,
                officer: Officer::from(staff),
            })
        })
        .await
    }

    async fn get_access(&self, request: Request<GetAccessRequest>) -> Answer<GetAccessResponse> {
        let read = async {
            let staff = reader(&request)?;
            let number = &request.get_ref().receipt_number;
            let number = convert::number("receipt_number", number)?;
            queries::access(&self.db, &staff, number).await
        };
        let access = read.await.map_err(Fault::into_status)?;
        Ok(Response::new(GetAccessResponse { access: Some(convert::access(access)) }))
    }

    async fn record_return_visit(
        &self,
        request: Request<RecordReturnVisitRequest>,
    ) -> Answer<RecordReturnVisitResponse> {
        command(&self.db, request, Power::RecordReturnVisit, |staff, message| {
            Ok(RecordReturnVisit {
                visit: convert::id("visit_id", &message.visit_id)?,
                rating: u8::try_from(message.rating).unwrap_or(u8::MAX), // no rating either
                words: message.words,
                visitor: Officer::from(staff),
            })
        })
        .await
    }

    async fn list_visits(&self, request: Request<ListVisitsRequest>) -> Answer<ListVisitsResponse> {
        let read = async { queries::visits(&self.db, &reader(&request)?).await };
        let (lines, at) = read.await.map_err(Fault::into_status)?;
        Ok(Response::new(ListVisitsResponse {
            visits: lines.into_iter().map(convert::visit).collect(),
            at: Some(gongxin_proto::timestamp(at)),
        }))
    }

    async fn propose_publication(
        &self,
        request: Request<ProposePublicationRequest>,
    ) -> Answer<ProposePublicationResponse> {
        command(&self.db, request, Power::ProposePublication, |staff, message| {
            let concerns = message.concerns.iter().map(|code| convert::read_concern(*code));
            Ok(ProposePublication {
                id: domain::PublicationId::fresh(),
                kind: convert::read_kind(message.kind)?,
                concerns: concerns.collect::<Result<_, _>>()?,
                case_number: convert::number("case_number", &message.case_number)?,
                text: message.text,
                officer: Officer::from(staff),
            })
        })
        .await
    }

    async fn review_publication(
        &self,
        request: Request<ReviewPublicationRequest>,
    ) -> Answer<ReviewPublicationResponse> {
        command(&self.db, request, Power::ReviewPublication, |staff, message| {
            Ok(ReviewPublication {
                id: convert::id("publication_id", &message.publication_id)?,
                review: domain::ReviewPublication {
                    approve: message.approve,
                    reasons: message.reasons,
                    reviewer: Officer::from(staff),
                },
            })
        })
        .await
    }

    async fn get_publication(
        &self,
        request: Request<GetPublicationRequest>,
    ) -> Answer<GetPublicationResponse> {
        let read = async {
            let staff = reader(&request)?;
            let id = convert::id("publication_id", &request.get_ref().publication_id)?;
            queries::publication(&self.db, &staff, id).await
        };
        let found = read.await.map_err(Fault::into_status)?;
        Ok(Response::new(GetPublicationResponse { publication: Some(convert::publication(found)) }))
    }

    async fn list_portal_reports(
        &self,
        request: Request<ListPortalReportsRequest>,
    ) -> Answer<ListPortalReportsResponse> {
        let read = async {
            let staff = caller(&request)?.officer(Power::RegisterReport)?;
            queries::portal_reports(&self.db, staff).await
        };
        let (reports, at) = read.await.map_err(Fault::into_status)?;
        Ok(Response::new(ListPortalReportsResponse {
            reports: reports.iter().map(convert::portal).collect(),
            at: Some(gongxin_proto::timestamp(at)),
        }))
    }

    async fn get_portal_report(
        &self,
        request: Request<GetPortalReportRequest>,
    ) -> Answer<GetPortalReportResponse> {
        let read = async {
            let staff = caller(&request)?.officer(Power::RegisterReport)?;
            let id = convert::id("portal_id", &request.get_ref().portal_id)?;
            queries::portal_report(&self.db, staff, id).await
        };
        let (report, content) = read.await.map_err(Fault::into_status)?;
        Ok(Response::new(GetPortalReportResponse {
            report: Some(convert::portal(&report)),
            content: Some(convert::portal_content(content)),
        }))
    }

    async fn register_portal_report(
        &self,
        request: Request<RegisterPortalReportRequest>,
    ) -> Answer<RegisterPortalReportResponse> {
        command(&self.db, request, Power::RegisterReport, |staff, message| {
            Ok(RegisterPortalReport {
                id: convert::id("portal_id", &message.portal_id)?,
                receipt_number: convert::number("receipt_number", &message.receipt_number)?,
                officer: Officer::from(staff),
            })
        })
        .await
    }
}
