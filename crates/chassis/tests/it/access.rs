//! Who may call what, and how logs travel between services.

use gongxin_chassis::start;
use gongxin_issuer::Key;
use gongxin_kernel::Post;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{GetStatusRequest, ReplayRequest};
use gongxin_testkit::{World, until};
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt as _;

use crate::world::{Follower, bare, settings, token, with_token};

#[tokio::test(flavor = "multi_thread")]
async fn anybody_may_ask_for_health_and_nothing_else() {
    let (_files, running, channel) = bare().await;

    let health = HealthClient::new(channel.clone()).check(HealthCheckRequest::default()).await;
    assert_eq!(health.unwrap().into_inner().status, 1); // SERVING

    let mut operations = OperationsServiceClient::new(channel);
    let refused = operations.get_status(GetStatusRequest {}).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert_eq!(refused.get_error_details().error_info().unwrap().reason, "NOT_SIGNED_IN");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_gives_the_powers_of_its_posts_and_no_more() {
    let (files, running, channel) = bare().await;
    let mut operations = OperationsServiceClient::new(channel);
    let stranger = Key::generate();
    let cases = [
        (token(files.issuer(), "619921", &[Post::Administrator]), None),
        (token(files.issuer(), "619921", &[Post::BureauLeader]), Some("POWER_MISSING")),
        (token(files.issuer(), "619922", &[Post::Administrator]), Some("WRONG_BUREAU")),
        (token(&stranger, "619921", &[Post::Administrator]), Some("TOKEN_INVALID")),
        ("nonsense".to_owned(), Some("TOKEN_INVALID")),
    ];
    for (token, refusal) in cases {
        let answer = operations.get_status(with_token(GetStatusRequest {}, &token)).await;
        let reason = answer
            .err()
            .map(|status| status.get_error_details().error_info().unwrap().reason.clone());
        assert_eq!(reason.as_deref(), refusal);
    }
    let administrator = token(files.issuer(), "619921", &[Post::Administrator]);
    let replay = operations.replay(with_token(ReplayRequest::default(), &administrator)).await;
    assert_eq!(replay.unwrap_err().code(), Code::PermissionDenied);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_follows_the_log_with_its_own_token() {
    let (files, running, _channel) = bare().await;
    append(files.world()).await;
    let url = format!("http://{}", running.address);
    let settings = settings(&files, "follower", "bare", &url);
    let follower = start::<Follower>(&settings).await.unwrap();

    until(Some(1), async || {
        sqlx::query_scalar::<_, i64>(
            "select position from follower.cursors where name = '619921/bare'",
        )
        .fetch_optional(&mut files.world().admin().await)
        .await
        .unwrap()
    })
    .await;
    follower.stop().await;
    running.stop().await;
}

/// One event in the log of the bare service.
async fn append(world: &World) {
    use gongxin_eventing::{NewEvent, Scope};
    let toy = gongxin_kernel::new_uuid();
    let db = world.db("bare");
    db.transaction("append", Scope::Bureau("619921".parse().unwrap()), move |tx| {
        Box::pin(async move {
            tx.lock(vec![toy]).await?;
            let view = gongxin_transparency::View::new([("toy", "1")]).unwrap();
            let message = gongxin_proto::intake::v1::CaseNotFiled::default();
            let revision = gongxin_kernel::Revision::FIRST;
            tx.append(NewEvent::new(toy, revision, "toy.wound", &message, view, b"row")).await
        })
    })
    .await
    .unwrap();
}
