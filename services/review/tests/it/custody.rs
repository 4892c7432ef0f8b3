//! Custody: its clocks, their end, and the only way out.

use gongxin_proto::review::v1::{ExitStage, ExtendDetentionRequest, MeasureStage};
use gongxin_testkit::{NatsServer, World, eventually};
use tonic::Code;

use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn req_run_17_custody_that_ends_without_a_decision_is_marked_once_and_releases_nobody() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let message = Office::detention(&case, "2026-01-05T00:30:00Z");
    let period = office.review().enter_measure(office.call(&handler(), message)).await.unwrap();
    let period = period.into_inner().period.unwrap();
    assert_eq!(period.rule, "review.detention.arrest_request");
    assert_eq!(period.due_at, "2026-01-08T15:59:59.999999Z");

    office.set_clock("2026-01-08T16:00:00Z");
    let now = eventually("the alarm", async || {
        let now = office.now(&case).await;
        now.suspects[0].custody_overdue.then_some(now)
    })
    .await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::Detained);

    // A reminder comes every day; the fact is recorded once.
    office.set_clock("2026-01-11T16:00:00Z");
    eventually("three reminders", async || {
        let mut admin = office.deployment.world().admin().await;
        let reminders: i32 = sqlx::query_scalar("select reminders from review.deadlines")
            .fetch_one(&mut admin)
            .await
            .unwrap();
        (reminders == 3).then_some(())
    })
    .await;
    assert_eq!(office.happened(&case, "suspect.custody_overdue").await, 1);

    let message = Office::release(&case, "2026-01-11T15:00:00Z");
    office.review().record_release(office.call(&handler(), message)).await.unwrap();
    let now = office.now(&case).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::Released);
    assert!(!now.suspects[0].custody_overdue);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_year_moves_the_decision_on_a_person_at_liberty_and_no_custody() {
    let office = Office::open().await;
    office.set_clock("2026-12-17T02:00:00Z");
    let case = office.case(&["张某某", "李某某"]).await;
    let request = office.submit(&case).await;
    office.pass(&case, &request).await;
    office.approve(&case, &request).await;
    office.exit_at(&case, ExitStage::Delivered).await;
    office.set_clock("2026-12-29T02:00:00Z");
    let held = office.case(&["王某某"]).await;
    let message = Office::detention(&held, "2026-12-29T02:00:00Z");
    office.review().enter_measure(office.call(&handler(), message)).await.unwrap();

    let notice = office.deployment.knowing_2027();
    let office = office.again(&notice).await;
    eventually("the new end", async || {
        (office.happened(&case, "case.period_recomputed").await == 1).then_some(())
    })
    .await;
    let ends: Vec<(String, String)> = sqlx::query_as(
        "select rule, to_char(due_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')
           from review.deadlines order by rule",
    )
    .fetch_all(&mut office.deployment.world().admin().await)
    .await
    .unwrap();
    let told = |rule: &str, day: &str| (rule.to_owned(), day.to_owned());
    assert_eq!(
        ends,
        [
            // Fifteen days ended on New Year; a person held does not wait for an office.
            told("review.arrest.decision_at_liberty", "2027-01-04"),
            told("review.detention.arrest_request", "2027-01-01"),
        ]
    );
    assert_eq!(office.happened(&held, "case.period_recomputed").await, 0);
    office.running.stop().await;
}

/// Guard 1: ending a restraint waits for nothing that is not at the custody desk.
#[tokio::test(flavor = "multi_thread")]
async fn req_run_1_a_refused_arrest_is_followed_by_the_release_while_nats_is_stopped() {
    let mut nats = NatsServer::start().await;
    let office = Office::on(World::new(&SCHEMAS).await.on_nats(&nats.url()), "").await;
    let (case, _) = office.delivered().await;
    nats.kill();

    let sent = office.court.sealed(office.court.decision(false));
    office.exchange().deliver(sent).await.unwrap();
    assert_eq!(office.now(&case).await.suspects[0].stage(), MeasureStage::ReleaseDue);
    let message = Office::release(&case, NOW);
    office.review().record_release(office.call(&handler(), message)).await.unwrap();
    assert_eq!(office.now(&case).await.suspects[0].stage(), MeasureStage::Released);
    assert_eq!(office.happened(&case, "suspect.released").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_arrest_makes_the_release_due_and_only_the_paper_releases() {
    let office = Office::open().await;
    let (case, _) = office.delivered().await;
    let sent = office.court.sealed(office.court.decision(false));
    office.exchange().deliver(sent).await.unwrap();
    let now = office.now(&case).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::ReleaseDue);
    assert_eq!(now.suspects[0].period.as_ref().unwrap().rule, "review.arrest.release");

    let message = Office::arrest(&case, NOW);
    let refused = office.review().record_arrest(office.call(&handler(), message)).await;
    assert_refused(refused, Code::FailedPrecondition, "ARREST_NOT_APPROVED", &[]);

    // Ending a restraint never waits: an officer of another unit may record it too.
    let message = Office::release(&case, NOW);
    office.review().record_release(office.call(&outsider(), message)).await.unwrap();
    let now = office.now(&case).await;
    assert_eq!(now.suspects[0].stage(), MeasureStage::Released);
    assert!(now.suspects[0].period.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detention_is_extended_before_its_end_and_the_alarm_moves_with_it() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let extend = |extension: &str| ExtendDetentionRequest {
        request_id: fresh(),
        case_id: case.case_id.clone(),
        suspect_id: case.suspects[0].suspect_id.clone(),
        extension: extension.into(),
        ground: "流窜作案".into(),
        days: 0,
    };
    let unknown = office.call(&leader(), extend("for_ever"));
    let refused = office.review().extend_detention(unknown).await;
    assert_refused(refused, Code::FailedPrecondition, "DETENTION_EXTENSION_REFUSED", &[]);

    let granted = office.call(&leader(), extend("thirty_days"));
    let period = office.review().extend_detention(granted).await.unwrap().into_inner().period;
    assert_eq!(period.unwrap().due_at, "2026-02-04T15:59:59.999999Z");
    let mut admin = office.deployment.world().admin().await;
    let due: String = sqlx::query_scalar(
        "select to_char(due_at at time zone 'UTC', 'YYYY-MM-DD') from review.deadlines",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(due, "2026-02-04");
}
