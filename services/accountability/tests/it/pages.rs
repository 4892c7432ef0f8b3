//! The staff pages.

use gongxin_kernel::Post;
use http::StatusCode;

use crate::house::{House, concerned, inspector, opener, staff};

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_sees_who_is_concerned_and_others_see_the_matter() {
    let house = House::new().await;
    let (_, empty) = house.page(&opener(), "/clues").await;
    assert!(empty.contains("还没有线索"), "{empty}");
    let (id, _) = house.served().await;
    let path = format!("/clues/{id}");
    let (status, page) = house.page(&inspector(), &path).await;
    assert_eq!(status, StatusCode::OK);
    for shown in ["薛少杰", "警告", "超期十日未作决定", "作出追究决定"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let outsider = staff("619202", "619921080000", Post::CommandCentre);
    let (_, page) = house.page(&outsider, &path).await;
    assert!(page.contains("超期十日未作决定") && !page.contains("薛少杰"), "{page}");
    let (_, list) = house.page(&outsider, "/clues").await;
    assert!(list.contains("明公执线字〔2026〕1号") && !list.contains("薛少杰"), "{list}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_refuse_who_may_not_read_and_what_is_not_there() {
    let house = House::new().await;
    let id = house.open().await.clue_id;
    let path = format!("/clues/{id}");
    assert_eq!(house.page(&concerned(), &path).await.0, StatusCode::FORBIDDEN);
    assert_eq!(house.page(&concerned(), "/clues").await.0, StatusCode::FORBIDDEN);
    for nowhere in ["/clues/x", "/clues/0199a7c0-0000-7000-8000-000000000000"] {
        assert_eq!(house.page(&opener(), nowhere).await.0, StatusCode::NOT_FOUND, "{nowhere}");
    }
    assert_eq!(house.page(&opener(), "/clues?after=x").await.0, StatusCode::BAD_REQUEST);
    house.stop().await;
}
