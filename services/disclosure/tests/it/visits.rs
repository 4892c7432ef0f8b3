//! Return visits: owed after a decision, made by outsiders, looked into when the answer is low.

use gongxin_proto::disclosure::v1::{RecordReturnVisitRequest, RecordReturnVisitResponse};
use gongxin_testkit::{reason, until};
use http::StatusCode;
use tonic::Status;

use crate::house::{House, centre, desk, fresh, petitions};
use crate::sources::{not_filed, publish};

pub(crate) async fn record(
    house: &House,
    by: &gongxin_kernel::Staff,
    visit_id: &str,
    rating: u32,
) -> Result<RecordReturnVisitResponse, Status> {
    let message = RecordReturnVisitRequest {
        request_id: fresh(),
        visit_id: visit_id.to_owned(),
        rating,
        words: "一直没有人告诉我进展。".into(),
    };
    let call = house.deployment.call(by, message);
    Ok(house.api.clone().record_return_visit(call).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn req_dis_13_a_low_answer_opens_a_look_at_the_matter_and_is_no_score() {
    let house = House::new().await;
    let visit = house.filed(1).await;
    let own = record(&house, &centre(), &visit.visit_id, 1).await.unwrap_err();
    assert_eq!(reason(&own), "VISITOR_OF_HANDLING_UNIT");
    let answer = record(&house, &petitions(), &visit.visit_id, 1).await.unwrap();
    assert!(answer.look_opened);
    let subjects = ["visit.due", "visit.recorded", "visit.look_opened"];
    assert_eq!(house.subjects().await, subjects);

    let look: Vec<u8> = sqlx::query_scalar(
        "select data from disclosure.events where subject = 'visit.look_opened'",
    )
    .fetch_one(&mut house.world().admin().await)
    .await
    .unwrap();
    let look = String::from_utf8_lossy(&look);
    assert!(look.contains(&visit.case_number) && look.contains("城关派出所"));
    assert!(!look.contains("没有人告诉我") && !look.contains("619103"));

    let again = record(&house, &petitions(), &visit.visit_id, 5).await.unwrap_err();
    assert_eq!(reason(&again), "VISIT_ALREADY_RECORDED");
    let (status, page) = house.staff_page(&petitions(), "/visits").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("已转了解核实") && !page.contains("没有人告诉我"), "{page}");
    house.conforms().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_answer_opens_nothing_and_also_a_refused_filing_owes_a_visit() {
    let house = House::new().await;
    let report = house.report(1).await;
    publish(house.world(), "intake", (report, 2), not_filed(report, 1)).await;
    let visit = house.visit(1).await;
    assert!(!record(&house, &petitions(), &visit.visit_id, 4).await.unwrap().look_opened);
    assert_eq!(house.subjects().await, ["visit.due", "visit.recorded"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_nobody_makes_becomes_overdue_and_may_still_be_made() {
    let house = House::new().await;
    let visit = house.filed(1).await;
    house.world().set_clock("2026-01-15T15:59:59.999999Z".parse().unwrap());
    assert_eq!(house.subjects().await, ["visit.due"]);
    house.world().set_clock("2026-01-15T16:00:01Z".parse().unwrap());
    let overdue = vec!["visit.due".to_owned(), "visit.overdue".to_owned()];
    until(overdue, async || house.subjects().await).await;
    record(&house, &petitions(), &visit.visit_id, 5).await.unwrap();
    assert!(house.visit(1).await.overdue);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_not_for_the_desk() {
    let house = House::new().await;
    let (status, _) = house.staff_page(&desk(), "/visits").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, page) = house.staff_page(&petitions(), "/visits").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("还没有回访任务"), "{page}");
}
