//! A collective deliberation: who is called, what each says, what becomes of a dissent.

use anyhow::{Context as _, ensure};
use gongxin_kernel::{Officer, Post};
use gongxin_proto::review::v1::{
    CallDeliberationRequest, ConcludeDeliberationRequest, DecideRequestRequest, DeliberationGround,
    DeliberationPost, DeliberationVote, GetDeliberationRequest, GiveDeliberationOpinionRequest,
    MarkMajorRequest, NewDeliberationMember,
};

use super::account::{DISCIPLINE, HEAD, REVIEWER};
use super::supervise::LEGAL_HEAD;
use super::{Office, request_id};

/// Head of a unit that does not handle the case.
const OTHER_HEAD: &str = "619026";
const DISSENT: &str = "社会危险性证据单薄，取保候审足以防止，不同意提请批准逮捕。";

impl Office<'_> {
    /// A case marked as major cannot be decided before its deliberation; the dissent of one
    /// member is on record, and sealed.
    pub(crate) async fn deliberate(&mut self, index: usize) -> anyhow::Result<()> {
        let case_id = self.entry(index)?.report_id.clone();
        let request = self.entry(index)?.requests.first().context("a request")?.clone();
        let message = MarkMajorRequest {
            request_id: request_id(),
            case_id: case_id.clone(),
            review_request_id: request.clone(),
            ground: DeliberationGround::Difficult.into(),
        };
        let handler = self.handler(index)?;
        let call = self.suite.call(&handler, message).await?;
        self.suite.deliberation.mark_major(call).await?;

        let message = DecideRequestRequest {
            request_id: request_id(),
            case_id: case_id.clone(),
            review_request_id: request.clone(),
            approve: true,
            ..DecideRequestRequest::default()
        };
        let leader = self.leader(index)?;
        let call = self.suite.call(&leader, message).await?;
        let answer = self.suite.review.decide_request(call).await;
        let key = self.sample.cases[index].key.clone();
        self.refused(&key, "疑难案件未经集体议案审批被拒", answer, "DELIBERATION_REQUIRED")?;

        let member = |number: &str, post: DeliberationPost| {
            let officer = Officer::from(&self.sample.staff(number)?);
            let (officer, chair) = (Some((&officer).into()), number == HEAD);
            anyhow::Ok(NewDeliberationMember { officer, post: post.into(), chair })
        };
        let members = vec![
            member(HEAD, DeliberationPost::BureauLeader)?,
            member(LEGAL_HEAD, DeliberationPost::LegalHead)?,
            member(REVIEWER, DeliberationPost::LegalReviewer)?,
            member(OTHER_HEAD, DeliberationPost::UnitHead)?,
        ];
        let message = CallDeliberationRequest {
            request_id: request_id(),
            case_id: case_id.clone(),
            review_request_id: request,
            ground: DeliberationGround::Difficult.into(),
            members,
        };
        let call = self.suite.call(LEGAL_HEAD, message).await?;
        let called = self.suite.deliberation.call_deliberation(call).await?.into_inner();
        let session = called.deliberation_id;
        let agree = "犯罪事实有证据证明，有逮捕必要，同意。";
        for (number, vote, opinion) in [
            (OTHER_HEAD, DeliberationVote::Refuse, DISSENT),
            (LEGAL_HEAD, DeliberationVote::Approve, agree),
            (REVIEWER, DeliberationVote::Approve, agree),
            // The head speaks last.
            (HEAD, DeliberationVote::Approve, agree),
        ] {
            let message = GiveDeliberationOpinionRequest {
                request_id: request_id(),
                case_id: case_id.clone(),
                deliberation_id: session.clone(),
                vote: vote.into(),
                opinion: opinion.to_owned(),
            };
            let call = self.suite.call(number, message).await?;
            self.suite.deliberation.give_deliberation_opinion(call).await?;
        }
        let message = ConcludeDeliberationRequest {
            request_id: request_id(),
            case_id: case_id.clone(),
            deliberation_id: session.clone(),
        };
        let call = self.suite.call(LEGAL_HEAD, message).await?;
        let outcome = self.suite.deliberation.conclude_deliberation(call).await?.into_inner();
        ensure!(outcome.outcome() == DeliberationVote::Approve, "{:?}", outcome.outcome());
        self.say(&key, "集体议案", "四人参加，三人同意、一人不同意，不同意见入卷密存");
        self.sealed(&case_id, &session, &handler).await
    }

    /// Discipline inspection reads the dissent; the handler sees that there was a vote.
    async fn sealed(&mut self, case_id: &str, session: &str, handler: &str) -> anyhow::Result<()> {
        for (who, seen) in [(DISCIPLINE, 4), (handler, 0)] {
            let message = GetDeliberationRequest {
                case_id: case_id.to_owned(),
                deliberation_id: session.to_owned(),
            };
            let call = self.suite.call(who, message).await?;
            let answer = self.suite.deliberation.get_deliberation(call).await?.into_inner();
            let ballots = answer.deliberation.context("a deliberation")?.ballots;
            ensure!(ballots.len() == seen, "{who} sees {} ballots", ballots.len());
            let dissent = ballots.iter().filter(|ballot| ballot.opinion == DISSENT).count();
            ensure!(seen == 0 || dissent == 1, "the dissent is recorded as it was said");
        }
        Ok(())
    }

    /// Whether the case goes before a deliberation.
    pub(crate) fn is_deliberated(&self, index: usize) -> bool {
        self.nth(crate::sample::Path::FiledArrestApproved, 1).is_ok_and(|one| one == index)
    }

    /// A head of the unit with this code.
    pub(crate) fn head_of(&self, unit: &str) -> anyhow::Result<String> {
        self.sample.officer(unit, Post::UnitHead, 0)
    }
}
