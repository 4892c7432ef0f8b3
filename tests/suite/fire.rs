//! The short tier of the fault harness: every fault once, in three counties that burn at the same time.
//! The long tier is `cargo xtask chaos`.

use gongxin_tests::chaos::{Bus, Fault, Plan, lied_to, points, run};

/// Runs the plan; everything that must hold does.
async fn holds(plan: Plan) {
    let outcome = run(plan).await;
    println!("{outcome}");
    assert!(outcome.violations.is_empty(), "{outcome}");
}

#[tokio::test(flavor = "multi_thread")]
async fn services_killed_at_every_named_point_lose_and_repeat_nothing() {
    let faults: Vec<Fault> = points().into_iter().map(Fault::KilledAt).collect();
    holds(Plan::of(4, Bus::Single, &faults)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_whose_servers_fail_one_after_the_other_loses_and_repeats_nothing() {
    let faults = [
        Fault::PostgresKilled,
        Fault::BusKilled,
        Fault::Poison,
        Fault::Frozen("intake"),
        Fault::StoreLost,
        Fault::Slow("supervision"),
        Fault::LongWriter,
        Fault::Terminated("review"),
        Fault::Reordered,
        Fault::DiskFull,
        Fault::BusDiskFull,
        Fault::ClockJump,
        Fault::Tampered,
    ];
    holds(Plan::of(5, Bus::Single, &faults)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_loses_its_leader_and_its_quorum_loses_and_repeats_nothing() {
    let faults = [Fault::LeaderLost, Fault::TwoNodesLost, Fault::StoreLost];
    holds(Plan::of(6, Bus::Cluster, &faults)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_that_is_lied_to_says_so() {
    let lies = [
        ("I1", "update intake.reports set number = number || '0' where id in (select id from intake.reports limit 1)"),
        ("I2", "delete from supervision.recordings where id in (select id from supervision.recordings limit 1)"),
        ("I3", "update review.exits set document_number = replace(document_number, '1号', '91号')
                 where document_number like '%〕1号'"),
        ("I4", "update intake.requests set request_id = gen_random_uuid()
                 where request_id in (select request_id from intake.requests limit 1)"),
        ("I5", "update review.log set seq = seq + 1000000 where seq = 3"),
        ("I6", "update disclosure.checkpoints set recorded_at = recorded_at - interval '1 hour'
                 where size = (select max(size) from disclosure.checkpoints)"),
        ("I8", "delete from supervision.timeline where sequence = 2"),
        ("I9", "insert into disclosure.quarantine (source, seq, event_id, bureau, aggregate, type, envelope, reason, parked)
                values ('619921/intake', 1, gen_random_uuid(), '619921', gen_random_uuid(), '', '', '', false)"),
        ("I10", "update intake.deadlines set state = 'overdue' where id in (select id from intake.deadlines
                where state = 'running' and rule = 'intake.filing_review.criminal' limit 1)"),
        ("I12", "delete from disclosure.public_matters where report in (select report from disclosure.public_matters limit 1)"),
    ];
    let outcome = lied_to(7, &lies.map(|(_, lie)| lie)).await;
    for (invariant, lie) in lies {
        let found =
            outcome.violations.iter().any(|what| what.starts_with(&format!("{invariant}:")));
        assert!(found, "{invariant} is blind to {lie}\n{outcome}");
    }
}
