//! `AccountabilityService`: from messages to commands and queries, and back.

pub(crate) mod convert;
mod interference;
mod lists;
mod parse;

use gongxin_accountability_domain::{self as domain, Catalogue, Law, Serve};
use gongxin_chassis::{Answer, IntoStatus as _, PageSize, Place, caller, command};
use gongxin_kernel::{Fault, Power};
use gongxin_proto::accountability::v1 as proto;
use gongxin_proto::accountability::v1::accountability_service_server::AccountabilityService;
use tonic::{Request, Response};

use crate::commands::{
    CorrectFile, DecideAppeal, DecideClue, FileAppeal, HearOfficer, OpenClue, ReviewClue,
    ServeNotice, VerifyClue,
};
use crate::config::AccountabilitySettings;
use crate::queries::Clues;

pub(crate) use interference::InterferenceApi;

/// The API of clues and files.
#[derive(Debug)]
pub(crate) struct Api {
    clues: Clues,
    settings: AccountabilitySettings,
    law: Law<'static>,
}

impl Api {
    pub(crate) fn new(clues: Clues, settings: AccountabilitySettings, law: Law<'static>) -> Self {
        Self { clues, settings, law }
    }

    async fn read_clue(
        &self,
        request: Request<proto::GetClueRequest>,
    ) -> Result<proto::GetClueResponse, Fault> {
        let staff = caller(&request)?.officer(Power::ReadClues)?;
        let id = parse::clue_id(&request.get_ref().clue_id)?;
        let reading = self.clues.clue(staff, id).await?;
        Ok(proto::GetClueResponse { clue: Some(convert::clue(&reading)) })
    }

    async fn read_list(
        &self,
        request: Request<proto::ListCluesRequest>,
    ) -> Result<proto::ListCluesResponse, Fault> {
        let staff = caller(&request)?.officer(Power::ReadClues)?.clone();
        let proto::ListCluesRequest { page_size, page_token } = request.into_inner();
        let after = Place::of_token(&page_token)?;
        let page = self.clues.list(&staff, after, PageSize::asked(page_size)).await?;
        Ok(proto::ListCluesResponse {
            clues: page.clues.into_iter().map(convert::line).collect(),
            next_page_token: page.next.map(|place| place.token()).unwrap_or_default(),
        })
    }

    async fn read_file(
        &self,
        request: Request<proto::GetFileRequest>,
    ) -> Result<proto::GetFileResponse, Fault> {
        let caller = caller(&request)?;
        let wanted = request.get_ref().police_number.as_str();
        let mut staff = caller.officer(Power::ActAsOfficer)?;
        let of = if wanted.is_empty() { staff.police_number.clone() } else { wanted.to_owned() };
        if of != staff.police_number {
            staff = caller.officer(Power::ReadFiles)?;
        }
        let clues = self.clues.file(staff, of.clone()).await?;
        let entries = clues.iter().filter_map(|clue| convert::file_entry(clue, &of));
        Ok(proto::GetFileResponse { entries: entries.collect() })
    }
}

fn read_clauses(
    request: &Request<proto::ListClausesRequest>,
) -> Result<proto::ListClausesResponse, Fault> {
    caller(request)?.officer(Power::ActAsOfficer)?;
    let day = parse::day(&request.get_ref().day)?;
    let clauses = Catalogue::builtin().clauses(day).map(convert::clause).collect();
    Ok(proto::ListClausesResponse { clauses })
}

fn answer<T>(result: Result<T, Fault>) -> Answer<T> {
    result.map(Response::new).map_err(Fault::into_status)
}

#[tonic::async_trait]
impl AccountabilityService for Api {
    async fn list_clauses(
        &self,
        request: Request<proto::ListClausesRequest>,
    ) -> Answer<proto::ListClausesResponse> {
        answer(read_clauses(&request))
    }

    async fn open_clue(
        &self,
        request: Request<proto::OpenClueRequest>,
    ) -> Answer<proto::OpenClueResponse> {
        command(&self.clues.db, request, Power::OpenClue, |staff, message| {
            let content = parse::new_clue(message)?;
            OpenClue::new(staff, content, &self.settings.organ_word, self.law)
        })
        .await
    }

