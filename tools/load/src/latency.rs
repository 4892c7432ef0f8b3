//! Latency at a steady rate: each call starts when it is due, not when the one before ended.

use std::future::Future;
use std::time::Duration;

use anyhow::Context as _;
use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Latencies in microseconds, three digits.
pub(crate) type Times = Histogram<u64>;

pub(crate) fn times() -> anyhow::Result<Times> {
    Histogram::new(3).context("a histogram")
}

/// Notes a duration.
pub(crate) fn note(times: &mut Times, time: Duration) {
    // A histogram that resizes itself takes every value.
    let _ = times.record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
}

/// The time in milliseconds that this part of all calls did not exceed.
pub(crate) fn at(times: &Times, part: f64) -> f64 {
    Duration::from_micros(times.value_at_quantile(part)).as_secs_f64() * 1000.0
}

/// Calls `rate` times a second for `time`; latency counts from the instant a call was due, so a
/// stall is paid by every call that it delays. Gives how many calls failed beside the times of the
/// others: under overload some are refused, and that is a figure too.
pub(crate) async fn open_loop<F>(
    rate: u32,
    time: Duration,
    mut call: impl FnMut(Instant) -> F,
) -> anyhow::Result<(Times, u32)>
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let begun = Instant::now();
    let beat = Duration::from_secs(1) / rate;
    let mut running = JoinSet::new();
    let mut due = begun;
    while due < begun + time {
        tokio::time::sleep_until(due).await;
        let (intended, future) = (due, call(due));
        running.spawn(async move { future.await.map(|()| intended.elapsed()) });
        due += beat;
    }
    let (mut all, mut failed) = (times()?, 0);
    while let Some(done) = running.join_next().await {
        match done? {
            Ok(time) => note(&mut all, time),
            Err(_) => failed += 1,
        }
    }
    Ok((all, failed))
}

/// Callers that each call again as soon as they have an answer; gives calls answered a second. One
/// that is refused under overload calls again and does not count.
///
/// # Errors
/// The last refusal when no call was answered.
pub(crate) async fn closed_loop<F>(
    callers: usize,
    time: Duration,
    call: impl Fn(usize) -> F + Clone + Send + 'static,
) -> anyhow::Result<(f64, Times)>
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let begun = Instant::now();
    let end = begun + time;
    let mut running = JoinSet::new();
    for caller in 0..callers {
        let call = call.clone();
        running.spawn(async move {
            let (mut own, mut refused) = (times()?, (0, None));
            while Instant::now() < end {
                let started = Instant::now();
                match call(caller).await {
                    Ok(()) => note(&mut own, started.elapsed()),
                    Err(error) => refused = (refused.0 + 1, Some(error)),
                }
            }
            Ok::<_, anyhow::Error>((own, refused))
        });
    }
    let (mut all, mut refused, mut why) = (times()?, 0, None);
    while let Some(done) = running.join_next().await {
        let (own, (others, other)) = done??;
        all.add(own).context("histograms of one kind")?;
        refused += others;
        why = other.or(why);
    }
    if let Some(error) = why {
        anyhow::ensure!(!all.is_empty(), "no call was answered: {error:#}");
        println!("  {refused} calls were refused, e.g. {error:#}");
    }
    Ok((per_second(all.len(), begun.elapsed()), all))
}

/// How many a second.
pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 things are counted")]
    let count = count as f64;
    count / time.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_stall_is_paid_by_every_call_it_delays() {
        let stalled = std::sync::Arc::new(tokio::sync::Mutex::new(()));
        let held = std::sync::Arc::clone(&stalled).lock_owned().await;
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(500)).await;
            drop(held);
        });

        let (times, failed) = open_loop(100, Duration::from_secs(1), |_| {
            let stalled = std::sync::Arc::clone(&stalled);
            async move {
                drop(stalled.lock().await);
                Ok(())
            }
        })
        .await
        .unwrap();

        assert_eq!((times.len(), failed), (100, 0));
        // Half of the calls were due while it stalled, and each waited for what was left of it.
        assert!((200.0..300.0).contains(&at(&times, 0.75)));
        assert!(at(&times, 0.9) < 500.0);
    }
}
