//! `SupervisionService`: from messages to commands and queries, and back.

pub(crate) mod convert;
mod parse;

use gongxin_chassis::{Answer, IntoStatus as _, PageSize, caller, command};
use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Power};
use gongxin_proto::supervision::v1::supervision_service_server::SupervisionService;
use gongxin_proto::supervision::v1::{
    CloseFindingRequest, CloseFindingResponse, ConfirmFindingRequest, ConfirmFindingResponse,
    DefineSchemeRequest, DefineSchemeResponse, DetermineFindingRequest, DetermineFindingResponse,
    GetFindingRequest, GetFindingResponse, GetTimelineRequest, GetTimelineResponse,
    ListFindingsRequest, ListFindingsResponse, RectifyFindingRequest, RectifyFindingResponse,
    RegisterRecordingRequest, RegisterRecordingResponse, ScoreUnitRequest, ScoreUnitResponse,
    SendClueRequest, SendClueResponse, SuperviseFindingRequest, SuperviseFindingResponse,
};
use gongxin_supervision_domain::{Act, Text};
use tonic::{Request, Response};

use crate::commands::{
    ActOnFinding, CloseFinding, ConfirmFinding, DefineScheme, DetermineFinding, RectifyFinding,
    RegisterRecording, SendClue, SuperviseFinding,
};
use crate::queries;

/// Longest proposed clause and longest name of a scheme, in characters.
const LONGEST_NAME: usize = 200;

/// The API of this service.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) db: Db,
}

impl Api {
    async fn read_finding(
        &self,
        request: Request<GetFindingRequest>,
    ) -> Result<GetFindingResponse, Fault> {
        let staff = caller(&request)?.officer(Power::ReadFindings)?.clone();
        let id = parse::finding(&request.get_ref().finding_id)?;
        let finding = queries::finding(&self.db, &staff, id).await?;
        Ok(GetFindingResponse { finding: Some(convert::finding(&finding)) })
    }

    async fn read_list(
        &self,
        request: Request<ListFindingsRequest>,
    ) -> Result<ListFindingsResponse, Fault> {
        let staff = caller(&request)?.officer(Power::ReadFindings)?.clone();
        let ListFindingsRequest { page_size, page_token, open_only } = request.into_inner();
        let after = match page_token.as_str() {
            "" => None,
            token => Some(parse::page_token(token)?),
        };
        let size = PageSize::asked(page_size);
        let (lines, next) = queries::findings(&self.db, &staff, open_only, after, size).await?;
        Ok(ListFindingsResponse {
            findings: lines.into_iter().map(convert::line).collect(),
            next_page_token: next.map(|finding| finding.to_string()).unwrap_or_default(),
        })
    }

    async fn read_score(
        &self,
        request: Request<ScoreUnitRequest>,
    ) -> Result<ScoreUnitResponse, Fault> {
        let staff = caller(&request)?.officer(Power::ReadFindings)?.clone();
        let message = request.into_inner();
        let asked = queries::Asked {
            scheme: parse::scheme(&message.scheme_id)?,
            unit: parse::unit(message.unit)?,
            from: parse::instant("from", message.from)?,
            until: parse::instant("until", message.until)?,
        };
        let (score, deductions) = queries::score(&self.db, &staff, asked).await?;
        let deductions = deductions.into_iter().map(convert::deduction).collect();
        Ok(ScoreUnitResponse { score, deductions })
    }

    async fn read_timeline(
        &self,
        request: Request<GetTimelineRequest>,
    ) -> Result<GetTimelineResponse, Fault> {
        let staff = caller(&request)?.officer(Power::ReadCases)?.clone();
        let case = parse::case(&request.get_ref().case_id)?;
        let view = queries::case(&self.db, &staff, case).await?;
        Ok(GetTimelineResponse {
            case_number: view.head.number,
            entries: view.entries.into_iter().map(convert::entry).collect(),
            recordings: view.recordings.iter().map(convert::recording).collect(),
        })
    }
}

#[tonic::async_trait]
impl SupervisionService for Api {
    async fn determine_finding(
        &self,
        request: Request<DetermineFindingRequest>,
    ) -> Answer<DetermineFindingResponse> {
        command(&self.db, request, Power::DetermineFinding, |staff, message| {
            let determination = parse::determination(message.determination())?;
            let reason = Text::new("reason", message.reason)?;
            let act = Act::Determined { determination, reason };
            let finding = parse::finding(&message.finding_id)?;
            Ok(DetermineFinding(ActOnFinding::new(staff, finding, act)))
        })
        .await
    }

