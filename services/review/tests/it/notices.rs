//! The procuratorate's notices to correct a violation: what comes in, its time, its answer.

use gongxin_exchange::digest;
use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::common::v1::Unit;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{
    DeliverRequest, ViolationItem, ViolationNotice as Paper, ViolationNoticeAnswer,
};
use gongxin_proto::review::v1 as proto;
use gongxin_proto::review::v1::{
    AnswerViolationNoticeRequest, Case, GetViolationNoticeRequest, ItemAnswer, ItemResult,
    ListViolationNoticesRequest, NoticeStage, ViolationNotice,
};
use gongxin_testkit::{eventually, officer};
use prost::Message as _;
use tonic::{Code, Status};

use crate::court::PROCURATORATE;
use crate::office::*;

const DUE: &str = "2026-01-20T15:59:59Z";
const AFTER_IT: &str = "2026-01-20T16:00:00Z";
/// A case that intake never filed.
const UNKNOWN: &str = "A6199210100002026019999";

pub(crate) fn paper(number: &str, case_number: &str) -> Paper {
    let item = |fact: &str| ViolationItem {
        fact: fact.into(),
        basis: "《公安机关办理刑事案件程序规定》第一百二十七条".into(),
        demand: "查明原因，立即纠正".into(),
    };
    Paper {
        notice_number: number.into(),
        case_number: case_number.into(),
        unit: Some(Unit { code: "619921010000".into(), name: "城关派出所".into() }),
        items: vec![item("拘留后未及时通知张某某家属"), item("讯问笔录缺页")],
        issued_at: NOW.into(),
        answer_due_at: DUE.into(),
    }
}

impl Office {
    fn notice(&self, paper: Paper) -> DeliverRequest {
        let document = Document::ViolationNotice(paper);
        self.court.seal(&self.court.envelope(&new_uuid().to_string(), document))
    }

    /// Delivers a notice and gives its id.
    pub(crate) async fn noticed(&self, paper: Paper) -> String {
        let (number, sent) = (paper.notice_number.clone(), self.notice(paper));
        self.exchange().deliver(sent).await.unwrap();
        let listed = self.notices().await;
        listed.into_iter().find(|notice| notice.number == number).unwrap().notice_id
    }

    async fn notices(&self) -> Vec<ViolationNotice> {
        let ask = ListViolationNoticesRequest::default();
        let call = self.call(&reviewer(), ask);
        let answer = self.correspondence().list_violation_notices(call).await;
        answer.unwrap().into_inner().notices
    }

    async fn read_notice(&self, id: &str) -> Result<ViolationNotice, Status> {
        let ask = GetViolationNoticeRequest { notice_id: id.into() };
        let call = self.call(&reviewer(), ask);
        let answer = self.correspondence().get_violation_notice(call).await?;
        Ok(answer.into_inner().notice.unwrap())
    }

    async fn answer(
        &self,
        message: AnswerViolationNoticeRequest,
    ) -> Result<proto::AnswerViolationNoticeResponse, Status> {
        let call = self.call(&reviewer(), message);
        let answer = self.correspondence().answer_violation_notice(call).await?;
        Ok(answer.into_inner())
    }

    async fn notice_at(&self, id: &str, stage: NoticeStage) -> ViolationNotice {
        eventually("the stage of the notice", async || {
            self.read_notice(id).await.ok().filter(|notice| notice.stage() == stage)
        })
        .await
    }

    /// Subjects and data of the events of a notice, in their order.
    async fn events_of(&self, id: &str) -> Vec<(String, Vec<u8>)> {
        sqlx::query_as(
            "select subject, data from review.events where aggregate = $1 order by version",
        )
        .bind(id.parse::<uuid::Uuid>().unwrap())
        .fetch_all(&mut self.deployment.world().admin().await)
        .await
        .unwrap()
    }

    async fn subjects_of(&self, id: &str) -> Vec<String> {
        self.events_of(id).await.into_iter().map(|(subject, _)| subject).collect()
    }
}

fn answer(notice: &str) -> AnswerViolationNoticeRequest {
    let item =
        |result: ItemResult, text: &str| ItemAnswer { result: result.into(), text: text.into() };
    AnswerViolationNoticeRequest {
        request_id: fresh(),
        notice_id: notice.into(),
        items: vec![
            item(ItemResult::Corrected, "已补正通知手续并批评教育"),
            item(ItemResult::NotAccepted, "笔录页码连续，附复印件"),
        ],
    }
}

