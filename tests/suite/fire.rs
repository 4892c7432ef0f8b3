//! The short tier of the fault harness: every fault once, in three counties that burn at the same time.
//! The long tier is `cargo xtask chaos`.

use gongxin_tests::chaos::{Bus, Fault, Plan, points, run};

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
