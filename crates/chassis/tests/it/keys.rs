//! Staff keys that come from the issuer: late, rotated, and while it is away.

use std::sync::atomic::Ordering;

use gongxin_issuer::Key;
use gongxin_kernel::Post;
use gongxin_proto::operations::v1::GetStatusRequest;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_testkit::until;
use tonic::transport::Channel;
use tonic_types::StatusExt as _;

use crate::world::{Office, with_token};

/// The reason for which an administrator with a token of `key` is refused, if any.
async fn refusal(office: &Office, key: &Key) -> Option<String> {
    let channel = Channel::from_shared(office.url.clone()).unwrap().connect().await.unwrap();
    let token = office.token(key, &[Post::Administrator]);
    let request = with_token(GetStatusRequest {}, &token);
    let answer = OperationsServiceClient::new(channel).get_status(request).await;
    Some(answer.err()?.get_error_details().error_info().unwrap().reason.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_serves_before_its_issuer_and_takes_its_keys_when_it_comes() {
    let mut office = Office::without_issuer().await;
    assert_eq!(refusal(&office, &office.key).await.as_deref(), Some("KEYS_UNAVAILABLE"));

    office.house.open(&office.key, &office.url).await;

    until(None, async || refusal(&office, &office.key).await).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_stay_good_while_the_issuer_is_away() {
    let mut office = Office::open().await;
    until(None, async || refusal(&office, &office.key).await).await;

    office.house.close().await;

    assert_eq!(refusal(&office, &Key::generate()).await.as_deref(), Some("TOKEN_INVALID"));
    assert_eq!(refusal(&office, &office.key).await, None);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_works_at_once_and_a_withdrawn_one_no_more() {
    let mut office = Office::without_issuer().await;
    office.house.open(&office.key, &office.url).await;
    // Not by asking with a token, which would use up the question that an unknown key may cause.
    until(true, async || office.house.fetched.load(Ordering::Relaxed) > 0).await;
    let fresh = Key::generate();
    office.house.close().await;
    office.house.open(&fresh, &office.url).await;

    assert_eq!(refusal(&office, &fresh).await, None);
    assert_eq!(refusal(&office, &office.key).await.as_deref(), Some("TOKEN_INVALID"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cannot_make_us_ask_the_issuer_all_the_time() {
    let office = Office::open().await;
    until(true, async || office.house.fetched.load(Ordering::Relaxed) > 0).await;
    let before = office.house.fetched.load(Ordering::Relaxed);

    for _ in 0..20 {
        let refused = refusal(&office, &Key::generate()).await;
        assert_eq!(refused.as_deref(), Some("TOKEN_INVALID"));
    }

    assert_eq!(office.house.fetched.load(Ordering::Relaxed) - before, 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_calls_itself_otherwise_is_not_believed() {
    let mut office = Office::without_issuer().await;
    let key = office.key.clone();
    let other = office.house.url.replace("127.0.0.1", "localhost");
    office.house.open_as(&other, &key, &office.url).await;

    assert_eq!(refusal(&office, &key).await.as_deref(), Some("KEYS_UNAVAILABLE"));
    assert_eq!(office.house.fetched.load(Ordering::Relaxed), 0, "its keys are not even asked for");
    office.close().await;
}
