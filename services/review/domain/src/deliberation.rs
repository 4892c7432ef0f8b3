//! Collective deliberation (集体议案) of major, complex and difficult criminal cases (PCR 286).

use std::collections::BTreeSet;

use gongxin_kernel::{Canonical, Post, words};
use jiff::Timestamp;

use crate::canonical::officer as officer_form;
use crate::deliberation_refusal::DeliberationRefusal;
use crate::refusal::{LONG, SHORT, text};
use crate::{
    Ballot, CaseFile, Officer, Refusal, Request, RequestStage, ReviewRequestId, Tally, Vote,
};

gongxin_kernel::id! {
    /// Names one session of a deliberation.
    DeliberationId
}

words! {
    /// Why a case is deliberated: the criteria of the law (PCR 286), and of the local rules the
    /// case in which those who reviewed do not agree (不同审核意见).
    DeliberationGround {
        /// Major.
        Major = "major", "重大";
        /// Complex.
        Complex = "complex", "复杂";
        /// Difficult.
        Difficult = "difficult", "疑难";
        /// Opinions that differ.
        Disagreement = "disagreement", "审核意见分歧";
    }
}

words! {
    /// Posts whose holders may be members.
    MemberPost {
        /// Leader of the bureau.
        BureauLeader = "bureau_leader", "局领导";
        /// The leader on duty.
        DutyLeader = "duty_leader", "值班局领导";
        /// Head of the legal department.
        LegalHead = "legal_head", "法制部门负责人";
        /// Reviewer of the legal department.
        LegalReviewer = "legal_reviewer", "法制审核员";
        /// Head of a unit that does not handle the case.
        UnitHead = "unit_head", "其他业务单位负责人";
    }
}

impl MemberPost {
    /// The post an officer must hold to speak as this member.
    pub fn post(self) -> Post {
        match self {
            Self::BureauLeader => Post::BureauLeader,
            Self::DutyLeader => Post::DutyLeader,
            Self::LegalHead => Post::LegalHead,
            Self::LegalReviewer => Post::LegalReviewer,
            Self::UnitHead => Post::UnitHead,
        }
    }

    /// Whether it is the head's, who chairs.
    pub fn may_chair(self) -> bool {
        matches!(self, Self::BureauLeader | Self::DutyLeader)
    }
}

/// Fewest members: two are a talk, not a body.
pub const FEWEST_MEMBERS: usize = 3;
/// Most members.
pub const MOST_MEMBERS: usize = 30;

/// One who deliberates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who it is.
    pub officer: Officer,
    /// Under which post.
    pub post: MemberPost,
    /// Whether he or she is the head, who speaks and votes last.
    pub chair: bool,
    /// As the how-manieth he or she has spoken and voted. That is no secret; what was said is.
    pub spoke: Option<u32>,
}

/// What the legal department asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// A fresh id.
    pub id: DeliberationId,
    /// The review request it is about.
    pub request: ReviewRequestId,
    /// Why.
    pub ground: DeliberationGround,
    /// Who deliberates, in the order in which they are named.
    pub members: Vec<Member>,
    /// Who calls.
    pub by: Officer,
}

/// One session on one request, without what was said in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deliberation {
    /// Its id.
    pub id: DeliberationId,
    /// The review request it is about.
    pub request: ReviewRequestId,
    /// How often the request lay before a reviewer by then: an outcome holds for that round.
    pub round: u32,
    /// 1 for the first on the request; one more for each after it.
    pub session: u32,
    /// Why.
    pub ground: DeliberationGround,
    /// Who deliberates.
    pub members: Vec<Member>,
    /// Who called it.
    pub called_by: Officer,
    /// When.
    pub called_at: Timestamp,
    /// What it came to.
    pub concluded: Option<Conclusion>,
}

/// What a session came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// The vote of more than half of the members.
    pub outcome: Vote,
    /// How the votes stood.
    pub tally: Tally,
    /// Who recorded it.
    pub by: Officer,
    /// When.
    pub at: Timestamp,
}

