//! Legal time: the instant that counts for periods, numbers and documents.
//!
//! Machine time (leases, time-outs, tokens) never comes from here.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// Gives the current legal instant, cut to the microsecond that the database keeps.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current legal instant.
    fn now(&self) -> Timestamp;

    /// Whether a person moves this clock; jumps are then meant, and no guard watches for them.
    fn is_manual(&self) -> bool {
        false
    }
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where legal time is read")]
    fn now(&self) -> Timestamp {
        to_micros(Timestamp::now())
    }
}

/// A clock that a person moves, shared by all processes through one small file.
///
/// The file holds one RFC 3339 instant and is replaced by rename, so a reader sees the old or
/// the new instant and never half of one. Only the runner of a demo or a test sets it.
#[derive(Clone, Debug)]
pub struct ManualClock {
    path: PathBuf,
}

impl ManualClock {
    /// Opens the clock that another process set; the file must be there and readable.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let clock = Self { path: path.into() };
        clock.read()?;
        Ok(clock)
    }

    /// Makes the clock stand at `at`, or moves it there.
    ///
    /// # Errors
    /// Besides I/O: moving backwards is `InvalidInput`, since legal time never runs back.
    pub fn set(path: impl AsRef<Path>, at: Timestamp) -> io::Result<Self> {
        let clock = Self { path: path.as_ref().to_path_buf() };
        if let Ok(before) = clock.read()
            && at < before
        {
            let message = format!("the clock stands at {before} and does not run back to {at}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let fresh = clock.path.with_extension(format!("{}.new", crate::new_uuid().simple()));
        std::fs::write(&fresh, to_micros(at).to_string())?;
        std::fs::rename(&fresh, &clock.path)?;
        Ok(clock)
    }

    fn read(&self) -> io::Result<Timestamp> {
        let text = std::fs::read_to_string(&self.path)?;
        text.trim().parse().map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
    }
}

impl Clock for ManualClock {
    /// # Panics
    /// When the file has gone: a process that no longer knows the time must not go on.
    fn now(&self) -> Timestamp {
        self.read().expect("the file of the manual clock stays in place while the suite runs")
    }

    fn is_manual(&self) -> bool {
        true
    }
}

fn to_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).expect("an instant cut to micros is in range")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_is_shared_and_never_runs_back() {
        let path = std::env::temp_dir().join(format!("gongxin-clock-{}", crate::new_uuid()));
        let noon: Timestamp = "2026-01-05T04:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-01-05T05:00:00Z".parse().unwrap();

        ManualClock::set(&path, noon).unwrap();
        let reader = ManualClock::open(&path).unwrap();
        assert_eq!(reader.now(), noon);
        ManualClock::set(&path, later).unwrap();
        assert_eq!(reader.now(), later);

        assert_eq!(ManualClock::set(&path, noon).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(reader.now(), later);
        std::fs::remove_file(path).unwrap();
    }
}