async fn case(office: &Office) -> Case {
    office.case(&["张某某"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_a_notice_is_received_answered_item_by_item_and_its_answer_delivered() {
    let office = Office::open().await;
    let case = case(&office).await;
    let sent = office.notice(paper("明检纠违〔2026〕1号", &case.case_number));
    let receipt = office.exchange().deliver(sent.clone()).await.unwrap().into_inner();
    office.court.check(&receipt, &sent);

    let line = office.notices().await.remove(0);
    assert_eq!(
        (line.number.as_str(), line.sender.as_str()),
        ("明检纠违〔2026〕1号", PROCURATORATE)
    );
    assert_eq!((line.case_id.as_str(), line.stage()), (case.case_id.as_str(), NoticeStage::Open));
    assert_eq!((line.answer_due_at.as_str(), line.items.len()), (DUE, 0));
    assert_eq!(office.read_notice(&line.notice_id).await.unwrap().items.len(), 2);

    let message = answer(&line.notice_id);
    let given = office.answer(message.clone()).await.unwrap();
    assert_eq!(given.document_number, "明公（法）纠复字〔2026〕1号");
    assert!(!given.late);
    assert_eq!(office.answer(message).await.unwrap(), given, "the same request, the same answer");
    let notice = office.notice_at(&line.notice_id, NoticeStage::Delivered).await;
    let told = notice.answer.unwrap();
    assert_eq!((told.received_at.as_str(), told.items.len()), (NOW, 2));
    assert_eq!(told.officer.unwrap().police_number, "619003");
    assert_eq!(office.pending().await, 0);

    // It answers the very envelope, by the one exit, as an envelope of ours.
    let taken = office.court.taken();
    let (_, received) = taken.last().unwrap();
    assert_eq!(received.envelope.key, given.exit_id);
    let Some(Document::ViolationNoticeAnswer(reply)) = received.envelope.document.clone() else {
        panic!("{:?}", received.envelope)
    };
    let ViolationNoticeAnswer { in_reply_to_digest, document_number, items, .. } = reply;
    assert_eq!(in_reply_to_digest, digest(&sent.envelope));
    assert_eq!(document_number, given.document_number);
    assert_eq!(items.iter().map(|item| item.corrected).collect::<Vec<_>>(), [true, false]);

    let subjects = office.subjects_of(&line.notice_id).await;
    let expected = ["received", "answered", "answer_delivered"];
    assert_eq!(subjects, expected.map(|event| format!("violation_notice.{event}")));
    let url = format!("http://{}", office.running.address);
    gongxin_testkit::conforms(&office.deployment, "review", &url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_events_of_a_notice_name_number_case_unit_and_time_and_no_person() {
    let office = Office::open().await;
    let case = case(&office).await;
    let id = office.noticed(paper("明检纠违〔2026〕1号", &case.case_number)).await;
    office.answer(answer(&id)).await.unwrap();
    office.notice_at(&id, NoticeStage::Delivered).await;

    let events = office.events_of(&id).await;
    let received = proto::ViolationNoticeReceived::decode(&*events[0].1).unwrap();
    assert_eq!(received.case_number, case.case_number);
    assert_eq!(received.unit.unwrap().code, "619921010000");
    assert_eq!((received.answer_due_at.as_str(), received.items), (DUE, 2));
    let answered = proto::ViolationNoticeAnswered::decode(&*events[1].1).unwrap();
    assert_eq!((answered.corrected, answered.not_accepted, answered.late), (1, 1, false));
    for (subject, data) in events {
        let text = String::from_utf8_lossy(&data).into_owned();
        for personal in ["张某某", "619003", "讯问笔录"] {
            assert!(!text.contains(personal), "{subject} names {personal}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_a_notice_that_is_not_answered_in_time_is_overdue_once_and_may_still_be_answered()
 {
    let office = Office::open().await;
    let id = office.noticed(paper("明检纠违〔2026〕1号", UNKNOWN)).await;
    assert_eq!(office.read_notice(&id).await.unwrap().case_id, "", "a matter of its own");
    office.set_clock(DUE);
    assert!(!office.read_notice(&id).await.unwrap().overdue);

    office.set_clock(AFTER_IT);
    eventually("the end", async || {
        office.read_notice(&id).await.ok().filter(|notice| notice.overdue)
    })
    .await;
    // Reminders come each day and mark nothing anew.
    office.set_clock("2026-01-25T16:00:00Z");
    let given = office.answer(answer(&id)).await.unwrap();
    assert!(given.late);
    office.notice_at(&id, NoticeStage::Delivered).await;
    let subjects = office.subjects_of(&id).await;
    let expected = ["received", "overdue", "answered", "answer_delivered"];
    assert_eq!(subjects, expected.map(|event| format!("violation_notice.{event}")));
    let events = office.events_of(&id).await;
    let overdue = proto::ViolationNoticeOverdue::decode(&*events[1].1).unwrap();
    assert_eq!((overdue.number.as_str(), overdue.notice_id), ("明检纠违〔2026〕1号", id.clone()));
    assert_eq!(overdue.answer_due_at, DUE);
    let state: String =
        sqlx::query_scalar("select state from review.deadlines where aggregate = $1")
            .bind(id.parse::<uuid::Uuid>().unwrap())
            .fetch_one(&mut office.deployment.world().admin().await)
            .await
            .unwrap();
    assert_eq!(state, "met_late");
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_the_same_notice_is_one_and_its_number_stands_for_nothing_else() {
    let office = Office::open().await;
    let notice = paper("明检纠违〔2026〕1号", UNKNOWN);
    let sent = office.notice(notice.clone());
    let first = office.exchange().deliver(sent.clone()).await.unwrap().into_inner();
    let events = office.events().await;
    let again = office.exchange().deliver(sent.clone()).await.unwrap().into_inner();
    assert_eq!(again, first);
    // In an envelope of its own it is received, and changes nothing.
    let other = office.notice(notice.clone());
    let receipt = office.exchange().deliver(other.clone()).await.unwrap().into_inner();
    office.court.check(&receipt, &other);

    let mut changed = notice.clone();
    changed.items[0].demand = "不必纠正".into();
    let refused = office.exchange().deliver(office.notice(changed)).await;
    assert_refused(refused, Code::AlreadyExists, "VIOLATION_NOTICE_NUMBER_REUSED", &[]);
    let mut later = notice.clone();
    later.answer_due_at = AFTER_IT.into();
    let refused = office.exchange().deliver(office.notice(later.clone())).await;
    assert_refused(refused, Code::AlreadyExists, "VIOLATION_NOTICE_NUMBER_REUSED", &[]);
    let key = office.court.known_key(&sent);
    let same_key = office.court.envelope(&key, Document::ViolationNotice(later));
    let refused = office.exchange().deliver(office.court.seal(&same_key)).await;
    assert_refused(refused, Code::AlreadyExists, "ENVELOPE_KEY_REUSED", &["key"]);
    assert_eq!(office.events().await, events);
    assert_eq!(office.notices().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_a_notice_that_cannot_be_read_is_refused_by_its_field() {
    let office = Office::open().await;
    let before = office.events().await;
    let bad = |change: fn(&mut Paper)| {
        let mut notice = paper("明检纠违〔2026〕1号", UNKNOWN);
        change(&mut notice);
        office.notice(notice)
    };
    let cases = [
        (bad(|n| n.notice_number.clear()), "notice_number"),
        (bad(|n| n.notice_number = "号".repeat(201)), "notice_number"),
        (bad(|n| n.notice_number = "检\u{202e}违".into()), "notice_number"),
        (bad(|n| n.case_number = "A1".into()), "case_number"),
        (bad(|n| n.unit = None), "unit"),
        (bad(|n| n.unit.as_mut().unwrap().code = "7".into()), "unit.code"),
        (bad(|n| n.unit.as_mut().unwrap().code = "619922010000".into()), "unit.code"),
        (bad(|n| n.unit.as_mut().unwrap().name.clear()), "unit.name"),
        (bad(|n| n.items.clear()), "items"),
        (bad(|n| n.items = vec![n.items[0].clone(); 51]), "items"),
        (bad(|n| n.items[1].fact.clear()), "items.fact"),
        (bad(|n| n.items[0].basis = " ".into()), "items.basis"),
        (bad(|n| n.items[0].demand = "求".repeat(4001)), "items.demand"),
        (bad(|n| n.issued_at = "yesterday".into()), "issued_at"),
        (bad(|n| n.answer_due_at.clear()), "answer_due_at"),
        (bad(|n| n.answer_due_at.clone_from(&n.issued_at)), "answer_due_at"),
    ];
    for (sent, field) in cases {
        let refused = office.exchange().deliver(sent).await;
        assert_refused(refused, Code::InvalidArgument, "ENVELOPE_INVALID", &[field]);
    }
    assert_eq!(office.events().await, before);
    assert!(office.notices().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_only_the_legal_department_answers_each_item_and_once() {
    let office = Office::open().await;
    let case = case(&office).await;
    let id = office.noticed(paper("明检纠违〔2026〕1号", &case.case_number)).await;
    let before = office.events().await;
    let denied = Code::PermissionDenied;
    let call = office.call(&handler(), answer(&id));
    let refused = office.correspondence().answer_violation_notice(call).await;
    assert_refused(refused, denied, "POWER_MISSING", &[]);
    // Who registered the report of the case does not answer for it.
    let call = office.call(&registrar_as_reviewer(), answer(&id));
    let refused = office.correspondence().answer_violation_notice(call).await;
    assert_refused(refused, denied, "SEPARATION_OF_DUTIES", &[]);

    let bad = |change: fn(&mut AnswerViolationNoticeRequest)| {
        let mut message = answer(&id);
        change(&mut message);
        message
    };
    let invalid = Code::InvalidArgument;
    let elsewhere = new_uuid().to_string();
    let missing = AnswerViolationNoticeRequest { notice_id: elsewhere, ..answer(&id) };
    for (message, code, reason, fields) in [
        (bad(|m| m.notice_id = "7".into()), invalid, "ID_INVALID", vec!["notice_id"]),
        (missing, Code::NotFound, "VIOLATION_NOTICE_NOT_FOUND", vec![]),
        (bad(|m| m.items.truncate(1)), invalid, "VIOLATION_ANSWER_INVALID", vec!["items"]),
        (bad(|m| m.items.clear()), invalid, "VIOLATION_ANSWER_INVALID", vec!["items"]),
        (bad(|m| m.items[1].text.clear()), invalid, "VIOLATION_ANSWER_INVALID", vec!["items"]),
        (bad(|m| m.items[0].result = 0), invalid, "REVIEW_VALUE_INVALID", vec!["items.result"]),
        (bad(|m| m.items[0].result = 9), invalid, "REVIEW_VALUE_INVALID", vec!["items.result"]),
    ] {
        assert_refused(office.answer(message).await, code, reason, &fields);
    }
    assert_eq!(office.events().await, before);
    office.answer(answer(&id)).await.unwrap();
    let refused = office.answer(answer(&id)).await;
    assert_refused(refused, Code::FailedPrecondition, "VIOLATION_NOTICE_ANSWERED", &[]);
    // Another bureau sees nothing of it.
    let mut stranger = officer("629001", &[Post::LegalReviewer]);
    stranger.bureau = "619922".parse().unwrap();
    let ask = GetViolationNoticeRequest { notice_id: id.clone() };
    let call = office.call(&stranger, ask);
    let refused = office.correspondence().get_violation_notice(call).await;
    assert_refused(refused, Code::PermissionDenied, "WRONG_BUREAU", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_an_answer_waits_while_the_procuratorate_is_silent_and_goes_out_unchanged() {
    let office = Office::open().await;
    let id = office.noticed(paper("明检纠违〔2026〕1号", UNKNOWN)).await;
    office.court.be_silent(true);
    office.answer(answer(&id)).await.unwrap();
    eventually("a second try", async || (office.court.taken().len() > 1).then_some(())).await;
    assert_eq!(office.pending().await, 1);
    assert_eq!(office.read_notice(&id).await.unwrap().stage(), NoticeStage::Answered);
    office.court.be_silent(false);
    office.notice_at(&id, NoticeStage::Delivered).await;
    assert_eq!(office.pending().await, 0);
    let taken = office.court.taken();
    assert!(taken.iter().all(|(sent, _)| *sent == taken[0].0));
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_the_pages_show_a_notice_its_time_and_its_answer() {
    let office = Office::open().await;
    let page = async |path: String| {
        let url = format!("http://{}{path}", office.running.address);
        gongxin_testkit::get(&url, Some(&office.deployment.token(&reviewer()))).await.1
    };
    assert!(page("/notices".into()).await.contains("没有收到纠正违法通知书"));
    let id = office.noticed(paper("明检纠违〔2026〕1号", UNKNOWN)).await;
    let list = page("/notices".into()).await;
    for text in ["明检纠违〔2026〕1号", UNKNOWN, "城关派出所", "待回复"] {
        assert!(list.contains(text), "{text}");
    }
    assert!(!list.contains("张某某"));
    office.set_clock(AFTER_IT);
    office.answer(answer(&id)).await.unwrap();
    let html = page(format!("/notices/{id}")).await;
    for text in ["拘留后未及时通知", "已纠正：已补正", "不采纳：", "逾期回复", "检察院 619921"]
    {
        assert!(html.contains(text), "{text}");
    }
    assert!(page("/notices/7".into()).await.contains("没有此纠正违法通知书"));
}
