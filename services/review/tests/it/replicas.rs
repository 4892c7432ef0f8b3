//! More than one replica of the service at work.

use gongxin_chassis::{Settings, start};
use gongxin_proto::review::v1::ExitStage;
use gongxin_review::Review;
use gongxin_testkit::{eventually, until};

use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_takes_over_delivers_the_same_envelope_and_it_counts_once() {
    let office = Office::open().await;
    let other = start::<Review>(&Settings::load(Some(&office.settings)).unwrap()).await.unwrap();
    office.court.be_silent(true);
    let (case, _) = office.approved().await;
    eventually("a first try", async || office.court.taken().first().cloned()).await;

    let Office { deployment, court, running, .. } = office;
    running.stop().await;
    court.be_silent(false);
    let stage = async || {
        let mut admin = deployment.world().admin().await;
        sqlx::query_scalar::<_, String>("select stage from review.exits")
            .fetch_one(&mut admin)
            .await
            .unwrap()
    };
    until("delivered".to_owned(), stage).await;
    let sent: Vec<_> = court.taken().into_iter().map(|(sent, _)| sent).collect();
    assert!(sent.len() > 1 && sent.iter().all(|each| *each == sent[0]));
    let mut admin = deployment.world().admin().await;
    let times: i64 =
        sqlx::query_scalar("select count(*) from review.events where subject = 'exit.delivered'")
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert_eq!(times, 1);
    assert_eq!(case.exits.len(), 0);
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_decisions_at_once_make_one_exit() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let request = office.submit(&case).await;
    office.pass(&case, &request).await;
    let decide = async || {
        let message = Office::decision(&case, &request, true);
        office.review().decide_request(office.call(&leader(), message)).await
    };
    let (one, two) = tokio::join!(decide(), decide());
    assert_eq!(one.is_ok(), two.is_err());
    let now = office.exit_at(&case, ExitStage::Delivered).await;
    assert_eq!(now.exits.len(), 1);
}
