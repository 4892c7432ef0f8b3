//! The staff pages.

use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::supervision::v1::Determination;
use gongxin_testkit::officer;
use http::StatusCode;

use crate::house::{House, head, keeper, supervisor};
use crate::recordings::interrogation;

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_finds_the_queue_a_finding_and_the_way_of_its_case() {
    let house = House::open().await;
    let (status, empty) = house.page(&supervisor(), "/findings").await;
    assert_eq!(status, StatusCode::OK);
    assert!(empty.contains("没有执法问题"), "{empty}");

    let id = house.overdue_review().await;
    let case = house.get(&id).await.unwrap().case_id;
    let recording = interrogation(case.parse().unwrap(), new_uuid(), house.now());
    let call = house.deployment.call(&keeper(), recording);
    house.api.clone().register_recording(call).await.unwrap();
    house.determine(&supervisor(), &id, Determination::Violation).await.unwrap();
    house.supervise(&supervisor(), &id, 24).await.unwrap();

    let (_, queue) = house.page(&head(), "/findings").await;
    for shown in ["立案审查超期（倒查）", "A6199210100002026010001", "城关派出所", "督办中"]
    {
        assert!(queue.contains(shown), "{shown}: {queue}");
    }
    let (status, page) = house.page(&supervisor(), &format!("/findings/{id}")).await;
    assert_eq!(status, StatusCode::OK);
    for shown in ["认定：违法违规", "经查，审批人出差，无人代签。", "法制大队 民警619301 619301"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let (status, page) = house.page(&supervisor(), &format!("/cases/{case}")).await;
    assert_eq!(status, StatusCode::OK);
    for shown in ["接报登记，出具接报案回执", "民警 619002", "发现执法问题", "审讯系统"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_refuse_who_may_not_read_and_what_is_not_there() {
    let house = House::open().await;
    let id = house.overdue_review().await;
    let auxiliary = officer("619305", &[Post::Auxiliary]);
    for path in ["/findings".to_owned(), format!("/findings/{id}")] {
        assert_eq!(house.page(&auxiliary, &path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    let nowhere = new_uuid();
    for path in ["/findings/x", "/cases/x", &format!("/cases/{nowhere}")] {
        assert_eq!(house.page(&supervisor(), path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (status, page) = house.page(&supervisor(), "/findings?after=x").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("ID_INVALID"), "{page}");
}