impl Deliberation {
    /// Calls a session on a request that lies before its reviewer or its approver. `earlier` is
    /// the last session on that request, with its ballots once its chair has spoken.
    ///
    /// The law does not say what follows when no vote has more than half of the members, and gives the
    /// chair no casting vote: such a session comes to nothing, and another one may be called. Its
    /// votes stay on record. No other session can be set aside so; a return for correction,
    /// however, begins a new round, for which a new session is needed.
    ///
    /// # Errors
    /// [`Refusal::RequestNotFound`], [`Refusal::RequestStage`], [`Refusal::SeparationOfDuties`]
    /// when the caller or a member handled the case, [`DeliberationRefusal::AlreadyCalled`],
    /// [`DeliberationRefusal::Members`].
    pub fn call(
        case: &CaseFile,
        earlier: Option<(&Self, &[Ballot])>,
        call: Call,
        at: Timestamp,
    ) -> Result<Self, DeliberationRefusal> {
        let request = under_way(case, call.request)?;
        if case.is_handler(&call.by) {
            return Err(Refusal::SeparationOfDuties.into());
        }
        let stands = earlier.is_some_and(|(earlier, ballots)| {
            let came_to_nothing =
                earlier.outcome(ballots) == Err(DeliberationRefusal::WithoutOutcome);
            earlier.round == request.round() && !came_to_nothing
        });
        if stands {
            return Err(DeliberationRefusal::AlreadyCalled);
        }
        check_members(&call.members)?;
        call.members.iter().try_for_each(|member| may_take_part(case, member))?;
        Ok(Self {
            id: call.id,
            request: call.request,
            round: request.round(),
            session: earlier.map_or(1, |(earlier, _)| earlier.session + 1),
            ground: call.ground,
            members: call.members,
            called_by: call.by,
            called_at: at,
            concluded: None,
        })
    }

    /// How many members must have spoken: two thirds, by the local rules of procedure.
    pub fn quorum(&self) -> usize {
        (self.members.len() * 2).div_ceil(3)
    }

    /// How many members have spoken.
    pub fn spoken(&self) -> usize {
        self.members.iter().filter(|member| member.spoke.is_some()).count()
    }

    /// Whether the head has spoken, after whom nobody speaks: only then is what was said opened.
    pub fn chair_has_spoken(&self) -> bool {
        self.members.iter().any(|member| member.chair && member.spoke.is_some())
    }

    /// The member with this police number.
    pub fn member(&self, police_number: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.officer.police_number == police_number)
    }

    /// Takes the opinion and vote of a member, once, and says as the how-manieth it was given. The
    /// head comes last: once the others make two thirds with him or her, and nobody after that.
    ///
    /// # Errors
    /// [`DeliberationRefusal::Concluded`], [`Refusal::RequestStage`] when the request has moved on,
    /// [`DeliberationRefusal::NotMember`] also without the post, [`Refusal::SeparationOfDuties`],
    /// [`DeliberationRefusal::AlreadySpoken`], [`DeliberationRefusal::VotingEnded`],
    /// [`DeliberationRefusal::ChairSpeaksLast`], [`Refusal::Text`].
    pub fn speak(
        &mut self,
        case: &CaseFile,
        speaker: &Officer,
        posts: &BTreeSet<Post>,
        opinion: &str,
    ) -> Result<u32, DeliberationRefusal> {
        self.is_open(case)?;
        let (spoken, quorum) = (self.spoken(), self.quorum());
        let ended = self.chair_has_spoken();
        let member = self.members.iter_mut().find(|member| member.officer.is(speaker));
        let member = member
            .filter(|member| posts.contains(&member.post.post()))
            .ok_or(DeliberationRefusal::NotMember)?;
        may_take_part(case, member)?;
        if member.spoke.is_some() {
            return Err(DeliberationRefusal::AlreadySpoken);
        }
        if ended {
            return Err(DeliberationRefusal::VotingEnded);
        }
        if member.chair && spoken + 1 < quorum {
            return Err(DeliberationRefusal::ChairSpeaksLast);
        }
        text("opinion", opinion, LONG)?;
        let order = u32::try_from(spoken + 1).unwrap_or(u32::MAX);
        member.spoke = Some(order);
        Ok(order)
    }

    /// Closes the session: the outcome is what more than half of its members voted for.
    ///
    /// # Errors
    /// [`DeliberationRefusal::Concluded`], [`Refusal::RequestStage`] when the request has moved on,
    /// [`Refusal::SeparationOfDuties`], and as [`outcome`](Self::outcome).
    pub fn conclude(
        &mut self,
        case: &CaseFile,
        ballots: &[Ballot],
        by: Officer,
        at: Timestamp,
    ) -> Result<Conclusion, DeliberationRefusal> {
        self.is_open(case)?;
        if case.is_handler(&by) {
            return Err(Refusal::SeparationOfDuties.into());
        }
        let outcome = self.outcome(ballots)?;
        let conclusion = Conclusion { outcome, tally: Tally::of(ballots), by, at };
        self.concluded = Some(conclusion.clone());
        Ok(conclusion)
    }

    /// What more than half of the members voted for.
    ///
    /// # Errors
    /// [`DeliberationRefusal::Quorum`], [`DeliberationRefusal::ChairToSpeak`],
    /// [`DeliberationRefusal::WithoutOutcome`].
    pub fn outcome(&self, ballots: &[Ballot]) -> Result<Vote, DeliberationRefusal> {
        if self.spoken() < self.quorum() {
            return Err(DeliberationRefusal::Quorum);
        }
        if !self.chair_has_spoken() {
            return Err(DeliberationRefusal::ChairToSpeak);
        }
        let tally = Tally::of(ballots);
        let is_majority = |vote: &Vote| tally.count(*vote) as usize * 2 > self.members.len();
        Vote::ALL.iter().copied().find(is_majority).ok_or(DeliberationRefusal::WithoutOutcome)
    }

    /// The bytes that an event's row digest is taken over: the case, the session and, once it is
    /// concluded, its ballots. So the log holds them fast without telling them.
    pub fn canonical(&self, case: &CaseFile, ballots: &[Ballot]) -> Vec<u8> {
        let mut form = Canonical::new("review.deliberation")
            .field("case", case.canonical())
            .field("id", self.id.0.as_bytes())
            .field("request", self.request.0.as_bytes())
            .field("round", self.round.to_be_bytes())
            .field("session", self.session.to_be_bytes())
            .field("ground", self.ground.code())
            .field("called_by", officer_form(&self.called_by))
            .instant("called_at", self.called_at);
        for member in &self.members {
            let member = Canonical::new("member")
                .field("officer", officer_form(&member.officer))
                .field("post", member.post.code())
                .field("chair", [u8::from(member.chair)])
                .optional("spoke", member.spoke.map(u32::to_be_bytes));
            form = form.field("member", member.finish());
        }
        for ballot in ballots {
            let ballot = Canonical::new("ballot")
                .field("police_number", &ballot.police_number)
                .field("vote", ballot.vote.code())
                .field("opinion", &ballot.opinion)
                .instant("given_at", ballot.given_at);
            form = form.field("ballot", ballot.finish());
        }
        if let Some(Conclusion { outcome, by, at, .. }) = &self.concluded {
            form = form
                .field("outcome", outcome.code())
                .field("concluded_by", officer_form(by))
                .instant("concluded_at", *at);
        }
        form.finish()
    }

    fn is_open(&self, case: &CaseFile) -> Result<(), DeliberationRefusal> {
        if self.concluded.is_some() {
            return Err(DeliberationRefusal::Concluded);
        }
        let request = under_way(case, self.request)?;
        if request.round() != self.round {
            return Err(Refusal::RequestStage.into());
        }
        Ok(())
    }
}

