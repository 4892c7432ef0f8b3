//! Racing transactions are never swapped in the log, and every receipt proves itself.

use gongxin_eventing::receipt;
use gongxin_kernel::{EventId, new_uuid};
use gongxin_testkit::{log_key, until};
use gongxin_transparency::Receipt;
use uuid::Uuid;

use crate::toys::{status, toy, wind, world};

#[tokio::test(flavor = "multi_thread")]
async fn racing_versions_are_never_swapped_and_every_receipt_verifies() {
    let world = world().await;
    let service = toy(&world).await;
    let db = service.runtime.db().clone();
    let toys: Vec<Uuid> = (0..4).map(|_| new_uuid()).collect();

    let mut writers = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (db, toys) = (db.clone(), toys.clone());
        writers.spawn(async move {
            for k in 0..16 {
                wind(&db, toys[(n + k) % 4]).await.unwrap();
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    until((0, 128), async || {
        let status = status(&service).await;
        (status.unsequenced, status.log_size)
    })
    .await;

    let mut admin = world.admin().await;
    let swapped: i64 = sqlx::query_scalar(
        "select count(*) from (
             select e.version, row_number() over (partition by e.aggregate order by l.seq) as place
               from toy.log l join toy.events e on e.id = l.event_id) as t
          where version <> place",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(swapped, 0);

    let ids: Vec<Uuid> = sqlx::query_scalar("select event_id from toy.log order by seq")
        .fetch_all(&mut admin)
        .await
        .unwrap();
    let (bureau, keys) = ("619921".parse().unwrap(), [log_key("toy").verifier()]);
    for (index, id) in (0u64..).zip(ids) {
        let receipt = receipt(&db, service.runtime.setup(), &bureau, EventId(id)).await.unwrap();
        assert_eq!(receipt.verify(&keys).unwrap().index, index);
        let changed = receipt.to_text().replace("version: ", "version: 9");
        let accepted = Receipt::parse(&changed).is_ok_and(|receipt| receipt.verify(&keys).is_ok());
        assert!(!accepted, "a changed receipt was accepted");
    }
}
