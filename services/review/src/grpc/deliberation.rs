//! `DeliberationService`.

use gongxin_chassis::{Answer, IntoStatus as _, caller, command};
use gongxin_eventing::Db;
use gongxin_kernel::{Fault, Officer, Power, Unit};
use gongxin_proto::review::v1 as proto;
use gongxin_proto::review::v1::deliberation_service_server::DeliberationService;
use gongxin_proto::review::v1::{
    CallDeliberationRequest, CallDeliberationResponse, ConcludeDeliberationRequest,
    ConcludeDeliberationResponse, GetDeliberationRequest, GetDeliberationResponse,
    GiveDeliberationOpinionRequest, GiveDeliberationOpinionResponse, MarkMajorRequest,
    MarkMajorResponse, NewDeliberationMember,
};
use gongxin_proto::timestamp;
use gongxin_review_domain::{Call, DeliberationGround, DeliberationId, Member};
use tonic::{Request, Response};

use super::incoming::{self, id, invalid};
use crate::commands::{CallDeliberation, ConcludeDeliberation, GiveDeliberationOpinion, MarkMajor};
use crate::deliberation_wire as wire;
use crate::queries::deliberation::{DeliberationView, deliberation};

/// The service over its database.
pub(crate) struct DeliberationApi {
    pub(crate) db: Db,
}

fn ground(code: i32) -> Result<DeliberationGround, Fault> {
    wire::read_ground(code).ok_or_else(|| invalid("ground", "应为已知的议案理由"))
}

fn member(new: NewDeliberationMember) -> Result<Member, Fault> {
    let wrong = || invalid("members", "应列明警号、姓名、单位（十二位代码）和岗位");
    let officer = new.officer.ok_or_else(wrong)?;
    let unit = officer.unit.ok_or_else(wrong)?;
    let unit = Unit { code: unit.code.parse().map_err(|_| wrong())?, name: unit.name };
    Ok(Member {
        officer: Officer { police_number: officer.police_number, name: officer.name, unit },
        post: wire::read_post(new.post).ok_or_else(wrong)?,
        chair: new.chair,
        spoke: None,
    })
}

#[tonic::async_trait]
impl DeliberationService for DeliberationApi {
    /// Both sides may mark: the legal department by its own power, others for their own unit.
    async fn mark_major(&self, request: Request<MarkMajorRequest>) -> Answer<MarkMajorResponse> {
        let by_legal =
            caller(&request).is_ok_and(|caller| caller.require(Power::Deliberate).is_ok());
        let power = if by_legal { Power::Deliberate } else { Power::SubmitForReview };
        command(&self.db, request, power, |staff, message| {
            Ok(MarkMajor {
                case: id("case_id", &message.case_id)?,
                request: id("review_request_id", &message.review_request_id)?,
                ground: ground(message.ground)?,
                officer: Officer::from(staff),
                by_legal,
            })
        })
        .await
    }

    async fn call_deliberation(
        &self,
        request: Request<CallDeliberationRequest>,
    ) -> Answer<CallDeliberationResponse> {
        command(&self.db, request, Power::Deliberate, |staff, message| {
            Ok(CallDeliberation {
                case: id("case_id", &message.case_id)?,
                call: Call {
                    id: DeliberationId::fresh(),
                    request: id("review_request_id", &message.review_request_id)?,
                    ground: ground(message.ground)?,
                    members: message.members.into_iter().map(member).collect::<Result<_, _>>()?,
                    by: Officer::from(staff),
                },
            })
        })
        .await
    }

    async fn give_deliberation_opinion(
        &self,
        request: Request<GiveDeliberationOpinionRequest>,
    ) -> Answer<GiveDeliberationOpinionResponse> {
        command(&self.db, request, Power::ActAsOfficer, |staff, message| {
            let vote = wire::read_vote(message.vote);
            Ok(GiveDeliberationOpinion {
                case: id("case_id", &message.case_id)?,
                deliberation: id("deliberation_id", &message.deliberation_id)?,
                vote: vote.ok_or_else(|| invalid("vote", "应为已知的表决意见"))?,
                opinion: message.opinion,
                member: staff.clone(),
            })
        })
        .await
    }

    async fn conclude_deliberation(
        &self,
        request: Request<ConcludeDeliberationRequest>,
    ) -> Answer<ConcludeDeliberationResponse> {
        command(&self.db, request, Power::Deliberate, |staff, message| {
            Ok(ConcludeDeliberation {
                case: id("case_id", &message.case_id)?,
                deliberation: id("deliberation_id", &message.deliberation_id)?,
                recorder: Officer::from(staff),
            })
        })
        .await
    }

    async fn get_deliberation(
        &self,
        request: Request<GetDeliberationRequest>,
    ) -> Answer<GetDeliberationResponse> {
        let read = async {
            let caller = caller(&request)?;
            let sees_ballots = caller.require(Power::ReadBallots).is_ok();
            let power = if sees_ballots { Power::ReadBallots } else { Power::ReadCases };
            let staff = caller.officer(power)?;
            let ask = request.get_ref();
            let case = incoming::id("case_id", &ask.case_id)?;
            let session = incoming::id("deliberation_id", &ask.deliberation_id)?;
            deliberation(&self.db, staff, sees_ballots, case, session).await
        };
        let view = read.await.map_err(Fault::into_status)?;
        Ok(Response::new(GetDeliberationResponse { deliberation: Some(outgoing(&view)) }))
    }
}

fn outgoing(view: &DeliberationView) -> proto::Deliberation {
    let session = &view.session;
    let members = session.members.iter().map(|member| proto::DeliberationMember {
        officer: Some((&member.officer).into()),
        post: wire::post(member.post).into(),
        chair: member.chair,
        spoke: member.spoke.unwrap_or_default(),
    });
    let conclusion = session.concluded.as_ref().map(|concluded| proto::DeliberationConclusion {
        outcome: wire::vote(concluded.outcome).into(),
        for_approval: concluded.tally.approve,
        for_refusal: concluded.tally.refuse,
        for_return: concluded.tally.returned,
        concluded_by: Some((&concluded.by).into()),
        concluded_at: Some(timestamp(concluded.at)),
    });
    let ballots = view.ballots.iter().map(|ballot| proto::DeliberationBallot {
        police_number: ballot.police_number.clone(),
        vote: wire::vote(ballot.vote).into(),
        opinion: ballot.opinion.clone(),
        given_at: Some(timestamp(ballot.given_at)),
    });
    proto::Deliberation {
        deliberation_id: session.id.to_string(),
        case_id: view.case.to_string(),
        review_request_id: session.request.to_string(),
        session: session.session,
        ground: wire::ground(session.ground).into(),
        called_by: Some((&session.called_by).into()),
        called_at: Some(timestamp(session.called_at)),
        members: members.collect(),
        quorum: u32::try_from(session.quorum()).unwrap_or(u32::MAX),
        conclusion,
        ballots: ballots.collect(),
        deviation_reasons: view.deviation_reasons.clone().unwrap_or_default(),
    }
}
