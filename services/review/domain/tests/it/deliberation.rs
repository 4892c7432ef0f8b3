//! Collective deliberation: who may take part, the order of speaking, the outcome, the decision.

use std::collections::BTreeSet;

use gongxin_kernel::Post;
use gongxin_review_domain::{
    Ballot, Call, CaseFile, Deliberation, DeliberationGround, DeliberationId, DeliberationRefusal,
    Member, MemberPost, Officer, Opinion, ReviewRequestId, Tally, Vote, departs, may_be_marked,
};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::world::*;

const MORNING: &str = "2026-02-13T10:20";

fn now() -> Timestamp {
    at(MORNING)
}

/// `size` members, the first of them the chair.
fn members(size: usize) -> Vec<Member> {
    (0..size)
        .map(|place| Member {
            officer: officer(&format!("6191{place:02}")),
            post: if place == 0 { MemberPost::BureauLeader } else { MemberPost::LegalReviewer },
            chair: place == 0,
            spoke: None,
        })
        .collect()
}

fn posts() -> BTreeSet<Post> {
    BTreeSet::from([Post::BureauLeader, Post::LegalReviewer])
}

fn call(request: ReviewRequestId, members: Vec<Member>) -> Call {
    Call {
        id: DeliberationId::fresh(),
        request,
        ground: DeliberationGround::Difficult,
        members,
        by: officer(REVIEWER),
    }
}

fn called(case: &CaseFile, request: ReviewRequestId, size: usize) -> Deliberation {
    Deliberation::call(case, None, call(request, members(size)), now()).unwrap()
}

fn ballot(member: &Officer, vote: Vote) -> Ballot {
    Ballot {
        police_number: member.police_number.clone(),
        vote,
        opinion: "意见".into(),
        given_at: now(),
    }
}

/// All members speak, the chair last, for these votes.
fn voted(session: &mut Deliberation, case: &CaseFile, votes: &[Vote]) -> Vec<Ballot> {
    let order: Vec<Officer> = session.members.iter().rev().map(|m| m.officer.clone()).collect();
    let speak = |(member, vote): (&Officer, &Vote)| {
        session.speak(case, member, &posts(), "意见").unwrap();
        ballot(member, *vote)
    };
    order.iter().zip(votes).map(speak).collect()
}

fn code<T>(result: Result<T, DeliberationRefusal>) -> &'static str {
    result.err().map_or("nothing", |refusal| refusal.reason().code)
}

#[test]
fn those_who_are_named_must_be_a_body_that_can_deliberate() {
    let (case, request) = submitted(detained(MORNING));
    let wrong = |change: fn(&mut Vec<Member>)| {
        let mut members = members(5);
        change(&mut members);
        code(Deliberation::call(&case, None, call(request, members), now()))
    };
    let invalid = "DELIBERATION_MEMBERS_INVALID";
    assert_eq!(wrong(|_| {}), "nothing");
    assert_eq!(wrong(Vec::clear), invalid);
    assert_eq!(wrong(|members| members.truncate(2)), invalid);
    assert_eq!(wrong(|members| *members = self::members(31)), invalid);
    assert_eq!(wrong(|members| members[1] = members[2].clone()), invalid);
    assert_eq!(wrong(|members| members[0].chair = false), invalid);
    assert_eq!(wrong(|members| members[1].chair = true), invalid);
    assert_eq!(wrong(|members| members[0].post = MemberPost::LegalHead), invalid);
    assert_eq!(wrong(|members| members[1].officer.name.clear()), "REVIEW_TEXT_INVALID");
}

#[test]
fn who_handled_the_case_or_heads_its_unit_neither_calls_nor_deliberates() {
    let (case, request) = submitted(detained(MORNING));
    let refused = |call: Call| code(Deliberation::call(&case, None, call, now()));
    let separation = "SEPARATION_OF_DUTIES";
    assert_eq!(refused(Call { by: officer(HANDLER), ..call(request, members(3)) }), separation);
    for number in [HANDLER, REGISTRAR] {
        let mut members = members(3);
        members[1].officer = officer(number);
        assert_eq!(refused(call(request, members)), separation);
    }
    let mut heads = members(3);
    heads[1].post = MemberPost::UnitHead;
    assert_eq!(refused(call(request, heads.clone())), separation);
    heads[1].officer.unit.code = "619921020000".parse().unwrap();
    assert_eq!(refused(call(request, heads)), "nothing");
}

