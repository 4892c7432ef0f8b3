//! Collective deliberation: before the decision, the chair last, what is said sealed.

use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::review::v1::deliberation_service_client::DeliberationServiceClient;
use gongxin_proto::review::v1::{
    CallDeliberationRequest, Case, ConcludeDeliberationRequest, Deliberation,
    DeliberationConcluded, DeliberationGround, DeliberationPost, DeliberationVote,
    GetDeliberationRequest, GiveDeliberationOpinionRequest, MarkMajorRequest,
    NewDeliberationMember, RequestStage,
};
use gongxin_testkit::officer;
use prost::Message as _;
use sqlx::Connection as _;
use tonic::transport::Channel;
use tonic::{Code, Status};

use crate::office::*;

/// What the one who does not agree says; told to few.
const DISSENT: &str = "主观明知的证据不足，不同意提请";

type Client = DeliberationServiceClient<Channel>;

async fn client(office: &Office) -> Client {
    let url = format!("http://{}", office.running.address);
    DeliberationServiceClient::connect(url).await.unwrap()
}

fn legal_head() -> Staff {
    officer("619011", &[Post::LegalHead])
}

fn second_reviewer() -> Staff {
    officer("619013", &[Post::LegalReviewer])
}

/// Head of a unit that does not handle the case.
fn other_head() -> Staff {
    let mut staff = officer("619012", &[Post::UnitHead]);
    staff.unit = "619921020000".parse().unwrap();
    staff.unit_name = "城东派出所".into();
    staff
}

fn discipline() -> Staff {
    officer("619009", &[Post::DisciplineInspector])
}

fn named(staff: &Staff, post: DeliberationPost, chair: bool) -> NewDeliberationMember {
    let officer = Some((&gongxin_kernel::Officer::from(staff)).into());
    NewDeliberationMember { officer, post: post.into(), chair }
}

fn call(case: &Case, request: &str) -> CallDeliberationRequest {
    CallDeliberationRequest {
        request_id: fresh(),
        case_id: case.case_id.clone(),
        review_request_id: request.into(),
        ground: DeliberationGround::Difficult.into(),
        members: vec![
            named(&leader(), DeliberationPost::BureauLeader, true),
            named(&legal_head(), DeliberationPost::LegalHead, false),
            named(&second_reviewer(), DeliberationPost::LegalReviewer, false),
            named(&other_head(), DeliberationPost::UnitHead, false),
        ],
    }
}

fn mark(case: &Case, request: &str) -> MarkMajorRequest {
    MarkMajorRequest {
        request_id: fresh(),
        case_id: case.case_id.clone(),
        review_request_id: request.into(),
        ground: DeliberationGround::Major.into(),
    }
}

/// A request with its opinion, and a way to its deliberation.
struct Session {
    office: Office,
    client: Client,
    case: Case,
    request: String,
    id: String,
}

impl Session {
    async fn called() -> Self {
        let office = Office::open().await;
        let case = office.case(&["张某某"]).await;
        office.detain(&case).await;
        let request = office.submit(&case).await;
        office.pass(&case, &request).await;
        let client = client(&office).await;
        let mut session = Self { office, client, case, request, id: String::new() };
        session.id = session.call().await.unwrap();
        session
    }

    async fn call(&self) -> Result<String, Status> {
        let message = call(&self.case, &self.request);
        let call = self.office.call(&legal_head(), message);
        let answer = self.client.clone().call_deliberation(call).await?;
        Ok(answer.into_inner().deliberation_id)
    }

    fn opinion(&self, vote: DeliberationVote, text: &str) -> GiveDeliberationOpinionRequest {
        GiveDeliberationOpinionRequest {
            request_id: fresh(),
            case_id: self.case.case_id.clone(),
            deliberation_id: self.id.clone(),
            vote: vote.into(),
            opinion: text.into(),
        }
    }

    async fn speak(&self, by: &Staff, vote: DeliberationVote, text: &str) -> Result<(), Status> {
        let call = self.office.call(by, self.opinion(vote, text));
        self.client.clone().give_deliberation_opinion(call).await.map(|_| ())
    }

