//! Wrong tries of each number: after five within an hour the right code is answered like a wrong
//! one until the hour is over.
//!
//! Kept in memory: 46 bits of a code are out of reach with a few restarts too.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Wrong tries of a number within an hour before it is locked.
pub(super) const MOST_WRONG: u32 = 5;

const HOUR: Duration = Duration::from_hours(1);

/// Numbers kept at most; beyond it the oldest are forgotten.
const MOST_NUMBERS: usize = 20_000;

/// Wrong tries by number. A number that does not exist counts like one that does.
#[derive(Debug, Default)]
pub(super) struct Tries(HashMap<String, (Instant, u32)>);

impl Tries {
    /// Whether the number is locked at `now`.
    pub(super) fn is_locked(&self, number: &str, now: Instant) -> bool {
        let tried = self.0.get(number);
        tried.is_some_and(|(since, wrong)| *wrong >= MOST_WRONG && now - *since < HOUR)
    }

    /// Counts a wrong try; the hour runs from the first.
    pub(super) fn wrong(&mut self, number: String, now: Instant) {
        if self.0.len() >= MOST_NUMBERS && !self.0.contains_key(&number) {
            self.forget(now);
        }
        let tried = self.0.entry(number).or_insert((now, 0));
        if now - tried.0 >= HOUR {
            *tried = (now, 0);
        }
        tried.1 += 1;
    }

    /// Makes room: what is over goes, and the older half where that is not enough.
    fn forget(&mut self, now: Instant) {
        self.0.retain(|_, (since, _)| now - *since < HOUR);
        if self.0.len() < MOST_NUMBERS {
            return;
        }
        let mut times: Vec<Instant> = self.0.values().map(|(since, _)| *since).collect();
        times.sort_unstable();
        let middle = times[times.len() / 2];
        self.0.retain(|_, (since, _)| *since > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_tries_lock_a_number_for_the_rest_of_the_hour() {
        let (mut tries, start) = (Tries::default(), Instant::now());
        for minute in 0..5 {
            assert!(!tries.is_locked("1", start));
            tries.wrong("1".into(), start + Duration::from_secs(60 * minute));
        }
        assert!(tries.is_locked("1", start + Duration::from_secs(3599)));
        assert!(!tries.is_locked("2", start));
        assert!(!tries.is_locked("1", start + HOUR));
        tries.wrong("1".into(), start + HOUR);
        assert!(!tries.is_locked("1", start + HOUR));
    }

    #[test]
    fn a_flood_of_numbers_does_not_fill_the_memory() {
        let (mut tries, start) = (Tries::default(), Instant::now());
        for n in 0..MOST_NUMBERS as u64 * 2 {
            tries.wrong(n.to_string(), start + Duration::from_millis(n));
        }
        assert!(tries.0.len() <= MOST_NUMBERS);
    }
}