#[test]
fn a_request_is_deliberated_while_it_lies_before_reviewer_or_approver() {
    let refused = |case: &CaseFile, request| {
        code(Deliberation::call(case, None, call(request, members(3)), now()))
    };
    let (case, request) = submitted(detained(MORNING));
    assert_eq!(refused(&case, request), "nothing");
    assert_eq!(refused(&case, ReviewRequestId::fresh()), "REVIEW_REQUEST_NOT_FOUND");
    assert!(may_be_marked(&case, request).is_ok());
    let returned = case
        .return_for_correction(request, vec!["缺".into()], officer(REVIEWER), now(), &law())
        .unwrap()
        .case;
    assert_eq!(refused(&returned, request), "REVIEW_REQUEST_STAGE");
    let (case, request) = reviewed(detained(MORNING), Opinion::Pass);
    assert_eq!(refused(&case, request), "nothing");
    let (verdict, _) = approval();
    let decided = case.decide(request, verdict, String::new(), officer(LEADER)).unwrap().case;
    assert_eq!(refused(&decided, request), "REVIEW_REQUEST_STAGE");
    assert_eq!(may_be_marked(&decided, request).unwrap_err().reason().code, "REVIEW_REQUEST_STAGE");
}

#[test]
fn only_a_member_who_holds_the_post_speaks_and_says_something() {
    let (case, request) = submitted(detained(MORNING));
    let mut session = called(&case, request, 3);
    let member = session.members[1].officer.clone();
    let stranger = session.speak(&case, &officer(OTHER), &posts(), "意见");
    assert_eq!(code(stranger), "NOT_DELIBERATION_MEMBER");
    let without = session.speak(&case, &member, &BTreeSet::from([Post::BureauLeader]), "意见");
    assert_eq!(code(without), "NOT_DELIBERATION_MEMBER");
    for opinion in [" ", "意\u{0}见"] {
        assert_eq!(code(session.speak(&case, &member, &posts(), opinion)), "REVIEW_TEXT_INVALID");
    }
    assert_eq!(session.speak(&case, &member, &posts(), "意见"), Ok(1));
}

#[test]
fn without_a_majority_another_session_is_called_and_the_chair_has_no_casting_vote() {
    let (case, request) = submitted(detained(MORNING));
    let again = |session: &Deliberation, ballots: &[Ballot]| {
        let call = call(request, members(4));
        Deliberation::call(&case, Some((session, ballots)), call, now())
    };
    let mut tied = called(&case, request, 4);
    assert_eq!(code(again(&tied, &[])), "DELIBERATION_ALREADY_CALLED");
    let ballots =
        voted(&mut tied, &case, &[Vote::Approve, Vote::Refuse, Vote::Refuse, Vote::Approve]);
    let outcome = tied.conclude(&case, &ballots, officer(REVIEWER), now());
    assert_eq!(code(outcome), "DELIBERATION_WITHOUT_OUTCOME");
    let mut second = again(&tied, &ballots).unwrap();
    assert_eq!(second.session, 2);

    // One that has a majority cannot be set aside by calling another before it is concluded.
    let ballots =
        voted(&mut second, &case, &[Vote::Refuse, Vote::Refuse, Vote::Refuse, Vote::Approve]);
    assert_eq!(code(again(&second, &ballots)), "DELIBERATION_ALREADY_CALLED");
    let conclusion = second.conclude(&case, &ballots, officer(REVIEWER), now()).unwrap();
    assert_eq!(conclusion.outcome, Vote::Refuse);
    assert_eq!(conclusion.tally, Tally { approve: 1, refuse: 3, returned: 0 });
    assert_eq!(code(again(&second, &ballots)), "DELIBERATION_ALREADY_CALLED");
    let once_more = second.conclude(&case, &ballots, officer(REVIEWER), now());
    assert_eq!(code(once_more), "DELIBERATION_CONCLUDED");
}

#[test]
fn a_return_for_correction_ends_a_session_and_asks_for_another() {
    let (case, request) = submitted(detained(MORNING));
    let mut session = called(&case, request, 3);
    let returned = case
        .return_for_correction(request, vec!["缺".into()], officer(REVIEWER), now(), &law())
        .unwrap()
        .case;
    let member = session.members[1].officer.clone();
    let late = session.speak(&returned, &member, &posts(), "意见");
    assert_eq!(code(late), "REVIEW_REQUEST_STAGE");
    let answered = returned
        .answer_correction(request, vec!["补".into()], officer(HANDLER), now())
        .unwrap()
        .case;
    let late = session.speak(&answered, &member, &posts(), "意见");
    assert_eq!(code(late), "REVIEW_REQUEST_STAGE");
    let asked = answered.request(request).unwrap();
    assert_eq!(code(departs(asked, false, Some(&session), true, "")), "DELIBERATION_REQUIRED");
    let next =
        Deliberation::call(&answered, Some((&session, &[])), call(request, members(3)), now());
    assert_eq!(next.unwrap().session, 2);
}

