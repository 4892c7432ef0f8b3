//! A message that cannot be applied is set aside; those behind it wait, others flow.

use gongxin_eventing::reasons;
use gongxin_kernel::new_uuid;
use gongxin_testkit::{World, until};

use crate::toys::{
    Running, TOY_LOG, change, count, echo, echoes_in_order, status, time_passes, toy, wind, world,
};

const OPERATOR: &str = "staff:619008";

/// The echo cannot take events whose row would fulfil `condition`.
async fn poison(world: &World, condition: &str) {
    let sql = "alter table echo.echoes add constraint poison check (not (";
    change(world, &format!("{sql}{condition})) not valid")).await;
}

async fn cure(world: &World) {
    change(world, "alter table echo.echoes drop constraint poison").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_aggregate_waits_in_quarantine_while_others_flow() {
    let world = world().await;
    let (source, sick, well) = (toy(&world).await, new_uuid(), new_uuid());
    let listener = echo(&world, &source).await;
    poison(&world, &format!("aggregate = '{sick}'")).await;

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
    let unexplained = listener
        .runtime
        .resolve_quarantined(&first.source, first.sequence, false, " ", OPERATOR)
        .await;
    assert_eq!(unexplained.unwrap_err().reason, &reasons::REASON_REQUIRED);

    let try_again = async || {
        listener
            .runtime
            .resolve_quarantined(&first.source, first.sequence, true, "repaired", OPERATOR)
            .await
    };
    assert_eq!(try_again().await.unwrap_err().reason, &reasons::DATABASE_REFUSED);
    assert_eq!(status(&listener).await.quarantined, 3, "nothing was wrong with the others");

    cure(&world).await;
    assert_eq!(try_again().await.unwrap(), 3);
    assert_eq!(echoes_in_order(&world).await, 6);
    assert_eq!(status(&listener).await.quarantined, 0);
    assert_eq!(try_again().await.unwrap_err().reason, &reasons::QUARANTINE_NOT_FOUND);
    until(6, async || status(&listener).await.log_size).await;
}

/// Sequence numbers set aside, and whether each is parked.
async fn aside(listener: &Running) -> Vec<(u64, bool)> {
    let messages = listener.runtime.quarantined().await.unwrap();
    messages.into_iter().map(|message| (message.sequence, message.parked)).collect()
}

/// Versions of the toy that had their effect, in the order of the effects.
async fn effects(world: &World) -> Vec<i32> {
    sqlx::query_scalar("select version from echo.echoes order by n")
        .fetch_all(&mut world.admin().await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_a_message_lets_those_behind_it_go_on() {
    let world = world().await;
    let (source, toy) = (toy(&world).await, new_uuid());
    let listener = echo(&world, &source).await;
    poison(&world, "version = 2").await;
    for _ in 0..4 {
        wind(source.runtime.db(), toy).await.unwrap();
    }
    until(vec![(1, false), (2, true), (3, true)], async || aside(&listener).await).await;
    let reasons: Vec<String> =
        listener.runtime.quarantined().await.unwrap().into_iter().map(|row| row.reason).collect();
    assert_eq!(reasons, ["DATABASE_REFUSED", "BEHIND_EARLIER", "BEHIND_EARLIER"]);

    let closed =
        listener.runtime.resolve_quarantined(TOY_LOG, 1, false, "sent in error", OPERATOR).await;

    assert_eq!(closed.unwrap(), 3);
    assert_eq!(effects(&world).await, [1, 3, 4]);
    let row = "echo.quarantine where seq = 1 and state = 'closed' and resolution = 'staff:619008: sent in error'";
    assert_eq!(count(&world, row).await, 1);
    assert_eq!(count(&world, "echo.quarantine where state = 'applied'").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisonous_message_behind_a_closed_one_heads_the_queue_next() {
    let world = world().await;
    let (source, toy) = (toy(&world).await, new_uuid());
    let listener = echo(&world, &source).await;
    poison(&world, "version in (1, 3)").await;
    for _ in 0..4 {
        wind(source.runtime.db(), toy).await.unwrap();
    }
    until(4, async || status(&listener).await.quarantined).await;
    let close = async |sequence| {
        listener
            .runtime
            .resolve_quarantined(TOY_LOG, sequence, false, "sent in error", OPERATOR)
            .await
    };

    assert_eq!(close(0).await.unwrap(), 2);
    assert_eq!(effects(&world).await, [2]);
    assert_eq!(aside(&listener).await, [(2, false), (3, true)]);

    assert_eq!(close(2).await.unwrap(), 2);
    assert_eq!(effects(&world).await, [2, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_during_a_resolution_are_not_stranded() {
    let world = world().await;
    let (source, toy) = (toy(&world).await, new_uuid());
    let listener = echo(&world, &source).await;
    for round in 0..10u64 {
        poison(&world, "version % 5 = 1").await;
        wind(source.runtime.db(), toy).await.unwrap();
        until(vec![(round * 5, false)], async || aside(&listener).await).await;
        cure(&world).await;
        let coming = async {
            for _ in 0..4 {
                wind(source.runtime.db(), toy).await.unwrap();
            }
        };
        let resolving =
            listener.runtime.resolve_quarantined(TOY_LOG, round * 5, true, "repaired", OPERATOR);
        let ((), resolved) = tokio::join!(coming, resolving);
        assert!(resolved.unwrap() >= 1);
        let all = round * 5 + 5;
        until(all, async || status(&listener).await.cursors[0].applied).await;
        assert_eq!(aside(&listener).await, []);
        assert_eq!(echoes_in_order(&world).await, all.cast_signed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_always_conflicts_is_set_aside_and_keeps_its_place() {
    let world = world().await;
    let (source, sick, well) = (toy(&world).await, new_uuid(), new_uuid());
    let listener = echo(&world, &source).await;
    // The second event of the sick aggregate and every later one breaks this index.
    let index =
        format!("create unique index poison on echo.echoes (aggregate) where aggregate = '{sick}'");
    change(&world, &index).await;

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
        listener.runtime.resolve_quarantined(&first.source, sequence, apply, why, OPERATOR).await
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

    change(&world, "update echo.cursors set incarnation = 'another' where name = '619921/toy'")
        .await;
    wind(source.runtime.db(), new_uuid()).await.unwrap();
    until(2, async || status(&source).await.relayed).await;
    time_passes(&world, "echo", "consumer:619921/toy").await;
    assert_eq!(echoes_in_order(&world).await, 1);
    assert_eq!(status(&listener).await.cursors[0].applied, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_somebody_holds_for_long_is_no_fault_of_the_message() {
    let world = world().await;
    let source = toy(&world).await;
    let brief = "do $$ begin execute format('alter role gx_echo_worker in database %I
                     set lock_timeout = 50', current_database()); end $$";
    change(&world, brief).await;
    let listener = echo(&world, &source).await;
    let mut somebody = world.admin().await;
    sqlx::raw_sql("begin; lock table echo.echoes").execute(&mut somebody).await.unwrap();

    wind(source.runtime.db(), new_uuid()).await.unwrap();
    until(1, async || status(&source).await.relayed).await;
    time_passes(&world, "echo", "sequencer").await;
    assert_eq!(status(&listener).await.quarantined, 0);

    sqlx::raw_sql("rollback").execute(&mut somebody).await.unwrap();
    until(1, async || echoes_in_order(&world).await).await;
}
