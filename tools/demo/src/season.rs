//! The season: every act of every case, in the order of time, and the script between them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use anyhow::Context as _;
use gongxin_law::{first_instant, legal_day};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::office::Office;
use crate::sample::{Path, Sample};
use crate::script;
use crate::story::Act;
use crate::suite::Suite;

/// When the clock begins: Monday, 22 December 2025, 00:00 in China, a fortnight before the season,
/// so that the season finds open cases.
pub const BEGINS: &str = "2025-12-21T16:00:00Z";

/// What became of one case of the sample.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) report_id: String,
    pub(crate) number: String,
    pub(crate) case_number: String,
    pub(crate) receipt: String,
    /// Suspects with a measure, by their ids in review.
    pub(crate) suspects: Vec<String>,
    pub(crate) requests: Vec<String>,
    pub(crate) exits: Vec<String>,
    /// End of the filing review, if one ran.
    pub(crate) due_at: Option<Timestamp>,
}

/// What became of all of them, and what was refused on the way as it had to be.
#[derive(Debug, Default)]
pub struct Ledger {
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(crate) refusals: Vec<String>,
    pub(crate) paths: BTreeMap<Path, usize>,
    pub(crate) acts: usize,
    /// Clues that people opened; every other one began with a finding.
    pub(crate) clues_opened: usize,
    pub(crate) ended_at: Timestamp,
}

/// An act that waits for its time: instant, order of arrival, case, act.
pub(crate) type Waiting = Reverse<(Timestamp, usize, usize, Act)>;

/// Takes every case of the sample its way, with the troubles of the script between them, and goes
/// on to the end of the season.
///
/// # Errors
/// The first call that was not answered as it had to be, with the case and the day.
pub async fn run(suite: &mut Suite, sample: &Sample) -> anyhow::Result<Ledger> {
    let begins = suite.now();
    let mut ledger = Ledger::default();
    let mut waiting: BinaryHeap<Waiting> = BinaryHeap::new();
    for (index, case) in sample.cases.iter().enumerate() {
        *ledger.paths.entry(case.path).or_default() += 1;
        let told_at = begins + SignedDuration::from_mins(case.told_offset_minutes);
        let at = told_at + SignedDuration::from_mins(12);
        waiting.push(Reverse((at, index, index, Act::Register)));
    }
    suite.tell(&format!("{} 件接报，{} 起", sample.cases.len(), legal_day(begins)));
    let mut office = Office::new(suite, sample, &mut ledger, begins, waiting);
    script::play(&mut office).await?;
    ledger.ended_at = suite.now();
    Ok(ledger)
}

impl Office<'_> {
    /// Goes to this hour of a day, doing on the way what the cases of the sample wait for.
    pub(crate) async fn until(&mut self, day: &str, hour: i64) -> anyhow::Result<()> {
        let day: Date = day.parse()?;
        let at = first_instant(day)? + SignedDuration::from_hours(hour);
        while self.waiting.peek().is_some_and(|Reverse((next, ..))| *next <= at) {
            let Some(Reverse((next, _, index, act))) = self.waiting.pop() else { break };
            self.go_to(next).await?;
            let key = &self.sample.cases[index].key;
            let followed = self.perform(index, act).await;
            let followed =
                followed.with_context(|| format!("{key}: {act:?} at {}", local(next)))?;
            if let Some((at, act)) = followed {
                self.wait(at.max(self.suite.now()), index, act);
            }
        }
        self.go_to(at).await
    }

    /// Puts an act of a case in line.
    pub(crate) fn wait(&mut self, at: Timestamp, index: usize, act: Act) {
        self.arrived += 1;
        self.waiting.push(Reverse((at, self.arrived, index, act)));
    }

    async fn go_to(&mut self, at: Timestamp) -> anyhow::Result<()> {
        self.suite.advance(at).await?;
        let day = legal_day(at);
        if self.day != Some(day) {
            self.day = Some(day);
            self.suite.tell(&format!("── {day} ──"));
        }
        Ok(())
    }
}

/// So many days after the day of `at`, at this time of day in China.
pub(crate) fn later(at: Timestamp, days: i32, hour: i64, minute: i64) -> anyhow::Result<Timestamp> {
    let mut day = legal_day(at);
    for _ in 0..days {
        day = day.tomorrow()?;
    }
    Ok(first_instant(day)? + SignedDuration::from_mins(60 * hour + minute))
}

/// Day and time in China, for people.
pub(crate) fn local(at: Timestamp) -> String {
    let of_day = at.duration_since(first_instant(legal_day(at)).unwrap_or(at)).as_mins();
    let day = legal_day(at);
    format!("{:02}-{:02} {:02}:{:02}", day.month(), day.day(), of_day / 60, of_day % 60)
}

/// The last day of a period, with its year: bail runs into the next.
pub(crate) fn last_day(at: Timestamp) -> String {
    let day = legal_day(at);
    format!("{day} {}", local(at).split(' ').nth(1).unwrap_or_default())
}
