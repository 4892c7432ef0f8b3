//! The season: every act of every case, in the order of time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use anyhow::Context as _;
use gongxin_law::{first_instant, legal_day};
use jiff::{SignedDuration, Timestamp};

use crate::office::Office;
use crate::sample::{Path, Sample};
use crate::story::Act;
use crate::suite::Suite;

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
pub(crate) struct Ledger {
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(crate) refusals: Vec<String>,
    pub(crate) paths: BTreeMap<Path, usize>,
    pub(crate) acts: usize,
    pub(crate) ended_at: Timestamp,
}

/// An act that waits for its time: instant, order of arrival, case, act.
type Waiting = Reverse<(Timestamp, usize, usize, Act)>;

/// Takes every case of the sample its way and goes on until the last clock of the story is done.
pub(crate) async fn run(suite: &mut Suite) -> anyhow::Result<Ledger> {
    let sample = Sample::read()?;
    let begins = suite.now();
    let mut ledger = Ledger::default();
    let mut waiting: BinaryHeap<Waiting> = BinaryHeap::new();
    let mut arrived = 0;
    for (index, case) in sample.cases.iter().enumerate() {
        *ledger.paths.entry(case.path).or_default() += 1;
        let told_at = begins + SignedDuration::from_mins(case.told_offset_minutes);
        let at = told_at + SignedDuration::from_mins(12);
        waiting.push(Reverse((at, index, index, Act::Register)));
        arrived = arrived.max(index);
    }
    println!("{} 件接报，{} 起", sample.cases.len(), local(begins));
    let mut office = Office::new(suite, &sample, &mut ledger, begins);
    let mut day = None;
    while let Some(Reverse((at, _, index, act))) = waiting.pop() {
        office.suite.advance(at).await?;
        if day != Some(legal_day(at)) {
            day = Some(legal_day(at));
            println!("── {} ──", legal_day(at));
        }
        let key = &sample.cases[index].key;
        let next = office.perform(index, act).await;
        let next = next.with_context(|| format!("{key}: {act:?} at {}", local(at)))?;
        if let Some((at, act)) = next {
            arrived += 1;
            waiting.push(Reverse((at.max(office.suite.now()), arrived, index, act)));
        }
    }
    // A fortnight later the procuratorate has decided everything and the shorter periods are over.
    let end = office.suite.now() + SignedDuration::from_hours(24 * 14);
    office.suite.advance(end).await?;
    ledger.ended_at = end;
    Ok(ledger)
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