    async fn conclude(&self) -> Result<DeliberationVote, Status> {
        let message = ConcludeDeliberationRequest {
            request_id: fresh(),
            case_id: self.case.case_id.clone(),
            deliberation_id: self.id.clone(),
        };
        let call = self.office.call(&legal_head(), message);
        Ok(self.client.clone().conclude_deliberation(call).await?.into_inner().outcome())
    }

    async fn seen_by(&self, staff: &Staff) -> Result<Deliberation, Status> {
        let message = GetDeliberationRequest {
            case_id: self.case.case_id.clone(),
            deliberation_id: self.id.clone(),
        };
        let call = self.office.call(staff, message);
        let answer = self.client.clone().get_deliberation(call).await?;
        Ok(answer.into_inner().deliberation.unwrap())
    }

    /// Two agree, one does not, and the head is the last and the third to agree.
    async fn approved_with_dissent(&self) {
        let approve = DeliberationVote::Approve;
        self.speak(&legal_head(), approve, "事实清楚").await.unwrap();
        self.speak(&other_head(), DeliberationVote::Refuse, DISSENT).await.unwrap();
        self.speak(&second_reviewer(), approve, "证据充分").await.unwrap();
        self.speak(&leader(), approve, "同意多数意见").await.unwrap();
        assert_eq!(self.conclude().await.unwrap(), approve);
    }