    async fn verify_clue(
        &self,
        request: Request<proto::VerifyClueRequest>,
    ) -> Answer<proto::VerifyClueResponse> {
        command(&self.clues.db, request, Power::VerifyClue, |staff, message| {
            let clue = parse::clue_id(&message.clue_id)?;
            let verify = parse::verify(staff, message, self.settings.legal_unit.clone())?;
            Ok(VerifyClue { staff: staff.clone(), clue, verify })
        })
        .await
    }

    async fn hear_officer(
        &self,
        request: Request<proto::HearOfficerRequest>,
    ) -> Answer<proto::HearOfficerResponse> {
        command(&self.clues.db, request, Power::VerifyClue, |staff, message| {
            let clue = parse::clue_id(&message.clue_id)?;
            let (person, statement) = (message.police_number, message.statement);
            Ok(HearOfficer { staff: staff.clone(), clue, person, statement })
        })
        .await
    }

    async fn review_clue(
        &self,
        request: Request<proto::ReviewClueRequest>,
    ) -> Answer<proto::ReviewClueResponse> {
        command(&self.clues.db, request, Power::DetermineClue, |staff, message| {
            let clue = parse::clue_id(&message.clue_id)?;
            Ok(ReviewClue { staff: staff.clone(), clue, opinion: message.opinion })
        })
        .await
    }

    async fn decide_clue(
        &self,
        request: Request<proto::DecideClueRequest>,
    ) -> Answer<proto::DecideClueResponse> {
        command(&self.clues.db, request, Power::DecideClue, |staff, message| {
            let clue = parse::clue_id(&message.clue_id)?;
            let rulings = parse::rulings(message.outcomes)?;
            let organ = self.settings.organ_word.clone();
            Ok(DecideClue { staff: staff.clone(), clue, rulings, organ })
        })
        .await
    }

    async fn serve_notice(
        &self,
        request: Request<proto::ServeNoticeRequest>,
    ) -> Answer<proto::ServeNoticeResponse> {
        command(&self.clues.db, request, Power::ServeClueNotice, |staff, message| {
            let clue = parse::clue_id(&message.clue_id)?;
            let served_at = parse::instant("served_at", message.served_at)?;
            let serve = Serve { person: message.police_number, served_at };
            Ok(ServeNotice { staff: staff.clone(), clue, serve, law: self.law })
        })
        .await
    }

    async fn file_appeal(
        &self,
        request: Request<proto::FileAppealRequest>,
    ) -> Answer<proto::FileAppealResponse> {
        command(&self.clues.db, request, Power::ActAsOfficer, |staff, message| {
            let clue = parse::clue_id(&message.clue_id)?;
            let ground = message.ground;
            Ok(FileAppeal { staff: staff.clone(), clue, ground, law: self.law })
        })
        .await
    }

    async fn decide_appeal(
        &self,
        request: Request<proto::DecideAppealRequest>,
    ) -> Answer<proto::DecideAppealResponse> {
        command(&self.clues.db, request, Power::DecideClue, |staff, message| {
            let clue = parse::clue_id(&message.clue_id)?;
            let outcome = message.outcome.unwrap_or_default();
            let person = outcome.police_number.clone();
            let decide =
                domain::DecideAppeal { person, verdict: parse::verdict(outcome, parse::APPEAL)? };
            Ok(DecideAppeal { staff: staff.clone(), clue, decide })
        })
        .await
    }

    async fn correct_file(
        &self,
        request: Request<proto::CorrectFileRequest>,
    ) -> Answer<proto::CorrectFileResponse> {
        command(&self.clues.db, request, Power::ReadFiles, |staff, message| {
            let clue = parse::clue_id(&message.clue_id)?;
            let (person, correction) = (message.police_number, message.correction);
            Ok(CorrectFile { staff: staff.clone(), clue, person, correction })
        })
        .await
    }

    async fn get_clue(
        &self,
        request: Request<proto::GetClueRequest>,
    ) -> Answer<proto::GetClueResponse> {
        answer(self.read_clue(request).await)
    }

    async fn list_clues(
        &self,
        request: Request<proto::ListCluesRequest>,
    ) -> Answer<proto::ListCluesResponse> {
        answer(self.read_list(request).await)
    }

    async fn get_file(
        &self,
        request: Request<proto::GetFileRequest>,
    ) -> Answer<proto::GetFileResponse> {
        answer(self.read_file(request).await)
    }
}
