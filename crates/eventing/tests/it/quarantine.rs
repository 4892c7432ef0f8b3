//! A message that cannot be applied is set aside; those behind it wait, others flow.

use gongxin_eventing::reasons;
use gongxin_kernel::new_uuid;
use gongxin_testkit::until;

use crate::toys::{echo, echoes_in_order, status, toy, wind, world};

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_aggregate_waits_in_quarantine_while_others_flow() {
    let world = world().await;
    let (source, sick, well) = (toy(&world).await, new_uuid(), new_uuid());
    let listener = echo(&world, &source).await;
    let mut admin = world.admin().await;
    let poison =
        format!("alter table echo.echoes add constraint poison check (aggregate <> '{sick}')");
    sqlx::raw_sql(sqlx::AssertSqlSafe(poison)).execute(&mut admin).await.unwrap();

    for _ in 0..3 {
        wind(source.runtime.db(), sick).await.unwrap();
        wind(source.runtime.db(), well).await.unwrap();
    }
    until(3, async || echoes_in_order(&world).await).await;
    until(3, async || status(&listener).await.quarantined).await;
    let set_aside = listener.runtime.quarantined().await.unwrap();
    let parked: Vec<bool> = set_aside.iter().map(|message| message.parked).collect();
    assert_eq!(parked, [false, true, true]);

    let first = &set_aside[0];
    let unexplained =
        listener.runtime.resolve_quarantined(&first.source, first.sequence, false, " ").await;
    assert_eq!(unexplained.unwrap_err().reason, &reasons::REASON_REQUIRED);

    sqlx::raw_sql("alter table echo.echoes drop constraint poison")
        .execute(&mut admin)
        .await
        .unwrap();
    let resolved =
        listener.runtime.resolve_quarantined(&first.source, first.sequence, true, "repaired").await;
    assert_eq!(resolved.unwrap(), 3);
    assert_eq!(echoes_in_order(&world).await, 6);
    assert_eq!(status(&listener).await.quarantined, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_always_conflicts_is_set_aside_and_keeps_its_place() {
    let world = world().await;
    let (source, sick, well) = (toy(&world).await, new_uuid(), new_uuid());
    let listener = echo(&world, &source).await;
    let mut admin = world.admin().await;
    // The second event of the sick aggregate and every later one breaks this index.
    let poison =
        format!("create unique index poison on echo.echoes (aggregate) where aggregate = '{sick}'");
    sqlx::raw_sql(sqlx::AssertSqlSafe(poison)).execute(&mut admin).await.unwrap();

    for _ in 0..3 {
        wind(source.runtime.db(), sick).await.unwrap();
        wind(source.runtime.db(), well).await.unwrap();
    }
    until(2, async || status(&listener).await.quarantined).await;
    until(4, async || echoes_in_order(&world).await).await;
    let set_aside = listener.runtime.quarantined().await.unwrap();
    let (first, parked) = (&set_aside[0], &set_aside[1]);
    assert_eq!((first.parked, parked.parked), (false, true));

    let resolve = async |sequence, apply, why| {
        listener.runtime.resolve_quarantined(&first.source, sequence, apply, why).await
    };
    let overtaking = resolve(parked.sequence, true, "").await.unwrap_err();
    assert_eq!(overtaking.reason, &reasons::QUARANTINE_NOT_FOUND);
    let closed = resolve(first.sequence, false, "a double, seen by hand").await;
    assert_eq!(closed.unwrap(), 1, "the next one cannot be applied either");
    let left = listener.runtime.quarantined().await.unwrap();
    assert_eq!((left.len(), left[0].parked), (1, false), "it takes the place of the first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_was_replaced_is_not_followed() {
    let world = world().await;
    let source = toy(&world).await;
    let listener = echo(&world, &source).await;
    wind(source.runtime.db(), new_uuid()).await.unwrap();
    until(1, async || echoes_in_order(&world).await).await;

    sqlx::raw_sql("update echo.cursors set incarnation = 'another' where name = '619921/toy'")
        .execute(&mut world.admin().await)
        .await
        .unwrap();
    wind(source.runtime.db(), new_uuid()).await.unwrap();
    until(2, async || status(&source).await.relayed).await;
    // Two comparisons with the source go by without effect: the consumer renews its lease
    // meanwhile, which is the state that is waited for.
    let epoch = async || {
        sqlx::query_scalar::<_, String>(
            "select expires_at::text from echo.leases where name like 'consumer:%'",
        )
        .fetch_one(&mut world.admin().await)
        .await
        .unwrap()
    };
    for _ in 0..3 {
        let before = epoch().await;
        until(true, async || epoch().await != before).await;
    }
    assert_eq!(echoes_in_order(&world).await, 1);
    assert_eq!(status(&listener).await.cursors[0].applied, 1);
}
