//! Takes opinion and vote of a member of a deliberation: sealed, and no event.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::review::v1::GiveDeliberationOpinionResponse;
use gongxin_review_domain::{Ballot, CaseId, DeliberationId, Officer, Vote};
use uuid::Uuid;

use crate::{deliberations, store};

pub(crate) struct GiveDeliberationOpinion {
    pub(crate) case: CaseId,
    pub(crate) deliberation: DeliberationId,
    pub(crate) vote: Vote,
    pub(crate) opinion: String,
    pub(crate) member: Staff,
}

impl Command for GiveDeliberationOpinion {
    const NAME: &'static str = "give_deliberation_opinion";
    type Answer = GiveDeliberationOpinionResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<GiveDeliberationOpinionResponse, Fault> {
        let (case, mut session) = deliberations::load(tx, self.case, self.deliberation).await?;
        let (member, posts) = (Officer::from(&self.member), &self.member.posts);
        let order = session.speak(&case, &member, posts, &self.opinion)?;
        let ballot = Ballot {
            police_number: member.police_number,
            vote: self.vote,
            opinion: self.opinion.clone(),
            given_at: tx.at(),
        };
        let bureau = tx.bureau()?.clone();
        store::deliberations::spoke(tx.conn(), session.id, &ballot.police_number, order).await?;
        store::ballots::insert(tx.conn(), &bureau, session.id, (order, &ballot)).await?;
        Ok(GiveDeliberationOpinionResponse {})
    }
}