    async fn decide(&self, approve: bool, deviation_reasons: &str) -> Result<String, Status> {
        let mut message = Office::decision(&self.case, &self.request, approve);
        message.reasons = "综合全案".into();
        message.deviation_reasons = deviation_reasons.into();
        let call = self.office.call(&leader(), message);
        Ok(self.office.review().decide_request(call).await?.into_inner().exit_id)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_10_the_head_speaks_last_and_the_approver_decides_after_the_outcome() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let request = office.submit(&case).await;
    let mut client = client(&office).await;
    client.mark_major(office.call(&handler(), mark(&case, &request))).await.unwrap();
    // The reviewer finds so too: said once.
    client.mark_major(office.call(&reviewer(), mark(&case, &request))).await.unwrap();
    assert_eq!(office.happened(&case, "request.marked_major").await, 1);
    office.pass(&case, &request).await;
    let mut session = Session { office, client, case, request, id: String::new() };
    let wrong_state = Code::FailedPrecondition;
    assert_refused(session.decide(true, "").await, wrong_state, "DELIBERATION_REQUIRED", &[]);

    session.id = session.call().await.unwrap();
    let refused = session.call().await;
    assert_refused(refused, wrong_state, "DELIBERATION_ALREADY_CALLED", &[]);
    for approve in [true, false] {
        let refused = session.decide(approve, "理由").await;
        assert_refused(refused, wrong_state, "DELIBERATION_NOT_CONCLUDED", &[]);
    }

    let approve = DeliberationVote::Approve;
    let first = session.speak(&leader(), approve, "同意").await;
    assert_refused(first, wrong_state, "DELIBERATION_CHAIR_SPEAKS_LAST", &[]);
    session.speak(&legal_head(), approve, "事实清楚").await.unwrap();
    let again = session.speak(&legal_head(), DeliberationVote::Refuse, "改变意见").await;
    assert_refused(again, wrong_state, "DELIBERATION_ALREADY_SPOKEN", &[]);
    let second = session.speak(&leader(), approve, "同意").await;
    assert_refused(second, wrong_state, "DELIBERATION_CHAIR_SPEAKS_LAST", &[]);
    let refused = session.conclude().await;
    assert_refused(refused, wrong_state, "DELIBERATION_QUORUM_MISSING", &[]);
    session.speak(&other_head(), approve, "同意").await.unwrap();
    session.speak(&leader(), approve, "同意").await.unwrap();
    let late = session.speak(&second_reviewer(), DeliberationVote::Refuse, "晚到").await;
    assert_refused(late, wrong_state, "DELIBERATION_VOTING_ENDED", &[]);

    assert_eq!(session.conclude().await.unwrap(), approve);
    let twice = session.conclude().await;
    assert_refused(twice, wrong_state, "DELIBERATION_CONCLUDED", &[]);
    assert!(!session.decide(true, "").await.unwrap().is_empty());

    let now = session.office.now(&session.case).await;
    assert_eq!(now.requests[0].stage(), RequestStage::Approved);
    let what: Vec<&str> = now.history.iter().map(|entry| entry.what.as_str()).collect();
    let told =
        ["列为重大疑难事项，须经集体议案", "提出审核意见", "提请集体议案", "集体议案形成结论"];
    assert_eq!(what[3..7], told);
    let url = format!("http://{}", session.office.running.address);
    gongxin_testkit::conforms(&session.office.deployment, "review", &url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_10_dissent_is_on_record_and_sealed() {
    let session = Session::called().await;
    session.speak(&other_head(), DeliberationVote::Refuse, DISSENT).await.unwrap();
    // Before the chair has spoken nobody is told what another said, whoever asks.
    assert_eq!(session.seen_by(&other_head()).await.unwrap().ballots[0].opinion, DISSENT);
    for staff in [legal_head(), leader(), discipline(), reviewer(), handler()] {
        let seen = session.seen_by(&staff).await.unwrap();
        assert!(seen.ballots.is_empty(), "{staff:?}");
        assert_eq!(seen.members[3].spoke, 1);
    }
    let approve = DeliberationVote::Approve;
    session.speak(&legal_head(), approve, "事实清楚").await.unwrap();
    session.speak(&second_reviewer(), approve, "证据充分").await.unwrap();
    session.speak(&leader(), approve, "同意多数意见").await.unwrap();
    session.conclude().await.unwrap();

    for staff in [other_head(), leader(), discipline(), officer("619014", &[Post::DutyLeader])] {
        let ballots = session.seen_by(&staff).await.unwrap().ballots;
        let votes: Vec<_> =
            ballots.iter().map(|ballot| (ballot.vote(), &*ballot.opinion)).collect();
        assert_eq!(votes[0], (DeliberationVote::Refuse, DISSENT), "{staff:?}");
        assert_eq!(votes.len(), 4);
    }
    for staff in [reviewer(), handler(), officer("619007", &[Post::SupervisionOfficer])] {
        let seen = session.seen_by(&staff).await.unwrap();
        assert!(seen.ballots.is_empty(), "{staff:?}");
        let conclusion = seen.conclusion.unwrap();
        let tally = (conclusion.for_approval, conclusion.for_refusal, conclusion.for_return);
        assert_eq!(tally, (3, 1, 0));
    }
    let nobody = session.seen_by(&officer("619006", &[Post::ReportOfficer])).await;
    assert_refused(nobody, Code::PermissionDenied, "POWER_MISSING", &[]);

    // Nothing of it is in events, receipts, answers or audit; the event counts and names nobody else.
    let mut admin = session.office.deployment.world().admin().await;
    let subjects: Vec<String> = sqlx::query_scalar(
        "select subject from review.events where subject like 'deliberation.%' order by ordinal",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(subjects, ["deliberation.called", "deliberation.concluded"]);
    let told: Vec<Vec<u8>> = sqlx::query_scalar(
        "select data || convert_to(view, 'UTF8') from review.events
         union all select answer || convert_to(command, 'UTF8') from review.requests
         union all select convert_to(actor || action, 'UTF8') from review.audit",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    let says = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(told.len() > 10);
    for text in [DISSENT, "同意多数意见"] {
        assert!(!told.iter().any(|bytes| says(bytes, text)), "{text}");
    }
    let event: Vec<u8> = sqlx::query_scalar(
        "select data from review.events where subject = 'deliberation.concluded'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert!(!says(&event, "619012"), "who did not agree");
    let event = DeliberationConcluded::decode(&*event).unwrap();
    let counts = (event.members, event.for_approval, event.for_refusal, event.for_return);
    assert_eq!((event.outcome(), counts), (approve, (4, 3, 1, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_10_a_decision_that_departs_from_the_outcome_needs_reasons_that_stay() {
    let session = Session::called().await;
    session.approved_with_dissent().await;
    let before = session.office.events().await;
    for reasons in ["", " "] {
        let refused = session.decide(false, reasons).await;
        let field = &["deviation_reasons"];
        assert_refused(refused, Code::InvalidArgument, "DEVIATION_REASONS_REQUIRED", field);
    }
    let refused = session.decide(false, &"由".repeat(4001)).await;
    let field = &["deviation_reasons"];
    assert_refused(refused, Code::InvalidArgument, "REVIEW_TEXT_INVALID", field);
    assert_eq!(session.office.events().await, before);
    assert_eq!(session.seen_by(&leader()).await.unwrap().deviation_reasons, "");

    assert_eq!(session.decide(false, "出现新的无罪证据").await.unwrap(), "");
    let seen = session.seen_by(&reviewer()).await.unwrap();
    assert_eq!(seen.deviation_reasons, "出现新的无罪证据");
    let decided = session.decide(false, "再来").await;
    assert_refused(decided, Code::FailedPrecondition, "REVIEW_REQUEST_STAGE", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_10_a_session_without_majority_comes_to_nothing_and_another_is_called() {
    let mut session = Session::called().await;
    let (approve, refuse) = (DeliberationVote::Approve, DeliberationVote::Refuse);
    session.speak(&legal_head(), refuse, DISSENT).await.unwrap();
    session.speak(&second_reviewer(), refuse, DISSENT).await.unwrap();
    session.speak(&other_head(), approve, "同意").await.unwrap();
    let refused = session.conclude().await;
    assert_refused(refused, Code::FailedPrecondition, "DELIBERATION_CHAIR_TO_SPEAK", &[]);
    session.speak(&leader(), approve, "同意").await.unwrap();
    let refused = session.conclude().await;
    assert_refused(refused, Code::FailedPrecondition, "DELIBERATION_WITHOUT_OUTCOME", &[]);
    // What was said stays on record, and is open now to those who said it.
    assert_eq!(session.seen_by(&other_head()).await.unwrap().ballots.len(), 4);

    session.id = session.call().await.unwrap();
    let seen = session.seen_by(&reviewer()).await.unwrap();
    assert_eq!((seen.session, seen.quorum), (2, 3));
    let refused = session.decide(true, "理由").await;
    assert_refused(refused, Code::FailedPrecondition, "DELIBERATION_NOT_CONCLUDED", &[]);
    session.approved_with_dissent().await;
    assert!(!session.decide(true, "").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_10_two_votes_of_one_member_at_once_are_one() {
    let session = Session::called().await;
    let (approve, refuse) = (DeliberationVote::Approve, DeliberationVote::Refuse);
    let (by, other) = (legal_head(), legal_head());
    let (one, two) =
        tokio::join!(session.speak(&by, approve, "同意"), session.speak(&other, refuse, DISSENT));
    assert_eq!(one.is_ok(), two.is_err());
    let loser = if one.is_err() { one } else { two };
    assert_refused(loser, Code::FailedPrecondition, "DELIBERATION_ALREADY_SPOKEN", &[]);
    assert_eq!(session.seen_by(&legal_head()).await.unwrap().ballots.len(), 1);

    // The same vote, sent twice, is one as well.
    let message = session.opinion(refuse, DISSENT);
    for _ in 0..2 {
        let call = session.office.call(&other_head(), message.clone());
        session.client.clone().give_deliberation_opinion(call).await.unwrap();
    }
}

/// The code with which the database refuses a statement of a role.
async fn refused_by_database(office: &Office, role: &str, sql: &str) -> String {
    let url = office.deployment.world().url(role);
    let mut role_itself = sqlx::PgConnection::connect(&url).await.unwrap();
    let sql = format!("set gongxin.bureau = '619921'; {sql}");
    let tried = sqlx::raw_sql(sqlx::AssertSqlSafe(&*sql)).execute(&mut role_itself).await;
    let refused = tried.expect_err(&sql);
    refused.as_database_error().unwrap().code().unwrap().into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_10_the_database_keeps_order_outcome_and_seal_by_itself() {
    let session = Session::called().await;
    let office = &session.office;
    let by_rule = "23001";
    for sql in [
        "update deliberation_members set spoke = 1 where chair",
        "update deliberation_members set spoke = 2 where police_number = '619011'",
        "insert into deliberation_members
         select deliberation_id, '619099', bureau, 9, row('619099', '某', '619921010000', '所')::officer,
                'legal_reviewer', false, null from deliberation_members where chair",
        "set gongxin.apart = 'opened'; update deliberations set outcome = 'approve', for_approval = 4,
         for_refusal = 0, for_return = 0, concluded_by = called_by, concluded_at = called_at",
        "update review_requests set stage = 'refused', open = false, reasons = '',
         approver = row('619004', '某', '619921010000', '所')::officer",
    ] {
        assert_eq!(refused_by_database(office, "gx_review", sql).await, by_rule, "{sql}");
    }
    session.approved_with_dissent().await;
    for sql in [
        "update deliberation_members set spoke = 9 where chair",
        "set gongxin.apart = 'opened'; update deliberations set outcome = 'refuse'",
        // To depart from the outcome without reasons.
        "update review_requests set stage = 'refused', open = false, reasons = 'x',
         approver = row('619004', '某', '619921010000', '所')::officer",
    ] {
        assert_eq!(refused_by_database(office, "gx_review", sql).await, by_rule, "{sql}");
    }
    for sql in [
        "update deliberation_ballots set vote = 'approve'",
        "delete from deliberation_ballots",
        "delete from deliberation_members",
        "update deliberations set ground = 'major'",
        "update major_marks set ground = 'major'",
        "delete from deliberation_deviations",
        // Nobody's ballot is given by another.
        "set gongxin.apart = 'member:619003'; insert into deliberation_ballots
         select deliberation_id, police_number, spoke, bureau, 'approve', 'x', statement_timestamp()
           from deliberation_members where chair",
    ] {
        assert_eq!(refused_by_database(office, "gx_review", sql).await, "42501", "{sql}");
    }
    let all = "select * from deliberation_ballots";
    assert_eq!(refused_by_database(office, "gx_review_worker", all).await, "42501");

    let url = office.deployment.world().url("gx_review");
    let mut role_itself = sqlx::PgConnection::connect(&url).await.unwrap();
    for (apart, shown) in [("", 0), ("member:619003", 0), ("member:619012", 1), ("opened", 4)] {
        sqlx::query(
            "select set_config('gongxin.bureau', '619921', false),
                            set_config('gongxin.apart', $1, false)",
        )
        .bind(apart)
        .execute(&mut role_itself)
        .await
        .unwrap();
        let seen: i64 = sqlx::query_scalar("select count(*) from deliberation_ballots")
            .fetch_one(&mut role_itself)
            .await
            .unwrap();
        assert_eq!(seen, shown, "{apart}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_10_what_cannot_be_deliberated_so_is_refused_by_its_field() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let request = office.submit(&case).await;
    let mut client = client(&office).await;
    let before = office.events().await;
    let good = call(&case, &request);
    let bad = |change: fn(&mut CallDeliberationRequest)| {
        let mut message = CallDeliberationRequest { request_id: fresh(), ..good.clone() };
        change(&mut message);
        message
    };
    let (invalid, value) = (Code::InvalidArgument, "REVIEW_VALUE_INVALID");
    let members = "DELIBERATION_MEMBERS_INVALID";
    let (denied, separation) = (Code::PermissionDenied, "SEPARATION_OF_DUTIES");
    let cases = [
        (bad(|m| m.request_id.clear()), invalid, "REQUEST_ID_INVALID", vec!["request_id"]),
        (bad(|m| m.case_id = "7".into()), invalid, "ID_INVALID", vec!["case_id"]),
        (bad(|m| m.review_request_id.clear()), invalid, "ID_INVALID", vec!["review_request_id"]),
        (bad(|m| m.ground = 0), invalid, value, vec!["ground"]),
        (bad(|m| m.ground = 9), invalid, value, vec!["ground"]),
        (bad(|m| m.members[1].post = 0), invalid, value, vec!["members"]),
        (bad(|m| m.members[1].officer = None), invalid, value, vec!["members"]),
        (
            bad(|m| m.members[1].officer.as_mut().unwrap().unit = None),
            invalid,
            value,
            vec!["members"],
        ),
        (bad(|m| m.members.truncate(2)), invalid, members, vec!["members"]),
        (bad(|m| m.members[0].chair = false), invalid, members, vec!["members"]),
        (bad(|m| m.members[2] = m.members[1].clone()), invalid, members, vec!["members"]),
        (
            bad(|m| m.members[1] = named(&handler(), DeliberationPost::LegalReviewer, false)),
            denied,
            separation,
            vec![],
        ),
        (bad(|m| m.case_id = new_uuid().to_string()), Code::NotFound, "CASE_NOT_FOUND", vec![]),
        (
            bad(|m| m.review_request_id = new_uuid().to_string()),
            Code::NotFound,
            "REVIEW_REQUEST_NOT_FOUND",
            vec![],
        ),
    ];
    for (message, code, reason, fields) in cases {
        let refused = client.call_deliberation(office.call(&legal_head(), message)).await;
        assert_refused(refused, code, reason, &fields);
    }
    for staff in [handler(), leader(), discipline()] {
        let refused = client.call_deliberation(office.call(&staff, bad(|_| {}))).await;
        assert_refused(refused, denied, "POWER_MISSING", &[]);
    }
    let refused = client.mark_major(office.call(&outsider(), mark(&case, &request))).await;
    assert_refused(refused, denied, "NOT_YOUR_UNIT", &[]);
    let refused = client.mark_major(office.call(&leader(), mark(&case, &request))).await;
    assert_refused(refused, denied, "POWER_MISSING", &[]);
    assert_eq!(office.events().await, before);

    let answer = client.call_deliberation(office.call(&legal_head(), good)).await.unwrap();
    let id = answer.into_inner().deliberation_id;
    let session = Session { office, client, case, request, id };
    let approve = DeliberationVote::Approve;
    let unnamed = session.speak(&reviewer(), approve, "同意").await;
    assert_refused(unnamed, denied, "NOT_DELIBERATION_MEMBER", &[]);
    let moved = officer("619011", &[Post::CentreOfficer]);
    let refused = session.speak(&moved, approve, "同意").await;
    assert_refused(refused, denied, "NOT_DELIBERATION_MEMBER", &[]);
    let refused = session.speak(&legal_head(), DeliberationVote::Unspecified, "同意").await;
    assert_refused(refused, invalid, value, &["vote"]);
    let refused = session.speak(&legal_head(), approve, " ").await;
    assert_refused(refused, invalid, "REVIEW_TEXT_INVALID", &["opinion"]);
    let other = Session { id: new_uuid().to_string(), ..session };
    let refused = other.seen_by(&leader()).await;
    assert_refused(refused, Code::NotFound, "DELIBERATION_NOT_FOUND", &[]);
    let refused = other.conclude().await;
    assert_refused(refused, Code::NotFound, "DELIBERATION_NOT_FOUND", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_10_the_pages_show_the_outcome_to_readers_and_ballots_to_few() {
    let session = Session::called().await;
    session.approved_with_dissent().await;
    let page = async |staff: &Staff, path: &str| {
        let url = format!("http://{}{path}", session.office.running.address);
        let token = session.office.deployment.token(staff);
        gongxin_testkit::get(&url, Some(&token)).await
    };
    let case = format!("/cases/{}", session.case.case_id);
    let address = format!("{case}/deliberations/{}", session.id);
    let (_, html) = page(&reviewer(), &case).await;
    for text in ["集体议案", "第1次议案", "疑难", "议案结论", "同意 3，不同意 1", &address]
    {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains(DISSENT));

    for staff in [leader(), discipline(), other_head()] {
        let (_, html) = page(&staff, &address).await;
        assert!(html.contains(DISSENT) && html.contains("主持人"), "{html}");
    }
    let (_, html) = page(&reviewer(), &address).await;
    assert!(html.contains("民警619012") && !html.contains(DISSENT), "{html}");
    let (status, _) = page(&leader(), &format!("{case}/deliberations/7")).await;
    assert_eq!(status, 404);
    let mut admin = session.office.deployment.world().admin().await;
    let reads: i64 =
        sqlx::query_scalar("select count(*) from review.audit where action = 'get_deliberation'")
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert_eq!(reads, 4, "each look at a deliberation is on record");
}