    async fn supervise_finding(
        &self,
        request: Request<SuperviseFindingRequest>,
    ) -> Answer<SuperviseFindingResponse> {
        command(&self.db, request, Power::DetermineFinding, |staff, message| {
            let instruction = Text::new("instruction", message.instruction)?;
            let rectify_by = parse::instant("rectify_by", message.rectify_by)?;
            let act = Act::Supervised { instruction, rectify_by };
            let finding = parse::finding(&message.finding_id)?;
            Ok(SuperviseFinding(ActOnFinding::new(staff, finding, act)))
        })
        .await
    }

    async fn rectify_finding(
        &self,
        request: Request<RectifyFindingRequest>,
    ) -> Answer<RectifyFindingResponse> {
        command(&self.db, request, Power::RectifyFinding, |staff, message| {
            let act = Act::Rectified { done: Text::new("done", message.done)? };
            let finding = parse::finding(&message.finding_id)?;
            Ok(RectifyFinding(ActOnFinding::new(staff, finding, act)))
        })
        .await
    }

    async fn confirm_finding(
        &self,
        request: Request<ConfirmFindingRequest>,
    ) -> Answer<ConfirmFindingResponse> {
        command(&self.db, request, Power::DetermineFinding, |staff, message| {
            let act = Act::Confirmed { note: Text::new("note", message.note)? };
            let finding = parse::finding(&message.finding_id)?;
            Ok(ConfirmFinding(ActOnFinding::new(staff, finding, act)))
        })
        .await
    }

    async fn close_finding(
        &self,
        request: Request<CloseFindingRequest>,
    ) -> Answer<CloseFindingResponse> {
        command(&self.db, request, Power::DetermineFinding, |staff, message| {
            let act = Act::Closed { reason: Text::new("reason", message.reason)? };
            let finding = parse::finding(&message.finding_id)?;
            Ok(CloseFinding(ActOnFinding::new(staff, finding, act)))
        })
        .await
    }

    async fn send_clue(&self, request: Request<SendClueRequest>) -> Answer<SendClueResponse> {
        command(&self.db, request, Power::DetermineFinding, |staff, message| {
            let clause = Text::at_most(LONGEST_NAME, "proposed_clause", message.proposed_clause)?;
            let act = Act::ClueSent { clause, ground: Text::new("ground", message.ground)? };
            let finding = parse::finding(&message.finding_id)?;
            Ok(SendClue(ActOnFinding::new(staff, finding, act)))
        })
        .await
    }

    async fn register_recording(
        &self,
        request: Request<RegisterRecordingRequest>,
    ) -> Answer<RegisterRecordingResponse> {
        command(&self.db, request, Power::RegisterRecording, |staff, message| {
            Ok(RegisterRecording::new(staff, parse::recording(message)?))
        })
        .await
    }

    async fn define_scheme(
        &self,
        request: Request<DefineSchemeRequest>,
    ) -> Answer<DefineSchemeResponse> {
        command(&self.db, request, Power::DefineScheme, |staff, message| {
            let measures = parse::measures(&message.items)?;
            let name = Text::at_most(LONGEST_NAME, "name", message.name)?;
            Ok(DefineScheme::new(staff, name, measures))
        })
        .await
    }

    async fn score_unit(&self, request: Request<ScoreUnitRequest>) -> Answer<ScoreUnitResponse> {
        self.read_score(request).await.map(Response::new).map_err(Fault::into_status)
    }

    async fn get_finding(&self, request: Request<GetFindingRequest>) -> Answer<GetFindingResponse> {
        self.read_finding(request).await.map(Response::new).map_err(Fault::into_status)
    }

    async fn list_findings(
        &self,
        request: Request<ListFindingsRequest>,
    ) -> Answer<ListFindingsResponse> {
        self.read_list(request).await.map(Response::new).map_err(Fault::into_status)
    }

    async fn get_timeline(
        &self,
        request: Request<GetTimelineRequest>,
    ) -> Answer<GetTimelineResponse> {
        self.read_timeline(request).await.map(Response::new).map_err(Fault::into_status)
    }
}
