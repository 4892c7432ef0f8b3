//! `chaos`: the long tier of the fault harness, one seed after the other; `cargo xtask chaos` starts it.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use gongxin_tests::chaos::{Plan, run};

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let [first, seeds, minutes] = words[..] else {
        eprintln!("usage: chaos SEED SEEDS MINUTES");
        return ExitCode::from(2);
    };
    let end = Instant::now() + Duration::from_mins(minutes);
    let (mut done, mut broken) = (0, Vec::new());
    for seed in first..first.saturating_add(seeds) {
        if Instant::now() > end {
            break;
        }
        // Whoever ends us ends the county as well: its processes die with what is dropped here.
        let outcome = tokio::select! {
            outcome = run(Plan::drawn(seed)) => outcome,
            () = asked_to_end() => return ExitCode::FAILURE,
        };
        println!("{outcome}\n");
        done += 1;
        if !outcome.violations.is_empty() {
            broken.push(seed);
        }
    }
    if broken.is_empty() {
        println!("chaos: {done} seeds, every invariant holds");
        return ExitCode::SUCCESS;
    }
    println!("chaos: {done} seeds, violations with {broken:?}; again with --seed N --seeds 1");
    ExitCode::FAILURE
}

/// Waits for Ctrl-C or a request to end.
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => drop(terminated.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
