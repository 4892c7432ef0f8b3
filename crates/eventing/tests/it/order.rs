//! Racing transactions are never swapped in the log, every receipt proves itself, and anybody finds the same root.

use std::collections::BTreeMap;

use gongxin_eventing::{checkpoint, reasons, receipt};
use gongxin_kernel::{EventId, new_uuid};
use gongxin_testkit::{eventually, log_key, until};
use gongxin_transparency::{Checkpoint, Hash, Receipt, append};
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
            for k in 0..34 {
                wind(&db, toys[(n + k) % 4]).await.unwrap();
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    // More than one tile holds.
    until((0, 272), async || {
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

    let entries: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as("select event_id, leaf from toy.log order by seq")
            .fetch_all(&mut admin)
            .await
            .unwrap();
    let leaves: Vec<Hash> =
        entries.iter().map(|(_, leaf)| Hash(leaf.as_slice().try_into().unwrap())).collect();
    let (bureau, keys) = ("619921".parse().unwrap(), [log_key("toy").verifier()]);
    for (index, (id, _)) in (0u64..).zip(entries) {
        let receipt = receipt(&db, service.runtime.setup(), &bureau, EventId(id)).await.unwrap();
        assert_eq!(receipt.verify(&keys).unwrap().index, index);
        assert_eq!(receipt.leaf().hash(), leaves[usize::try_from(index).unwrap()]);
        if index % 16 != 0 {
            continue; // a refusal costs as much as a proof
        }
        let changed = receipt.to_text().replace("version: ", "version: 9");
        let accepted = Receipt::parse(&changed).is_ok_and(|receipt| receipt.verify(&keys).is_ok());
        assert!(!accepted, "a changed receipt was accepted");
    }

    let recomputed = append(0, &BTreeMap::new(), &leaves).unwrap();
    let published = eventually("the last checkpoint is public", async || {
        let note = checkpoint(&db).await.unwrap()?.parse().unwrap();
        let published = Checkpoint::open(&note, &keys).unwrap().checkpoint;
        (published.size == 272).then_some(published)
    })
    .await;
    assert_eq!(published.root, recomputed.root);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_for_the_bureau_of_its_event_alone() {
    let world = world().await;
    let service = toy(&world).await;
    wind(service.runtime.db(), new_uuid()).await.unwrap();
    let id: Uuid = sqlx::query_scalar("select id from toy.events")
        .fetch_one(&mut world.admin().await)
        .await
        .unwrap();
    let (db, setup) = (service.runtime.db(), service.runtime.setup());
    let receipt_for =
        async |bureau: &str| receipt(db, setup, &bureau.parse().unwrap(), EventId(id)).await;

    assert!(receipt_for("619921").await.is_ok());
    assert_eq!(receipt_for("619922").await.unwrap_err().reason, &reasons::EVENT_NOT_FOUND);
}