/// The request, while it lies before its reviewer or its approver.
fn under_way(case: &CaseFile, id: ReviewRequestId) -> Result<&Request, Refusal> {
    let request = case.request(id)?;
    match request.stage {
        RequestStage::Submitted | RequestStage::Reviewed(_) => Ok(request),
        RequestStage::Returned(_) | RequestStage::Decided(..) => Err(Refusal::RequestStage),
    }
}

/// Nobody deliberates on a case that he or she handled, or supervised as head of the unit.
fn may_take_part(case: &CaseFile, member: &Member) -> Result<(), Refusal> {
    let own_unit = member.officer.unit.code == case.unit().code;
    if case.is_handler(&member.officer) || (member.post == MemberPost::UnitHead && own_unit) {
        return Err(Refusal::SeparationOfDuties);
    }
    Ok(())
}

fn check_members(members: &[Member]) -> Result<(), DeliberationRefusal> {
    let numbers: BTreeSet<&str> =
        members.iter().map(|member| member.officer.police_number.as_str()).collect();
    let chairs = || members.iter().filter(|member| member.chair);
    let named = |member: &Member| {
        text("members", &member.officer.police_number, SHORT)
            .and_then(|()| text("members", &member.officer.name, SHORT))
            .and_then(|()| text("members", &member.officer.unit.name, SHORT))
    };
    members.iter().try_for_each(named)?;
    let wrong = if !(FEWEST_MEMBERS..=MOST_MEMBERS).contains(&members.len()) {
        "参加议案的人员应为三至三十人"
    } else if numbers.len() != members.len() {
        "同一人员不得重复列名"
    } else if chairs().count() != 1 {
        "应有且仅有一名主持人"
    } else if !chairs().all(|chair| chair.post.may_chair()) {
        "主持人应为局领导或者值班局领导"
    } else {
        return Ok(());
    };
    Err(DeliberationRefusal::Members(wrong))
}
