//! One timeline per case, from both logs and from this service.

use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::review::v1::CaseReceived;
use gongxin_proto::supervision::v1::{
    Determination, GetTimelineRequest, ListFindingsRequest, TimelineEntry,
};
use gongxin_testkit::{officer, reason, until};
use uuid::Uuid;

use crate::house::{House, supervisor, unit};

impl House {
    async fn timeline(&self, case: &str) -> Vec<TimelineEntry> {
        let message = GetTimelineRequest { case_id: case.to_owned() };
        let call = self.deployment.call(&supervisor(), message);
        self.api.clone().get_timeline(call).await.unwrap().into_inner().entries
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_sup_1_a_timeline_holds_the_events_of_every_service_in_order_of_time() {
    let house = House::open().await;
    let finding = house.overdue_review().await;
    let case = house.get(&finding).await.unwrap().case_id;
    house.pass(1);
    let received = CaseReceived {
        case_id: case.clone(),
        case_number: "A6199210100002026010001".into(),
        unit: Some(unit()),
        suspect_ids: vec![new_uuid().to_string()],
    };
    let id: Uuid = case.parse().unwrap();
    house.review(id, "case.received", received).await;
    until(3, || house.count("timeline", id)).await;
    house.pass(1);
    house.determine(&supervisor(), &finding, Determination::Violation).await.unwrap();
    house.send_clue(&supervisor(), &finding).await.unwrap();

    let entries = house.timeline(&case).await;
    let seen: Vec<_> = entries
        .iter()
        .map(|e| (e.subject.as_str(), e.actor_kind.as_str(), e.police_number.as_str()))
        .collect();
    let expected = [
        ("report.registered", "officer", "619002"),
        ("case.filing_review_overdue", "period", ""),
        ("finding.opened", "system", ""),
        ("case.received", "system", ""),
        ("finding.determined", "officer", "619301"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(entries[1].what, "立案审查超期，启动倒查");
    assert_eq!(entries[1].unit.as_ref().unwrap().name, "城关派出所");
    assert_eq!(entries[3].source, "619921/review");

    let reads: i64 = sqlx::query_scalar(
        "select count(*) from supervision.audit where action = 'get_timeline' and subject = $1",
    )
    .bind(id)
    .fetch_one(&mut house.world().admin().await)
    .await
    .unwrap();
    assert_eq!(reads, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_of_nothing_or_for_nobody_is_refused() {
    let house = House::open().await;
    let case = house.case().await.to_string();
    let ask = async |staff, case_id: &str| {
        let message = GetTimelineRequest { case_id: case_id.to_owned() };
        let call = house.deployment.call(&staff, message);
        reason(&house.api.clone().get_timeline(call).await.unwrap_err())
    };
    assert_eq!(ask(officer("619305", &[Post::Auxiliary]), &case).await, "POWER_MISSING");
    assert_eq!(ask(supervisor(), "7").await, "ID_INVALID");
    assert_eq!(ask(supervisor(), &new_uuid().to_string()).await, "TIMELINE_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_read_page_by_page_newest_first() {
    let house = House::open().await;
    let first = house.overdue_review().await;
    let second = house.overdue_review().await;
    house.determine(&supervisor(), &second, Determination::Lawful).await.unwrap();
    house.close(&supervisor(), &second).await.unwrap();
    let list = async |open_only, page_token: &str| {
        let page_token = page_token.to_owned();
        let message = ListFindingsRequest { page_size: 1, page_token, open_only };
        let call = house.deployment.call(&supervisor(), message);
        let answer = house.api.clone().list_findings(call).await.unwrap().into_inner();
        (answer.findings[0].finding_id.clone(), answer.next_page_token)
    };
    assert_eq!(list(false, "").await, (second.clone(), second.clone()));
    assert_eq!(list(false, &second).await, (first.clone(), String::new()));
    assert_eq!(list(true, "").await, (first, String::new()));
}