#[test]
fn a_decision_follows_the_outcome_or_says_why_not() {
    let (case, request) = reviewed(detained(MORNING), Opinion::Pass);
    let asked = case.request(request).unwrap();
    let check = |obliged, session: Option<&Deliberation>, approve, reasons: &str| {
        departs(asked, obliged, session, approve, reasons).map(|departed| departed.is_some())
    };
    assert_eq!(check(false, None, true, ""), Ok(false));
    assert_eq!(code(check(true, None, true, "")), "DELIBERATION_REQUIRED");
    let open = called(&case, request, 3);
    assert_eq!(code(check(false, Some(&open), true, "")), "DELIBERATION_NOT_CONCLUDED");

    for (outcome, approve, follows) in [
        (Vote::Approve, true, true),
        (Vote::Approve, false, false),
        (Vote::Refuse, false, true),
        (Vote::Refuse, true, false),
        (Vote::Return, true, false),
        (Vote::Return, false, false),
    ] {
        let mut session = called(&case, request, 3);
        let ballots = voted(&mut session, &case, &[outcome; 3]);
        session.conclude(&case, &ballots, officer(REVIEWER), now()).unwrap();
        let silent = check(true, Some(&session), approve, " ");
        if follows {
            assert_eq!(silent, Ok(false), "{outcome:?} {approve}");
        } else {
            assert_eq!(code(silent), "DEVIATION_REASONS_REQUIRED", "{outcome:?} {approve}");
            assert_eq!(check(true, Some(&session), approve, "理由"), Ok(true));
            let long = "理".repeat(4001);
            assert_eq!(code(check(true, Some(&session), approve, &long)), "REVIEW_TEXT_INVALID");
        }
    }
}

#[test]
fn the_form_that_is_logged_changes_with_every_word_of_a_ballot() {
    let (case, request) = submitted(detained(MORNING));
    let mut session = called(&case, request, 3);
    let ballots = voted(&mut session, &case, &[Vote::Approve; 3]);
    let form = session.canonical(&case, &ballots);
    let mut other = ballots.clone();
    other[1].opinion = "异议".into();
    assert_ne!(session.canonical(&case, &other), form);
    other = ballots.clone();
    other[1].vote = Vote::Refuse;
    assert_ne!(session.canonical(&case, &other), form);
    assert_ne!(session.canonical(&case, &ballots[..2]), form);
    assert_eq!(session.canonical(&case, &ballots), form);
}

fn any_vote() -> impl Strategy<Value = Vote> {
    prop_oneof![3 => Just(Vote::Approve), 2 => Just(Vote::Refuse), 1 => Just(Vote::Return)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever tries to speak or to conclude, in whatever order.
    #[test]
    fn the_chair_is_last_and_an_outcome_is_of_a_quorum_and_a_majority(
        size in 3_usize..9,
        steps in proptest::collection::vec((0_usize..9, any_vote()), 0..24),
    ) {
        let (case, request) = submitted(detained(MORNING));
        let mut session = called(&case, request, size);
        let mut said: Vec<(usize, Vote)> = Vec::new();
        for (who, vote) in steps {
            let who = who % size;
            let speaker = session.members[who].officer.clone();
            let is_chair = who == 0;
            let before = session.clone();
            let spoke = session.speak(&case, &speaker, &posts(), "意见");
            let has_spoken = said.iter().any(|(other, _)| *other == who);
            let ended = said.iter().any(|(other, _)| *other == 0);
            let early = is_chair && 3 * (said.len() + 1) < 2 * size;
            prop_assert_eq!(spoke.is_ok(), !has_spoken && !ended && !early);
            if let Ok(order) = spoke {
                said.push((who, vote));
                prop_assert_eq!(order as usize, said.len());
            } else {
                prop_assert_eq!(&session, &before, "a refusal changes nothing");
            }

            let ballots: Vec<Ballot> =
                said.iter().map(|(who, vote)| ballot(&session.members[*who].officer, *vote)).collect();
            let chair_last = said.last().is_some_and(|(who, _)| *who == 0);
            let chair_spoke = said.iter().any(|(who, _)| *who == 0);
            prop_assert_eq!(chair_spoke, chair_last, "nobody after the chair");
            let quorum = 3 * said.len() >= 2 * size;
            let majority = |vote: Vote| {
                2 * said.iter().filter(|(_, given)| *given == vote).count() > size
            };
            let winner = Vote::ALL.iter().copied().find(|vote| majority(*vote));
            let expected = if quorum && chair_last { winner } else { None };
            let outcome = session.clone().conclude(&case, &ballots, officer(REVIEWER), now());
            prop_assert_eq!(outcome.ok().map(|conclusion| conclusion.outcome), expected);
        }
    }
}
